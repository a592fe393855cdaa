// SPDX-License-Identifier: MIT
// Tokens, signing keys, anchors, parts and alerts, with a signer in this process.
#include <atomic>
#include <regex>

#include "base/files.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/registry/configuration_generations.hpp"
#include "centralserver/registry/configuration_parts.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/signing_keys.hpp"
#include "globalconf/anchor.hpp"
#include "globalconf/optional_parts.hpp"
#include "unit/centralserver/api/api_fixture.hpp"
#include "unit/signer/running_signer.hpp"

namespace causeway::centralserver {
namespace {

class ServerApi : public CentralServerApi {
 protected:
  void add_more(admin::Router& router) override {
    add_server_operations(router, registries_,
                          {.signer = [this] { return signer::SignerConnection::open(signer_.directory.socket()); },
                           .generation = [this] { return latest_.get(); },
                           .wake_generation = [this] { ++woken_; },
                           .ports = {.http = 8080, .https = 443},
                           .internal_keys_are_rsa = false,
                           .external_keys_are_rsa = false,
                           .version = "1.2.3"});
  }
  static std::string pin() { return R"({"password":")" + std::string(signer::kPin) + R"("})"; }
  Reply login() const { return security("PUT", "/tokens/0/login", pin()); }
  // Its id.
  std::string add_key(const std::string& source) const {
    const Reply added = security("POST", "/configuration-sources/" + source + "/signing-keys",
                                 R"({"key_label":"a key","token_id":"0"})");
    EXPECT_EQ(added.status, 200) << added.body;
    const auto begin = added.body.find(R"("id":")") + 6;
    return added.body.substr(begin, added.body.find('"', begin) - begin);
  }
  // A member with a subsystem.
  void add_agency() const {
    ASSERT_EQ(
        officer("POST", "/members", R"({"member_name":"Agency","member_id":{"member_class":"GOV","member_code":"1"}})")
            .status,
        201);
    ASSERT_EQ(officer("POST", "/subsystems",
                      R"({"subsystem_id":{"member_class":"GOV","member_code":"1","subsystem_code":"mgmt"}})")
                  .status,
              201);
  }
  // What curl makes of `fields`.
  Reply upload_form(const std::string& path, const std::string& fields) const {
    const std::string text =
        net::run_command("curl -s -o - -w '\n%{http_code}' --max-time 20 " + fields +
                         " -H 'Authorization: X-Road-ApiKey token=" + secrets_.at("XROAD_SECURITY_OFFICER") +
                         "' 'http://127.0.0.1:" + std::to_string(http_->port()) + "/api/v1" + path + "'");
    const auto last = text.rfind('\n');
    return {std::atoi(text.c_str() + last + 1), text.substr(0, last)};
  }
  std::string alerts() const { return officer("GET", "/notifications/alerts").body; }
  static std::string alert(const std::string& code) { return R"({"errorCode":")" + code + R"("})"; }

  signer::RunningSigner signer_;
  LatestGeneration latest_;
  std::atomic<int> woken_ = 0;
};

TEST_F(ServerApi, TellsOfTheServer) {
  EXPECT_EQ(officer("GET", "/system/version").body, R"({"info":"1.2.3"})");
  const std::string begun =
      R"({"instance_identifier":"EX","central_server_address":"cs.example.org","software_token_init_status":"INITIALIZED"})";
  EXPECT_EQ(officer("GET", "/initialization/status").body, begun);
  EXPECT_EQ(officer("GET", "/system/status").body,
            R"({"high_availability_status":{"is_ha_configured":false,"node_name":"node_0"},"initialization_status":)" +
                begun + "}");
  signer_.stop();
  EXPECT_NE(officer("GET", "/initialization/status").body.find("UNKNOWN"), std::string::npos);
}

TEST_F(ServerApi, BeginsOnce) {
  const std::string body = R"({"instance_identifier":"EX","central_server_address":"cs.example.org",)"
                           R"("software_token_pin":"1234"})";
  EXPECT_EQ(security("POST", "/initialization", body).body, error(409, "init_already_initialized"));
  EXPECT_EQ(officer("POST", "/initialization", body).status, 403);
}

TEST_F(ServerApi, TheClusterIsWellWhenEveryNodeMakesItsConfiguration) {
  const auto status = [&] { return officer("GET", "/system/high-availability-cluster/status").body; };
  EXPECT_NE(status().find(R"("nodes":[{"node_name":"node_0","node_address":"cs.example.org","status":"UNKNOWN"}])"),
            std::string::npos)
      << status();
  ASSERT_TRUE(note_generation(open(), now()));
  EXPECT_NE(status().find(R"("all_nodes_ok":true)"), std::string::npos) << status();
  ASSERT_TRUE(note_generation(open(), now() - std::chrono::minutes(2)));
  EXPECT_NE(status().find(R"("status":"WARN")"), std::string::npos);
  ASSERT_TRUE(note_generation(open(), now() - std::chrono::minutes(11)));
  EXPECT_NE(status().find(R"("status":"ERROR")"), std::string::npos);
}

TEST_F(ServerApi, TokensAreLoggedInToAndOutOf) {
  EXPECT_EQ(login().body, error(400, "token_action_not_possible")) << "the fixture is";
  const Reply out = security("PUT", "/tokens/0/logout");
  EXPECT_NE(out.body.find(R"("logged_in":false)"), std::string::npos) << out.body;
  EXPECT_NE(out.body.find(R"("possible_actions":["LOGIN")"), std::string::npos) << out.body;
  EXPECT_EQ(security("PUT", "/tokens/0/logout").body, error(400, "token_action_not_possible"));
  EXPECT_EQ(security("PUT", "/tokens/0/login", R"({"password":"wrong"})").body, error(400, "token_activation_failed"));
  EXPECT_EQ(woken_, 0);
  EXPECT_NE(login().body.find(R"("logged_in":true)"), std::string::npos);
  EXPECT_EQ(woken_, 1);
  EXPECT_EQ(security("PUT", "/tokens/9/login", pin()).body, error(404, "token_not_found"));
  EXPECT_EQ(security("PUT", "/tokens/0/login", R"({"password":""})").body, wrong("tokenPasswordDto.password", "Size"));
  EXPECT_EQ(officer("PUT", "/tokens/0/login", pin()).status, 403);
  EXPECT_EQ(officer("PUT", "/tokens/0/logout").status, 403);
  signer_.stop();
  EXPECT_EQ(login().body, error(500, "signer_proxy_error"));
  EXPECT_EQ(security("GET", "/tokens").body, error(500, "token_fetch_failed"));
}

TEST_F(ServerApi, KeysAreAddedActivatedAndDeleted) {
  const std::string first = add_key("INTERNAL"), second = add_key("INTERNAL");
  const std::string path = "/signing-keys/";
  EXPECT_EQ(
      security("POST", "/configuration-sources/INTERNAL/signing-keys", R"({"key_label":"x","token_id":"0"})").body,
      error(400, "token_action_not_possible"))
      << "two are enough";
  add_key("EXTERNAL");
  EXPECT_EQ(security("DELETE", path + first).body, error(400, "signing_key_action_not_possible"));
  EXPECT_EQ(security("PUT", path + first + "/activate").body, error(400, "signing_key_action_not_possible"));
  EXPECT_EQ(security("PUT", path + second + "/activate").status, 204);
  ASSERT_EQ(security("PUT", "/tokens/0/logout").status, 200);
  EXPECT_EQ(security("DELETE", path + first).body, error(400, "signing_key_action_not_possible")) << "logged out";
  ASSERT_EQ(login().status, 200);
  EXPECT_EQ(security("DELETE", path + first).status, 204);
  EXPECT_EQ(security("DELETE", path + first).body, error(404, "signing_key_not_found"));
  EXPECT_EQ(security("PUT", path + "none/activate").body, error(404, "signing_key_not_found"));
  auto connection = signer_.connect();
  EXPECT_EQ(connection.list_tokens()->at(0).keys.size(), 2U) << "the signer has it no more";
  EXPECT_NE(security("GET", "/tokens").body.find(second), std::string::npos);
  EXPECT_EQ(officer("DELETE", path + second).status, 403);
}

TEST_F(ServerApi, AKeyIsOfAKnownSourceAndToken) {
  EXPECT_EQ(
      security("POST", "/configuration-sources/INTERNAL/signing-keys", R"({"key_label":"x","token_id":"9"})").body,
      error(404, "token_not_found"));
  EXPECT_EQ(security("POST", "/configuration-sources/OTHER/signing-keys", R"({"key_label":"x","token_id":"0"})").status,
            400);
  EXPECT_EQ(security("POST", "/configuration-sources/INTERNAL/signing-keys", R"({"token_id":"0"})").body,
            wrong("configurationSigningKeyAddDto.keyLabel", "NotNull"));
  EXPECT_TRUE(signing_keys(open())->empty());
}

TEST_F(ServerApi, AnchorsFollowKeysAndAddress) {
  EXPECT_EQ(security("GET", "/configuration-sources/INTERNAL/anchor").body, "{}");
  EXPECT_EQ(security("PUT", "/configuration-sources/INTERNAL/anchor/re-create").body,
            error(400, "no_configuration_signing_keys_configured"));
  EXPECT_EQ(security("GET", "/configuration-sources/INTERNAL/anchor/download").body,
            error(404, "configuration_not_found"));
  const auto anchor = [&] {
    auto read = globalconf::read_anchor(security("GET", "/configuration-sources/INTERNAL/anchor/download").body);
    EXPECT_TRUE(read);
    return read ? *read : globalconf::Anchor();
  };
  add_key("INTERNAL");
  EXPECT_EQ(anchor().sources.at(0).download_url, "http://cs.example.org:8080/internalconf");
  EXPECT_EQ(anchor().sources.at(0).verification_certificates.size(), 1U);
  add_key("INTERNAL");
  EXPECT_EQ(anchor().sources.at(1).verification_certificates.size(), 2U);
  EXPECT_EQ(security("PUT", "/system/server-address", R"({"central_server_address":"other.example.org"})").status, 200);
  EXPECT_EQ(anchor().sources.at(1).download_url, "https://other.example.org/internalconf");
  const std::string shown = security("GET", "/configuration-sources/INTERNAL/anchor").body;
  const std::string made = security("PUT", "/configuration-sources/INTERNAL/anchor/re-create").body;
  EXPECT_NE(R"({"anchor":)" + made + "}", shown);
  EXPECT_EQ(security("GET", "/configuration-sources/INTERNAL/anchor").body, R"({"anchor":)" + made + "}");
  EXPECT_EQ(security("GET", "/configuration-sources/EXTERNAL/download-url").body,
            R"({"url":"https://other.example.org/externalconf"})");
}

TEST_F(ServerApi, TheProviderOfTheManagementServicesIsChosen) {
  const std::string path = "/management-services-configuration";
  const std::string addresses = R"({"services_address":"https://cs.example.org:4002/managementservice/manage/",)"
                                R"("wsdl_address":"http://cs.example.org:8080/managementservices.wsdl",)"
                                R"("security_server_owners_global_group_code":"security-server-owners")";
  EXPECT_EQ(security("GET", path).body, addresses + "}");
  ASSERT_EQ(security("POST", "/member-classes", R"({"code":"GOV","description":"Government"})").status, 201);
  EXPECT_EQ(security("PATCH", path, R"({"service_provider_id":"EX:GOV:1:mgmt"})").body,
            error(404, "subsystem_not_found"));
  for (const char* body : {R"({"service_provider_id":"EX"})", R"({"service_provider_id":"EX:GOV:1"})", "{}"})
    EXPECT_EQ(security("PATCH", path, body).body, error(400, "invalid_service_provider_id")) << body;
  add_agency();
  const std::string chosen = addresses + R"(,"service_provider_id":"SUBSYSTEM:EX:GOV:1:mgmt",)"
                                         R"("service_provider_name":"Agency","security_server_id":""})";
  EXPECT_EQ(security("PATCH", path, R"({"service_provider_id":"EX:GOV:1:mgmt"})").body, chosen);
  EXPECT_EQ(security("GET", path).body, chosen);
  EXPECT_EQ(officer("GET", path).status, 403);
  EXPECT_EQ(officer("PATCH", path, R"({"service_provider_id":"EX:GOV:1:mgmt"})").status, 403);
}

TEST_F(ServerApi, TheProviderOfTheManagementServicesIsRegistered) {
  const std::string path = "/management-services-configuration";
  const auto register_at = [&](const std::string& server) {
    return security("POST", path + "/register-provider", R"({"security_server_id":")" + server + R"("})");
  };
  EXPECT_EQ(register_at("EX:GOV:1:ss1").body, error(400, "management_service_provider_not_set"));
  ASSERT_EQ(security("POST", "/member-classes", R"({"code":"GOV","description":"Government"})").status, 201);
  add_agency();
  ASSERT_EQ(security("PATCH", path, R"({"service_provider_id":"EX:GOV:1:mgmt"})").status, 200);
  EXPECT_EQ(register_at("EX:GOV:1:ss1").body, error(409, "management_request_server_not_found"));
  EXPECT_EQ(register_at("EX:GOV").body, error(400, "invalid_encoded_id"));
  Registry registry = open();
  auto change = Change::begin(registry, "installer");
  ASSERT_TRUE(register_security_server(*change, *ServerId::make("EX", "GOV", "1", "ss1"), "ss1.example.org"));
  ASSERT_TRUE(change->commit());
  const Reply registered = register_at("EX:GOV:1:ss1");
  EXPECT_EQ(registered.status, 200) << registered.body;
  EXPECT_NE(registered.body.find(R"("security_server_id":"SERVER:EX:GOV:1:ss1")"), std::string::npos);
  EXPECT_EQ(security("GET", path).body, registered.body);
  EXPECT_EQ(register_at("EX:GOV:1:ss1").body, error(400, "subsystem_already_registered_to_security_server"));
}

TEST_F(ServerApi, PartsAreShownAndDownloaded) {
  const std::string path = "/configuration-sources/INTERNAL/configuration-parts";
  EXPECT_EQ(security("GET", path).body, "[]") << "nobody signs it";
  add_key("INTERNAL");
  EXPECT_NE(security("GET", path).body.find(R"("file_name":"shared-params.xml","optional":false})"), std::string::npos);
  ASSERT_TRUE(make_directories(directory_ / "parts"));
  ASSERT_TRUE(write_file_atomically(directory_ / "parts/shared-params.xml", "<shared/>"));
  latest_.set({now(), now(), {}, {}, {{6, {}, now(), now(), directory_ / "parts", now()}}});
  EXPECT_EQ(security("GET", path + "/SHARED-PARAMETERS/6/download").body, "<shared/>");
  EXPECT_EQ(security("GET", path + "/SHARED-PARAMETERS/5/download").body,
            error(404, "configuration_part_file_not_found"));
  EXPECT_EQ(security("GET", path + "/PRIVATE-PARAMETERS/6/download").status, 404) << "the file is gone";
  EXPECT_EQ(security("GET", path + "/MONITORING/0/download").status, 404);
  Registry registry = open();
  auto change = Change::begin(registry, "admin");
  const std::string monitoring = globalconf::write_monitoring_client(std::nullopt);
  ASSERT_TRUE(store_configuration_part(*change, "MONITORING", monitoring));
  ASSERT_TRUE(change->commit());
  EXPECT_EQ(security("GET", path + "/MONITORING/0/download").body, monitoring);
  EXPECT_EQ(security("GET", path + "/MONITORING/6/download").status, 404);
  EXPECT_EQ(security("GET", path + "/MONITORING/x/download").status, 400);
  const std::string external = "/configuration-sources/EXTERNAL";
  EXPECT_EQ(security("GET", external + "/configuration-parts").body, "[]");
  add_key("EXTERNAL");
  const std::string shown = security("GET", external + "/configuration-parts").body;
  EXPECT_TRUE(std::regex_match(
      shown, std::regex(R"re(\[\{"content_identifier":"SHARED-PARAMETERS","file_name":"shared-params.xml",)re"
                        R"re("optional":false,"file_updated_at":"[-0-9T:.]+Z","version":6\}\])re")))
      << shown;
  EXPECT_NE(security("GET", external + "/anchor").body.find(R"("hash":)"), std::string::npos);
  EXPECT_EQ(officer("GET", path).status, 403);
}

TEST_F(ServerApi, PartsAreUploaded) {
  const std::string monitoring = globalconf::write_monitoring_client(std::nullopt);
  ASSERT_TRUE(write_file_atomically(directory_ / "part.xml", monitoring));
  ASSERT_TRUE(write_file_atomically(directory_ / "garbage.xml", "<?xml version=\"1.0\"?><other/>"));
  const auto upload = [&](const std::string& source, const std::string& identifier, const std::string& file) {
    return upload_form("/configuration-sources/" + source + "/configuration-parts",
                       "-F content_identifier=" + identifier + " -F 'file=@" + directory_ / file + "'");
  };
  EXPECT_EQ(upload("INTERNAL", "MONITORING", "part.xml").status, 204);
  add_key("INTERNAL");
  const std::string listed = security("GET", "/configuration-sources/INTERNAL/configuration-parts").body;
  EXPECT_TRUE(std::regex_search(
      listed, std::regex(R"re("file_name":"monitoring-params.xml","optional":true,"file_updated_at":)re"
                         R"re("[-0-9T:.]+Z","version":0\})re")))
      << listed;
  EXPECT_EQ(security("GET", "/configuration-sources/INTERNAL/configuration-parts/MONITORING/0/download").body,
            monitoring);
  for (const char* none : {"OTHER", "SHARED-PARAMETERS"})
    EXPECT_EQ(upload("INTERNAL", none, "part.xml").body, error(400, "core.malformed_optional_parts_conf")) << none;
  EXPECT_EQ(upload("EXTERNAL", "MONITORING", "part.xml").body, error(400, "unknown_configuration_part"));
  EXPECT_EQ(upload("INTERNAL", "MONITORING", "garbage.xml").body, error(400, "configuration_part_validation_failed"));
  EXPECT_EQ(upload("INTERNAL", "NEXTUPDATE", "part.xml").body, error(400, "configuration_part_validation_failed"));
  EXPECT_EQ(
      upload_form("/configuration-sources/INTERNAL/configuration-parts", "-F content_identifier=MONITORING").status,
      400);
}

TEST_F(ServerApi, AlertsTellWhatAnAdministratorShouldSeeTo) {
  const std::string failing = "status.global_conf_generation.", key = "status.signing_key.";
  EXPECT_EQ(alerts(), "[" + alert(failing + "status_not_found") + "," + alert(key + "internal.missing") + "," +
                          alert(key + "external.missing") + "]");
  add_key("INTERNAL");
  add_key("EXTERNAL");
  latest_.set({now(), now(), {}, {}, {}});
  EXPECT_EQ(alerts(), "[]");
  latest_.set({now(), {}, from_unix_millis(1'772'000'000'000), Fault{"io_error", ""}, {}});
  EXPECT_EQ(alerts(), R"([{"errorCode":"status.global_conf_generation.failing","metadata":["2026-02-25T06:13:20Z"]}])");
  latest_.set({now() - std::chrono::minutes(11), {}, {}, {}, {}});
  EXPECT_EQ(alerts(), "[" + alert(failing + "global_conf_expired") + "]");
  latest_.set({now(), now(), {}, {}, {}});
  ASSERT_EQ(security("PUT", "/tokens/0/logout").status, 200);
  EXPECT_EQ(alerts(),
            "[" + alert(key + "internal.token_not_active") + "," + alert(key + "external.token_not_active") + "]");
  signer_.stop();
  EXPECT_EQ(alerts(), "[" + alert("status.signer_error") + "]");
}

TEST_F(ServerApi, TheDescriptionIsForEverybody) {
  const std::string text =
      net::run_command("curl -s 'http://127.0.0.1:" + std::to_string(http_->port()) + "/api/v1/openapi.yaml'");
  EXPECT_TRUE(text.starts_with("# SPDX"));
}

}  // namespace
}  // namespace causeway::centralserver
