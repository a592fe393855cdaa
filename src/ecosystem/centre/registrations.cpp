// SPDX-License-Identifier: MIT
#include "ecosystem/centre/registrations.hpp"

#include <fmt/format.h>

#include <future>
#include <map>
#include <mutex>

#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_json.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/server_processes.hpp"
#include "ecosystem/works.hpp"
#include "globalconf/view.hpp"
#include "securityserver/internal_tls.hpp"
#include "securityserver/management/request_sender.hpp"
#include "signer/run.hpp"

namespace causeway::ecosystem {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using securityserver::CentreRequest;
using securityserver::CentreService;

// Between requests: what was refused is in logs.
constexpr std::chrono::milliseconds kPause{100};

// Of one instance.
class Registrar {
 public:
  Registrar(CentreInterface& centre, const Layout& layout, const PlannedInstance& instance, const Ports& ports,
            const KeepWaiting& keep_waiting, std::chrono::seconds limit)
      : centre_(centre),
        layout_(layout),
        instance_(instance),
        ports_(ports),
        keep_waiting_(keep_waiting),
        limit_(limit) {}

  Result<void> run() {
    auto done = for_every_server([this](const PlannedServer& server) { return register_server(server); });
    if (!done) return done;
    auto told = ask("POST", "/management-services-configuration/register-provider",
                    json::object{{"security_server_id", centralserver::encoded_id(instance_.provider.id)}});
    if (!told) return told;
    publish();
    done = for_every_server([this](const PlannedServer& server) { return register_clients(server); });
    if (!done) return done;
    json::array members;
    for (const ClientId& client : instance_.partners.members) members.emplace_back(centralserver::encoded_id(client));
    told = ask("POST", fmt::format("/global-groups/{}/members/add", instance_.partners.code),
               json::object{{"items", std::move(members)}});
    publish();
    return told;
  }

 private:
  template <class Work>
  Result<void> for_every_server(const Work& work) {
    std::vector<std::future<Result<void>>> works;
    for (const PlannedServer* server : instance_.servers())
      works.push_back(std::async(std::launch::async, [server, &work] { return work(*server); }));
    return all_of(std::move(works));
  }

  Result<void> ask(const std::string& method, const std::string& path, const json::value& body = nullptr) {
    const std::lock_guard lock(mutex_);
    const auto answer = centre_.ask(method, path, body);
    return answer ? Result<void>() : answer.error();
  }
  void publish() const { hasten(layout_.central(instance_), "center"); }

  Result<void> register_server(const PlannedServer& server) {
    const auto attempt = [&]() -> Result<void> {
      auto signer = signer::SignerConnection::open(signer::signer_socket(layout_.server(instance_, server)));
      if (!signer) return signer.error();
      const auto tokens = signer->list_tokens();
      if (!tokens) return tokens.error();
      for (const signer::KeyInfo& key : tokens->front().keys) {
        if (key.usage != signer::KeyUsage::authentication || key.certificates.empty()) continue;
        const auto& certificate = key.certificates.front();
        const CentreRequest request{.service = CentreService::authCertReg,
                                    .server = server.id,
                                    .address = server.address,
                                    .certificate = certificate.certificate.der()};
        if (auto sent = send(server, request, *signer); !sent) return sent;
        return signer->set_status(certificate.id, signer::kStatusRegistrationInProgress);
      }
      return fault(FaultCode::internal_error, "it has no authentication key");
    };
    return retry(attempt, "the registration of " + server.id.to_string(), keep_waiting_, limit_, kPause);
  }

  // The others wait for the provider of the management services to be known.
  Result<void> register_clients(const PlannedServer& server) {
    const auto directory = layout_.server(instance_, server);
    for (const PlannedClient& client : server.clients) {
      if (!client.registered || client.id == instance_.management) continue;
      const CentreRequest request{
          .service = CentreService::clientReg, .server = server.id, .client = client.id, .subsystem_name = client.name};
      const auto attempt = [&]() -> Result<void> {
        auto signer = signer::SignerConnection::open(signer::signer_socket(directory));
        if (!signer) return signer.error();
        auto sent = send(server, request, *signer);
        if (!sent) look_again();
        return sent;
      };
      auto registered = retry(attempt, "the registration of " + client.id.to_string(), keep_waiting_, limit_, kPause);
      if (!registered) return registered;
    }
    return {};
  }

  // All servers of the instance, but not more often than they can.
  void look_again() {
    const std::lock_guard lock(mutex_);
    const auto at = std::chrono::steady_clock::now();
    if (at < looked_ + 300ms) return;
    looked_ = at;
    for (const PlannedServer* server : instance_.servers()) hasten(layout_.server(instance_, *server), "admin");
  }

  Result<void> send(const PlannedServer& server, const CentreRequest& request, signer::SignerConnection& signer) {
    const auto directory = layout_.server(instance_, server);
    const auto view = globalconf::load_view((directory / "globalconf").string());
    if (!view) return view.error();
    auto identity = securityserver::internal_tls_identity((directory / "ssl").string(), server.address);
    if (!identity) return identity.error();
    securityserver::OcspCache ocsp((directory / "ocsp").string());
    ocsp.reload();
    securityserver::SenderSettings settings{.proxy = {server.address, ports_.consumer_https},
                                            .identity = *std::move(identity)};
    const auto number = securityserver::RequestSender(std::move(settings), signer, ocsp).send(request, **view);
    if (!number) return number.error();
    return ask("POST", fmt::format("/management-requests/{}/approval", *number));
  }

  CentreInterface& centre_;
  const Layout& layout_;
  const PlannedInstance& instance_;
  const Ports& ports_;
  const KeepWaiting& keep_waiting_;
  const std::chrono::seconds limit_;
  std::mutex mutex_;  // the interface, and when servers were told to look
  std::chrono::steady_clock::time_point looked_;
};

// All clients and groups of an instance, as a server of any instance sees them.
Result<void> check_known(const globalconf::View& view, const PlannedInstance& instance) {
  const auto missing = [&](const std::string& what) {
    return fault(FaultCode::global_conf_outdated, what + " is not in the configuration yet");
  };
  for (const PlannedServer* server : instance.servers()) {
    const globalconf::ServerEntry* entry = view.server(server->id);
    if (entry == nullptr) return missing(server->id.to_string());
    for (const PlannedClient& client : server->clients)
      if (client.registered && !view.serves(*entry, client.id)) return missing(client.id.to_string());
  }
  for (const ClientId& client : instance.partners.members)
    if (!view.in_global_group({instance.id, instance.partners.code}, client))
      return missing("the group " + instance.partners.code);
  return {};
}

}  // namespace

Result<void> register_servers(CentreInterface& centre, const Layout& layout, const PlannedInstance& instance,
                              const Ports& ports, const KeepWaiting& keep_waiting, std::chrono::seconds limit) {
  return Registrar(centre, layout, instance, ports, keep_waiting, limit).run();
}

Result<void> wait_for_registrations(const Plan& plan, const Layout& layout, const KeepWaiting& keep_waiting,
                                    std::chrono::seconds limit) {
  std::vector<std::future<Result<void>>> works;
  for (const PlannedInstance& instance : plan.instances)
    for (const PlannedServer* server : instance.servers())
      works.push_back(std::async(std::launch::async, [&, server, directory = layout.server(instance, *server)] {
        auto looked = std::chrono::steady_clock::time_point();
        const auto attempt = [&]() -> Result<void> {
          const auto view = globalconf::load_view((directory / "globalconf").string());
          Result<void> known = view ? Result<void>() : Result<void>(view.error());
          for (const PlannedInstance& each : plan.instances)
            if (known) known = check_known(**view, each);
          if (const auto at = std::chrono::steady_clock::now(); !known && at > looked + 300ms) {
            looked = at;
            hasten(directory, "admin");
          }
          return known;
        };
        return retry(attempt, server->id.to_string(), keep_waiting, limit);
      }));
  return all_of(std::move(works));
}

}  // namespace causeway::ecosystem
