// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "securityserver/configuration/server_configuration.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryDirectory;

ClientId id(std::string_view text) { return *ClientId::parse_rest(text); }

constexpr std::string_view kPem = R"(-----BEGIN CERTIFICATE-----
MIIBkTCCATegAwIBAgIUDw//6ZsNj04P0u0kyj4R1pg+NxUwCgYIKoZIzj0EAwIw
HTEbMBkGA1UEAwwSaW5mb3JtYXRpb24gc3lzdGVtMCAXDTI2MTEyMjExMDEyNVoY
DzIxMjYxMDI5MTEwMTI1WjAdMRswGQYDVQQDDBJpbmZvcm1hdGlvbiBzeXN0ZW0w
WTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQydlevRizULbHXaZUr+XpyMM0RPoBz
jeVW1uewc6arQIrHYI8Do+CedG/QLjGSMD7rfaedZGpW3xtFEHg6DAsho1MwUTAd
BgNVHQ4EFgQU2R6wIbngMS5gRRcMuKbUqFifASEwHwYDVR0jBBgwFoAU2R6wIbng
MS5gRRcMuKbUqFifASEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBF
AiEAwJH+ilwta2c2MwpLhDOEw98D0L+tCnjC0vOF17zNFYUCIEnbPD4mYDjI09BS
upQozL0cwhArkWtFWDLvD7NThCul
-----END CERTIFICATE-----
)";

constexpr std::string_view kComplete = R"(version: 1
server: DEV/COM/1234/ss1
timestamping_urls:
  - http://tsa.example/tsp
  - https://other.example/
clients:
  - id: DEV/COM/1234
  - id: DEV/COM/1234/reg%2Fistry
    status: registration in progress
    connection: https-no-auth
    certificates:
      - {file: is.pem}
    services:
      - code: pets
        type: rest
        url: http://127.0.0.1:8080/pets
        endpoints: [GET /pets/*, "* /public/**"]
        disabled: "Back at noon: \"really\"\nor later"
      - code: store
        type: openapi
        description: https://store.example/openapi.yaml
        url: https://store.example/v1
        verify_tls: false
        timeout: 5
        disabled: true
      - {code: getRandom, version: v1, type: wsdl, description: "http://soap.example/x?wsdl", url: http://soap.example/x}
      - {code: getRandom, version: v2, type: wsdl, description: "http://soap.example/x?wsdl", url: http://soap.example/x}
    local_groups:
      friends: [DEV/COM/2/app, DEV/COM/3]
      "no one": []
    rights:
      pets:
        - DEV/COM/2/app
        - client: DEV/COM/3
          endpoints: [get /pets/*, "* /public/**"]
        - {local_group: friends, endpoints: ["* **", GET /pets/*]}
      getRandom:
        - {global_group: DEV/all%2Fof-them}
)";

class Configuration : public ::testing::Test {
 protected:
  std::string write(std::string_view text) {
    EXPECT_TRUE(write_file_atomically(directory_ / "server.yaml", text).ok());
    return directory_ / "server.yaml";
  }
  // The complaint, or "" when it loads.
  std::string complaint(std::string_view text) {
    auto loaded = load_configuration(write(text));
    if (loaded) return "";
    EXPECT_EQ(loaded.error().code, "malformed_server_conf");
    return loaded.error().text;
  }
  // A configuration that is complete but for what `more` adds to its one client.
  std::string client_with(std::string_view more) {
    return complaint("version: 1\nserver: DEV/COM/1/ss\nclients:\n  - id: DEV/COM/1\n" + std::string(more));
  }

  TemporaryDirectory directory_;
};

TEST_F(Configuration, ReadsEverything) {
  ASSERT_TRUE(write_file_atomically(directory_ / "is.pem", kPem).ok());
  std::vector<std::string> files;
  auto loaded = load_configuration(write(kComplete), &files);
  ASSERT_TRUE(loaded.ok()) << loaded.error().text;
  const ServerConfiguration& configuration = **loaded;
  EXPECT_EQ(files, (std::vector{directory_ / "server.yaml", directory_ / "is.pem", directory_ / "registrations.json"}));
  EXPECT_EQ(configuration.id.to_string(), "SERVER:DEV/COM/1234/ss1");
  EXPECT_EQ(configuration.timestamping_urls,
            (std::vector<std::string>{"http://tsa.example/tsp", "https://other.example/"}));
  EXPECT_EQ(configuration.find_client(id("DEV/COM/9")), nullptr);

  const Client* owner = configuration.find_client(id("DEV/COM/1234"));
  ASSERT_NE(owner, nullptr);
  EXPECT_EQ(owner->status, ClientStatus::saved);
  EXPECT_EQ(owner->connection, ConnectionType::https);

  const Client* client = configuration.find_client(*ClientId::make("DEV", "COM", "1234", "reg/istry"));
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(client->status, ClientStatus::registration_in_progress);
  EXPECT_EQ(client->connection, ConnectionType::https_no_auth);
  ASSERT_EQ(client->information_system_certificates.size(), 1U);
  EXPECT_EQ(client->information_system_certificates[0].to_pem(), kPem);

  const Service* pets = client->find_service("pets", "");
  ASSERT_NE(pets, nullptr);
  EXPECT_EQ(pets->type, ServiceType::rest);
  EXPECT_TRUE(pets->verify_tls);
  EXPECT_EQ(pets->timeout, std::chrono::seconds{60});
  EXPECT_TRUE(pets->disabled);
  EXPECT_EQ(pets->disabled_notice, "Back at noon: \"really\"\nor later");
  EXPECT_EQ(pets->endpoints, (std::vector<Endpoint>{{"GET", "/pets/*"}, {"*", "/public/**"}}));

  const Service* store = client->find_service("store", "");
  ASSERT_NE(store, nullptr);
  EXPECT_EQ(store->description_url, "https://store.example/openapi.yaml");
  EXPECT_FALSE(store->verify_tls);
  EXPECT_EQ(store->timeout, std::chrono::seconds{5});
  EXPECT_TRUE(store->disabled);
  EXPECT_EQ(store->disabled_notice, "");

  EXPECT_NE(client->find_service("getRandom", "v2"), nullptr);
  EXPECT_EQ(client->find_service("getRandom", ""), nullptr);
  EXPECT_EQ(client->local_groups.at("friends").size(), 2U);
  EXPECT_TRUE(client->local_groups.at("no one").empty());
  EXPECT_EQ(client->rights.size(), 6U);
}

TEST_F(Configuration, ComesBackEqualFromItsExport) {
  ASSERT_TRUE(write_file_atomically(directory_ / "is.pem", kPem).ok());
  auto loaded = load_configuration(write(kComplete));
  ASSERT_TRUE(loaded.ok());
  const std::string exported = export_configuration(**loaded);
  auto again = load_configuration(write(exported));
  ASSERT_TRUE(again.ok()) << again.error().text << "\n" << exported;
  EXPECT_EQ(export_configuration(**again), exported);

  const Client& before = (*loaded)->clients.at(*ClientId::make("DEV", "COM", "1234", "reg/istry"));
  const Client& after = (*again)->clients.at(before.id);
  EXPECT_EQ(after.rights.list(), before.rights.list());
  EXPECT_EQ(after.local_groups, before.local_groups);
  EXPECT_EQ(after.status, before.status);
  EXPECT_EQ(after.information_system_certificates, before.information_system_certificates);
  EXPECT_EQ(after.find_service("pets", "")->disabled_notice, before.find_service("pets", "")->disabled_notice);
  EXPECT_EQ(after.find_service("pets", "")->endpoints, before.find_service("pets", "")->endpoints);
  EXPECT_EQ((*again)->timestamping_urls, (*loaded)->timestamping_urls);
}

TEST_F(Configuration, AStrangeButValidNameSurvivesTheExport) {
  for (const std::string name : {"null", "~", "true", "- a", "a: b", "#", "'", "\"", "\\", "a\nb", "\t", "\u00e4",
                                 " a ", "*", "&x", "0x1f", "yes:"}) {
    Client owner{
        .id = id("DEV/COM/1"), .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}};
    if (name != "\t") owner.local_groups[name].insert(*ClientId::make("DEV", "COM", "x" + name));
    Service service;
    service.code = "x" + name;
    service.url = "http://a.example";
    service.disabled = true;
    service.disabled_notice = name == "true" ? "" : name;
    owner.services[service.code] = {service};
    ServerConfiguration configuration{*ServerId::make("DEV", "COM", "1", name + "x"), {}, {}};
    configuration.clients.emplace(owner.id, owner);
    const std::string exported = export_configuration(configuration);
    auto again = load_configuration(write(exported));
    ASSERT_TRUE(again.ok()) << again.error().text << "\n" << exported;
    EXPECT_EQ(export_configuration(**again), exported);
    EXPECT_EQ((*again)->id, configuration.id);
    EXPECT_EQ((*again)->clients.at(owner.id).local_groups, owner.local_groups);
    EXPECT_EQ((*again)->clients.at(owner.id).find_service("x" + name, "")->disabled_notice, service.disabled_notice);
  }
}

TEST_F(Configuration, SaysWhereAnUnknownKeyStandsAndWhatIsKnown) {
  const std::string text = client_with("    servces: []\n");
  EXPECT_THAT(text, HasSubstr("server.yaml:5:5: unknown key 'servces' in a client"));
  EXPECT_THAT(text, HasSubstr("services"));
}

TEST_F(Configuration, RefusesWhatStandsTwice) {
  EXPECT_THAT(client_with("  - id: DEV/COM/1\n"), HasSubstr(":5:5: client DEV/COM/1 stands here a second time"));
  EXPECT_THAT(client_with("    status: saved\n    status: saved\n"),
              HasSubstr(":6:5: 'status' stands here a second time"));
  const std::string service = "      - {code: a, type: rest, url: 'http://x'}\n";
  EXPECT_THAT(client_with("    services:\n" + service + service), HasSubstr(":7:"));
  EXPECT_THAT(client_with("    local_groups:\n      g: [A/B/C, A/B/C]\n"), HasSubstr("second time"));
  EXPECT_THAT(client_with("    services:\n" + service + "    rights:\n      a: [A/B/C, {client: A/B/C}]\n"),
              HasSubstr("second time"));
  EXPECT_THAT(
      client_with("    services:\n      - {code: a, type: rest, url: 'http://x', endpoints: [GET /a, get /a]}\n"),
      HasSubstr("second time"));
}

TEST_F(Configuration, RefusesTwoTypesUnderOneCode) {
  EXPECT_THAT(client_with("    services:\n      - {code: a, type: rest, url: 'http://x'}\n"
                          "      - {code: a, version: v1, type: wsdl, url: 'http://x', description: 'http://x'}\n"),
              HasSubstr("service code a is taken"));
}

TEST_F(Configuration, RefusesRightsThatPointNowhere) {
  const std::string services = "    services: [{code: a, type: rest, url: 'http://x', endpoints: [GET /x]}]\n";
  EXPECT_THAT(client_with("    rights: {b: [A/B/C]}\n"), HasSubstr("no service 'b'"));
  EXPECT_THAT(client_with(services + "    rights: {a: [{local_group: g}]}\n"), HasSubstr("no local group 'g'"));
  EXPECT_THAT(client_with(services + "    rights: {a: [{client: A/B/C, endpoints: [GET /y]}]}\n"),
              HasSubstr("not among the endpoints"));
  EXPECT_THAT(client_with(services + "    rights: {a: [{client: A/B/C, local_group: g}]}\n"), HasSubstr("exactly one"));
  EXPECT_THAT(client_with(services + "    rights: {a: [{endpoints: [GET /x]}]}\n"), HasSubstr("exactly one"));
  EXPECT_THAT(client_with(services + "    rights: {a: [{global_group: g}]}\n"), HasSubstr("instance/group"));
  EXPECT_EQ(client_with(services + "    rights: {a: [{client: A/B/C, endpoints: [GET /x]}]}\n"), "");
}

TEST_F(Configuration, RefusesValuesOutOfTheirRange) {
  const auto service = [&](const std::string& fields) {
    return client_with("    services: [{code: a, " + fields + "}]\n");
  };
  EXPECT_THAT(service("type: soap, url: 'http://x'"), HasSubstr("use one of: wsdl, rest, openapi"));
  EXPECT_THAT(service("type: rest"), HasSubstr("lacks 'url'"));
  EXPECT_THAT(service("type: rest, url: 'ftp://x'"), HasSubstr("http:// or https://"));
  EXPECT_THAT(service("type: rest, url: 'http://'"), HasSubstr("http:// or https://"));
  EXPECT_THAT(service("type: rest, url: 'http://x y'"), HasSubstr("no spaces"));
  EXPECT_THAT(service("type: rest, url: 'http://x', timeout: 0"), HasSubstr("from 1 to 86400"));
  EXPECT_THAT(service("type: rest, url: 'http://x', timeout: 6s"), HasSubstr("whole number"));
  EXPECT_THAT(service("type: rest, url: 'http://x', verify_tls: yes"), HasSubstr("true or false"));
  EXPECT_THAT(service("type: rest, url: 'http://x', version: v1"), HasSubstr("only WSDL"));
  EXPECT_THAT(service("type: rest, url: 'http://x', description: 'http://x'"), HasSubstr("no description"));
  EXPECT_THAT(service("type: wsdl, url: 'http://x'"), HasSubstr("needs 'description'"));
  EXPECT_THAT(service("type: wsdl, url: 'http://x', description: 'http://x', endpoints: [GET /]"),
              HasSubstr("no endpoints"));
  EXPECT_THAT(service("type: rest, url: 'http://x', endpoints: [GET]"), HasSubstr("METHOD PATH"));
  EXPECT_THAT(service("type: rest, url: 'http://x', endpoints: [FETCH /]"), HasSubstr("not a method"));
  EXPECT_THAT(service("type: rest, url: 'http://x', endpoints: [GET pets]"), HasSubstr("begins with '/'"));
  EXPECT_THAT(client_with("    status: fine\n"), HasSubstr("status 'fine' is not known"));
  EXPECT_THAT(client_with("    connection: tls\n"), HasSubstr("https-no-auth"));
  EXPECT_THAT(client_with("    certificates: [nonsense]\n"), HasSubstr("not a certificate"));
  EXPECT_THAT(client_with("    certificates: [{file: absent.pem}]\n"), HasSubstr("absent.pem"));
  EXPECT_THAT(client_with("    services:\n"), HasSubstr("must be a list"));
}

TEST_F(Configuration, RefusesBrokenIdentifiers) {
  EXPECT_THAT(complaint("version: 1\nserver: DEV/COM/1\nclients: []\n"), HasSubstr(":2:9: server must be"));
  EXPECT_THAT(client_with("  - id: DEV/COM\n"), HasSubstr("instance/class/member"));
  EXPECT_THAT(client_with("  - id: DEV/COM/a b\n"), HasSubstr("percent-encoded"));
}

TEST_F(Configuration, RequiresTheOwnerAmongTheClients) {
  EXPECT_THAT(complaint("version: 1\nserver: DEV/COM/1/ss\nclients: []\n"), HasSubstr("add '- id: DEV/COM/1'"));
}

TEST_F(Configuration, RefusesAnotherVersionOfTheFormat) {
  EXPECT_THAT(complaint("version: 2\nserver: DEV/COM/1/ss\nclients: []\n"), HasSubstr("version 1"));
}

TEST_F(Configuration, RefusesAnAbsentOrEmptyFile) {
  EXPECT_THAT(load_configuration(directory_ / "absent.yaml").error().text, HasSubstr("absent.yaml"));
  EXPECT_NE(complaint(""), "");
  EXPECT_NE(complaint("just text"), "");
}

}  // namespace
}  // namespace causeway::securityserver
