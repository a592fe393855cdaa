// SPDX-License-Identifier: MIT
// Messages that no goal speaks of: SOAP, and bodies of 100 KB and 10 MB.
#include <fmt/format.h>

#include <algorithm>

#include "bench/stage.hpp"
#include "ecosystem/soap_request.hpp"

namespace causeway::bench {
namespace {

constexpr std::size_t kRounds = 2;
constexpr std::chrono::milliseconds kTime{1500}, kQuickTime{400};
constexpr std::size_t kLargeConnections = 4;

struct Kind {
  std::string name;
  std::size_t connections;
  // Of a round; 0: as many as fit into its time. Large ones are counted: few fit.
  std::uint64_t requests;
  LoadRequest direct, nginx, causeway;
};

// "FI/GOV/1/lab/echo/v1"
Result<ServiceId> service_of(const std::string& text) {
  const auto slash = text.rfind('/');
  auto plain = ServiceId::parse_rest(text.substr(0, slash));
  if (!plain) return plain;
  return ServiceId::make(plain->client(), plain->code(), text.substr(slash + 1));
}

Result<Kind> soap_echo(const TestBed& bed, std::size_t connections) {
  const auto client = ClientId::parse_rest(bed.ecosystem->client());
  if (!client) return client.error();
  const auto service = service_of(bed.ecosystem->soap_service());
  if (!service) return service.error();
  const std::string text(1024, 'x');
  LoadRequest request{.url = bed.ecosystem->registers_url() + "/soap/echo",
                      .method = "POST",
                      .headers = {{"Content-Type", "text/xml; charset=utf-8"}, {"SOAPAction", "\"\""}},
                      .body = ecosystem::soap_request(
                          *client, *service, "bench",
                          R"(<e:echo xmlns:e="urn:causeway:echo:1"><e:text>)" + text + "</e:text></e:echo>")};
  Kind kind{"SOAP, 1 KB of text", connections, 0, request, request, request};
  kind.nginx.url = bed.nginx->url() + "/soap/echo";
  kind.causeway.url = bed.ecosystem->consumer().consumer_url + "/";
  return kind;
}

Kind object(const TestBed& bed, const std::string& name, const std::string& object, std::size_t connections,
            std::uint64_t requests = 0) {
  return {name,
          connections,
          requests,
          plain_object(bed.ecosystem->registers_url(), object),
          plain_object(bed.nginx->url(), object),
          signed_object(*bed.ecosystem, object)};
}

Kind upload(const TestBed& bed, const std::string& name, std::uint64_t size, std::size_t connections,
            std::uint64_t requests = 0) {
  Kind kind = object(bed, name, "", connections, requests);
  for (LoadRequest* request : {&kind.direct, &kind.nginx, &kind.causeway}) {
    request->method = "POST";
    request->headers.emplace_back("Content-Type", "application/octet-stream");
    request->filling = size;
  }
  return kind;
}

class OtherMessages {
 public:
  OtherMessages(Stage& stage, TestBed bed) : stage_(stage), bed_(std::move(bed)) {}

  Result<void> run() {
    const std::size_t most = stage_.most_connections();
    const std::uint64_t large = stage_.options().quick ? kLargeConnections : 5 * kLargeConnections;
    auto soap = soap_echo(bed_, most);
    if (!soap) return soap.error();
    const std::vector<Kind> kinds{*std::move(soap),
                                  object(bed_, "REST GET, 100 KB", "100k", std::min<std::size_t>(most, 64)),
                                  upload(bed_, "REST POST, 100 KB", 100'000, std::min<std::size_t>(most, 64)),
                                  object(bed_, "REST GET, 10 MB", "10M", kLargeConnections, large),
                                  upload(bed_, "REST POST, 10 MB", 10'000'000, kLargeConnections, large)};
    for (const Kind& kind : kinds) {
      if (auto measured = measure(kind); !measured) return measured;
    }
    stage_.report().tables.push_back(std::move(table_));
    return {};
  }

 private:
  Result<void> measure(const Kind& kind) {
    stage_.progress(fmt::format("{} over {} connections", kind.name, kind.connections));
    const std::vector<Target> targets{{.name = "direct", .request = kind.direct},
                                      {.name = "nginx", .request = kind.nginx},
                                      {.name = "Causeway", .request = kind.causeway}};
    RoundPlan plan = stage_.plan(kind.connections);
    plan.rounds = std::min(plan.rounds, stage_.options().quick ? 1 : kRounds);
    plan.shape.duration = stage_.options().quick ? kQuickTime : kTime;
    plan.shape.requests = kind.requests;
    const auto rounds = interleave(targets, plan, [this] { return bed_.check_alive(); });
    if (!rounds) return rounds.error();
    stage_.note_failures(kind.connections, targets, *rounds);
    const double unsigned_rate = rate_of((*rounds)[1]);
    for (std::size_t i = 0; i < targets.size(); ++i) add_row(kind, targets[i].name, (*rounds)[i], unsigned_rate);
    return {};
  }

  static double rate_of(const std::vector<Round>& rounds) {
    return median_of(figures(rounds, [](const Round& round) { return round.load.rate(); }));
  }

  void add_row(const Kind& kind, const std::string& name, const std::vector<Round>& rounds, double unsigned_rate) {
    const auto percentile = [&](double percent) {
      return median_of(figures(rounds, [&](const Round& round) { return round.load.latency.percentile_ms(percent); }));
    };
    const double octets = static_cast<double>(kind.direct.filling + kind.direct.body.size());
    const double moved = median_of(figures(rounds, [&](const Round& round) {
      const auto answered = static_cast<double>(std::max<std::uint64_t>(1, round.load.answered));
      return round.load.rate() * (octets + static_cast<double>(round.load.octets) / answered) / 1e6;
    }));
    const double rate = rate_of(rounds);
    table_.rows.push_back({kind.name, static_cast<double>(kind.connections), name, rate, moved, percentile(50),
                           percentile(99), unsigned_rate > 0 ? rate / unsigned_rate : 0});
  }

  Stage& stage_;
  TestBed bed_;
  Table table_{
      .title = "Other messages, RSA-2048, keep-alive",
      .columns = {"message", "connections", "measure", "requests/s", "MB/s both ways", "p50 ms", "p99 ms", "of nginx"},
      .rows = {}};
};

}  // namespace

Result<void> measure_other_messages(Stage& stage) {
  auto bed = stage.start_test_bed("rsa2048");
  if (!bed) return bed.error();
  return OtherMessages(stage, std::move(*bed)).run();
}

}  // namespace causeway::bench
