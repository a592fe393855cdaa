// SPDX-License-Identifier: MIT
// What the client ports give out of the message log: /asic and /verificationconf
// (evidence.md 5.1).
#include <chrono>
#include <future>
#include <regex>
#include <thread>

#include "base/files.hpp"
#include "case.hpp"
#include "evidence/zip_reader.hpp"
#include "evidence_kit.hpp"

namespace causeway::conformance {
namespace {

class Evidence : public EvidenceKit {};

// "evidence/<uuid>" in the form encoding of URLs.
std::string file_name(const std::string& id) { return "evidence%2F" + id.substr(9); }

TEST_F(Evidence, RequestAndResponse) {
  describes("a ZIP file with the containers of request and response, named by id and record; each is good");
  send_rest_message();
  const Answer answer = get(query("force"));
  expect_file(answer, "application/zip", "attachment; filename=\"" + file_name(id()) + ".zip\"");
  const auto containers = containers_in(answer.body);
  ASSERT_EQ(containers.size(), 2U);
  for (const auto& [name, content] : containers) expect_good(content);
  EXPECT_TRUE(std::regex_match(containers[0].first, std::regex(file_name(id()) + "-request-[0-9a-v]+\\.asice")));
  EXPECT_TRUE(std::regex_match(containers[1].first, std::regex(file_name(id()) + "-response-[0-9a-v]+\\.asice")));
  EXPECT_EQ(verify(containers[0].second).message->sender(), Country::shared().app());
  EXPECT_EQ(verify(containers[1].second).message->sender(), Country::shared().service());
}

TEST_F(Evidence, OneOfBoth) {
  describes("requestOnly and responseOnly: a ZIP file with that one, which its name says");
  send_rest_message();
  for (const std::string kind : {"request", "response"}) {
    const Answer answer = get(query(kind + "Only&force"));
    expect_file(answer, "application/zip", "attachment; filename=\"" + file_name(id()) + "-" + kind + ".zip\"");
    const auto containers = containers_in(answer.body);
    ASSERT_EQ(containers.size(), 1U);
    EXPECT_NE(containers[0].first.find("-" + kind + "-"), std::string::npos);
    expect_good(containers[0].second);
  }
}

TEST_F(Evidence, Unique) {
  describes("unique: the container itself, whatever value the flags have; the same octets every time");
  send_rest_message();
  for (const std::string kind : {"request", "response"}) {
    const Answer answer = get(query(kind + "Only=no&unique=false&force=0"));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(*answer.headers.find("content-type"), "application/vnd.etsi.asic-e+zip");
    EXPECT_TRUE(std::regex_match(
        *answer.headers.find("content-disposition"),
        std::regex("attachment; filename=\"" + file_name(id()) + "-" + kind + "-[0-9a-v]+\\.asice\"")));
    expect_good(answer.body);
    EXPECT_EQ(get(query(kind + "Only&unique&force")).body, answer.body);
    EXPECT_EQ(get(query(kind + "Only&unique")).body, answer.body);
  }
}

TEST_F(Evidence, OfTheProvidersServer) {
  describes("the provider's server gives out the same message, by the provider's identifier");
  send_rest_message();
  const auto& country = Country::shared();
  const Answer answer = get(country.provider_http(), query_of(country.service(), "requestOnly&unique&force"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  expect_good(answer.body);
  EXPECT_EQ(verify(answer.body).message->sender(), country.app());
  expect_refusal(get(country.provider_http(), query("force")), 401, "DEV/COM/consumer/app");
}

TEST_F(Evidence, OfABatchOfTimestamps) {
  describes("a record that was time-stamped together with others brings the hash chain of its time-stamp");
  send_rest_message();
  stamp_log();
  const Answer answer = get(query("responseOnly&unique"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto container = evidence::AsicContainer::read(as_bytes(answer.body));
  ASSERT_TRUE(container) << container.error().text;
  EXPECT_FALSE(container->timestamp.empty());
  EXPECT_FALSE(container->ts_hash_chain.empty());
  expect_good(answer.body);
}

TEST_F(Evidence, OfSoapWithAttachments) {
  describes("the container of a SOAP message holds no attachments, whose digests are signed");
  send_soap_message();
  const Answer answer = get(query("requestOnly&unique&force"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto report = verify(answer.body);
  EXPECT_TRUE(report.good());
  ASSERT_EQ(report.attachments.size(), 1U);
  EXPECT_FALSE(report.attachments[0].present);
  EXPECT_EQ(report.attachments[0].state, evidence::CheckState::unverified);
}

TEST_F(Evidence, OfALargeBody) {
  describes("a body as large as the log takes comes out octet for octet");
  constexpr std::size_t kSize = Country::kLoggedBody - 1000;
  send_rest_message(kSize);
  const Answer answer = get(query("requestOnly&unique&force"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto report = verify(answer.body);
  EXPECT_TRUE(report.good());
  ASSERT_EQ(report.attachments.size(), 1U);
  EXPECT_EQ(report.attachments[0].size, kSize);
}

TEST_F(Evidence, SameIdTwice) {
  describes("an id that was used again: all of them in the ZIP file, the first one with unique");
  send_rest_message(10);
  send_rest_message(20);
  const auto containers = containers_in(get(query("requestOnly&force")).body);
  ASSERT_EQ(containers.size(), 2U);
  EXPECT_EQ(verify(containers[0].second).attachments[0].size, 10U);
  EXPECT_EQ(verify(containers[1].second).attachments[0].size, 20U);
  EXPECT_EQ(get(query("requestOnly&unique")).body, containers[0].second);
}

TEST_F(Evidence, NotYetTimestamped) {
  expects("a message without its time-stamp", "HTTP 500");
  send_rest_message();
  for (const char* flags : {"", "requestOnly", "requestOnly&unique"})
    expect_refusal(get(query(flags)), 500, "Message signature has not been timestamped yet!");
}

TEST_F(Evidence, ForceWithoutATimestampingService) {
  expects("the same with force, when no time-stamp can be had; with it as soon as the service is back", "HTTP 500");
  send_rest_message();
  Country::shared().timestamping().answer_with(
      [](const ServiceRequest&) { return http_answer("text/plain", "", 503); });
  expect_refusal(get(query("force")), 500, "cannot be time-stamped now");
  Country::shared().grant_timestamps();
  EXPECT_EQ(get(query("force")).status, 200);
}

TEST_F(Evidence, NothingLogged) {
  expects("an id under which nothing is logged, or by another client, or only the other kind", "HTTP 404");
  expect_refusal(get(query("")), 404, "No signed documents found");
  expect_refusal(get(query("requestOnly&unique&force")), 404, "No signed documents found");
  send_rest_message();
  const auto member = *ClientId::make("DEV", "COM", "consumer"),
             another = *ClientId::make("DEV", "COM", "consumer", "sub/system");
  for (const ClientId& owner : {member, another}) expect_refusal(get(query_of(owner, "force")), 404, "No signed");
}

TEST_F(Evidence, MissingParameters) {
  expects("without one of queryId, xRoadInstance, memberClass, memberCode, which it names", "HTTP 400");
  const std::string whole = query("");
  for (const std::string name : {"queryId", "xRoadInstance", "memberClass", "memberCode"}) {
    const auto from = whole.find(name);
    std::string without = whole;
    without.replace(from, name.size(), "other");
    expect_refusal(get(without), 400, name);
  }
  expect_refusal(get("/asic"), 400, "xRoadInstance");
  expect_refusal(get("/asic?"), 400, "xRoadInstance");
  expect_refusal(get("/asic?QUERYID=1&xroadinstance=DEV"), 400, "xRoadInstance");
}

TEST_F(Evidence, ContradictoryParameters) {
  expects("requestOnly with responseOnly, before anything is looked for; unique with neither, afterwards", "HTTP 400");
  expect_refusal(get(query("requestOnly&responseOnly")), 400, "exclude each other");
  expect_refusal(get(query("unique")), 404, "No signed documents found");
  send_rest_message();
  expect_refusal(get(query("unique")), 500, "not been timestamped");
  expect_refusal(get(query("unique&force")), 400, "unique");
}

TEST_F(Evidence, MalformedParameters) {
  expects("parameters that cannot be decoded, or are no identifier", "HTTP 400");
  for (const std::string broken : {"%", "%4", "%zz", "%ff", "%c3", "%ed%a0%80", "%u0041"})
    expect_refusal(get("/asic?queryId=" + broken + "&xRoadInstance=DEV&memberClass=COM&memberCode=consumer"), 400,
                   "query");
  expect_refusal(get("/asic?queryId=1&xRoadInstance=&memberClass=COM&memberCode=consumer"), 400, "");
  expect_refusal(get("/asic?queryId=1&xRoadInstance=DEV&memberClass=%20&memberCode=consumer"), 400, "");
  expect_refusal(get("/asic?queryId=1&xRoadInstance=DEV&memberClass=COM&memberCode=consumer&subsystemCode="), 400,
                 "subsystemCode");
  const std::string whole = "/asic?xRoadInstance=DEV&memberClass=COM&memberCode=consumer&subsystemCode=app&queryId=";
  for (const std::string& odd : {std::string("%00"), std::string("%0d%0aSet-Cookie:x"), std::string("..%2f..%2fetc"),
                                 std::string("'%20OR%201=1"), std::string(7000, 'x')})
    expect_refusal(get(whole + odd), 404, "No signed documents found");
}

TEST_F(Evidence, UnknownClient) {
  expects("a client that this server does not have", "HTTP 401");
  for (const char* owner : {"DEV/COM/provider/service", "DEV/COM/consumer/nobody", "EE/COM/consumer/app"})
    expect_refusal(get(query_of(*ClientId::parse_rest(owner), "")), 401, owner);
}

// Connection types (messages.md 2.2)

TEST_F(Evidence, PlainHttp) {
  expects("plain HTTP for a client that is set to HTTPS, with certificate or without", "HTTP 401");
  for (const char* owner : {"DEV/COM/consumer/tlsonly", "DEV/COM/consumer/secure"})
    expect_refusal(get(query_of(*ClientId::parse_rest(owner), "")), 401, owner);
  // Also when more is wrong: who is not let in learns nothing else.
  expect_refusal(get("/asic?xRoadInstance=DEV&memberClass=COM&memberCode=consumer&subsystemCode=secure"), 401,
                 "secure");
}

TEST_F(Evidence, ClientCertificate) {
  expects("HTTPS without the client's certificate, with another one, or of a client that has none", "HTTP 401");
  Country& country = Country::shared();
  const auto as = [&](const char* subsystem, const Identity* identity) {
    return get(country.consumer_https(), query_of(*ClientId::make("DEV", "COM", "consumer", subsystem), ""), true,
               identity);
  };
  expect_refusal(as("secure", nullptr), 401, "secure");
  expect_refusal(as("secure", &country.stranger()), 401, "secure");
  expect_refusal(as("uncertified", &country.information_system()), 401, "uncertified");
  also_expects("let in: its own, an expired one, none where none is asked for, the server's own");
  expect_refusal(as("secure", &country.information_system()), 404, "No signed");
  expect_refusal(as("expired", &country.expired()), 404, "No signed");
  expect_refusal(as("tlsonly", nullptr), 404, "No signed");
  expect_refusal(as("app", &country.stranger()), 404, "No signed");
  const auto ssl = country.consumer_directory() / "ssl";
  const Identity internal{*pki::PrivateKey::from_pem(*read_file(ssl / "internal.key")),
                          *pki::Certificate::from_pem(*read_file(ssl / "internal.crt")),
                          {}};
  expect_refusal(as("secure", &internal), 404, "No signed");
  expect_refusal(as("uncertified", &internal), 404, "No signed");
}

TEST_F(Evidence, TooManyAtOnce) {
  expects("more than 64 downloads at a time, here of callers who wait for a time-stamp", "HTTP 503");
  send_rest_message();
  std::promise<void> released;
  Country::shared().timestamping().answer_with([release = released.get_future().share()](const ServiceRequest&) {
    release.wait();
    return http_answer("text/plain", "", 503);
  });
  std::vector<std::thread> callers;
  for (int i = 0; i < 64; ++i)
    callers.emplace_back([this] { expect_refusal(get(query("force")), 500, "cannot be time-stamped now"); });
  Answer answer;
  for (int attempt = 0; attempt < 600 && answer.status != 503; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    answer = get("/verificationconf");
  }
  expect_refusal(answer, 503, "ask again later");
  released.set_value();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(get("/verificationconf").status, 200);
}

TEST_F(Evidence, OutdatedGlobalConfiguration) {
  const auto code = expects("while the global configuration is outdated, for both paths: a SOAP fault",
                            "server.clientproxy.global_conf_outdated");
  const globalconf::ConfigurationDirectory directory(Country::shared().consumer_directory() / "globalconf");
  const auto file = directory.file("DEV", "private-params.xml");
  const auto valid = *globalconf::ConfigurationDirectory::metadata_of(file);
  auto outdated = valid;
  outdated.expires = now() - std::chrono::hours(1);
  ASSERT_TRUE(directory.save_metadata(file, outdated));
  const auto wait_for = [this](const std::string& wanted) {
    for (int attempt = 0; attempt < 600 && get(query("")).fault_code() != wanted; ++attempt)
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
  };
  wait_for(code);
  for (const std::string& target : {query(""), std::string("/asic"), std::string("/verificationconf")}) {
    const Answer answer = get(target);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.fault_code(), code) << answer.body;
  }
  ASSERT_TRUE(directory.save_metadata(file, valid));
  wait_for("");
  EXPECT_EQ(get("/verificationconf").status, 200);
  expect_refusal(get(query("")), 404, "No signed documents found");
}

TEST_F(Evidence, OtherMethodsAndPaths) {
  const auto code = expects("any other method, or a path that is not exactly this", "client.invalid_http_method");
  for (const std::string& target : {query(""), std::string("/verificationconf")}) {
    net::RequestHead head;
    head.method = "PUT";
    head.target = target;
    EXPECT_EQ(send(Country::shared().consumer_http(), nullptr, head, "").fault_code(), code);
  }
  for (const char* path : {"/asic/", "/ASIC", "/asic/x", "/verificationconf/", "/x/asic"})
    EXPECT_EQ(get(path).fault_code(), code) << path;
}

TEST_F(Evidence, VerificationConfiguration) {
  describes("/verificationconf: shared parameters of every instance, to everybody, whatever the query says");
  for (const char* target : {"/verificationconf", "/verificationconf?x=%zz"}) {
    const Answer answer = get(target);
    expect_file(answer, "application/zip", "filename=\"verificationconf.zip\"");
    const auto entries = containers_in(answer.body);
    ASSERT_EQ(entries.size(), 3U);
    EXPECT_EQ(entries[0].first, "verificationconf/DEV/shared-params.xml");
    EXPECT_EQ(entries[0].second,
              *read_file(Country::shared().consumer_directory() / "globalconf/DEV/shared-params.xml"));
    EXPECT_EQ(entries[1].first, "verificationconf/DEV/shared-params.xml.metadata");
    EXPECT_EQ(entries[1].second, R"({"configurationVersion":"6"})");
    EXPECT_EQ(entries[2].first, "verificationconf/instance-identifier");
    EXPECT_EQ(entries[2].second, "DEV");
  }
}

}  // namespace
}  // namespace causeway::conformance
