// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "pki/certificate_builder.hpp"
#include "unit/centralserver/api/api_fixture.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using globalconf::sample_pki;

// Two members, a server ss1 of the first, an approved CA.
class ManagementRequestsApi : public CentralServerApi {
 protected:
  void SetUp() override {
    CentralServerApi::SetUp();
    add_two_members();
    in_registry([](Change& change) -> Result<void> {
      CertificationSettings settings;
      settings.profile_class = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";
      auto approved = add_certification_service(change, settings, sample_pki().ca.der());
      if (!approved) return approved.error();
      return register_security_server(change, *ServerId::make("EX", "GOV", "1", "ss1"), "10.0.0.1");
    });
  }
  static std::string certificate(const std::string& name) {
    const auto& pki = sample_pki();
    return to_base64(pki::issue_certificate(
                         {pki::CertificateKind::authentication, *pki::DistinguishedName::parse("CN=" + name),
                          globalconf::time_of("2020-01-01T00:00:00Z"), globalconf::time_of("2040-01-01T00:00:00Z")},
                         pki.server_key.public_key(), pki.ca, pki.ca_key)
                         ->der());
  }
  // `more`: further fields with a comma in front.
  static std::string body(const std::string& type, const std::string& origin, const std::string& server,
                          const std::string& more = {}) {
    return R"({"type":")" + type + R"(_REQUEST","origin":")" + origin + R"(","security_server_id":"EX:GOV:)" + server +
           R"(")" + more + "}";
  }
  static std::string client(const std::string& id) { return R"(,"client_id":"EX:GOV:)" + id + R"(")"; }
  static std::string to_register(const std::string& octets) {
    return R"(,"server_address":"ss.example.org","authentication_certificate":")" + octets + R"(")";
  }
  Reply server_asks(const std::string& type, const std::string& server, const std::string& more = {}) const {
    return ask("MANAGEMENT_SERVICE", "POST", "/management-requests", body(type, "SECURITY_SERVER", server, more));
  }
  Reply centre_asks(const std::string& type, const std::string& server, const std::string& more = {}) const {
    return officer("POST", "/management-requests", body(type, "CENTER", server, more));
  }
  static std::string in(const Reply& reply, const std::string& field) {
    boost::system::error_code error;
    const json::value value = json::parse(reply.body, error);
    const json::value* const found = error || !value.is_object() ? nullptr : value.as_object().if_contains(field);
    if (found == nullptr) return "none";
    return found->is_string() ? std::string(found->get_string()) : json::serialize(*found);
  }
  Reply approve(const std::string& id) const { return officer("POST", "/management-requests/" + id + "/approval"); }
  Reply revoke(const std::string& id) const { return officer("DELETE", "/management-requests/" + id); }
};

TEST_F(ManagementRequestsApi, ACertificateIsRegisteredByRequestAndApproval) {
  const std::string octets = certificate("a");
  const Reply added = server_asks("AUTH_CERT_REGISTRATION", "1:ss2", to_register(octets));
  EXPECT_EQ(added.status, 202);
  EXPECT_EQ(in(added, "type"), "AUTH_CERT_REGISTRATION_REQUEST");
  EXPECT_EQ(in(added, "origin"), "SECURITY_SERVER");
  EXPECT_EQ(in(added, "status"), "WAITING");
  EXPECT_EQ(in(added, "security_server_id"), "EX:GOV:1:ss2");
  EXPECT_EQ(in(added, "server_address"), "ss.example.org");
  EXPECT_EQ(in(added, "authentication_certificate"), octets);
  EXPECT_EQ(server_asks("AUTH_CERT_REGISTRATION", "1:ss2", to_register(octets)).body,
            error(409, "management_request_exists"));
  EXPECT_EQ(officer("GET", "/security-servers/EX:GOV:1:ss2").status, 404);
  const Reply approved = approve(in(added, "id"));
  EXPECT_EQ(approved.status, 200);
  EXPECT_EQ(in(approved, "status"), "APPROVED");
  EXPECT_EQ(officer("GET", "/security-servers/EX:GOV:1:ss2").status, 200);
  EXPECT_EQ(approve(in(added, "id")).body, error(400, "management_request_invalid_state_for_approval"));
  EXPECT_EQ(revoke(in(added, "id")).body, error(400, "management_request_invalid_state"));
  EXPECT_EQ(server_asks("AUTH_CERT_REGISTRATION", "1:ss2", to_register(octets)).body,
            error(409, "management_request_security_server_exists"));
  const std::string that = R"(,"authentication_certificate":")" + octets + R"(")";
  EXPECT_EQ(server_asks("AUTH_CERT_DELETION", "1:ss1", that).body, error(404, "security_server_not_found"));
  EXPECT_EQ(server_asks("AUTH_CERT_DELETION", "1:ss2", that).status, 202);
  EXPECT_EQ(server_asks("AUTH_CERT_DELETION", "1:ss2", that).body,
            error(409, "management_request_invalid_auth_certificate"));
}

TEST_F(ManagementRequestsApi, AMemberThatWasNotThereIsMadeByApproval) {
  const Reply added = server_asks("AUTH_CERT_REGISTRATION", "9:ss1", to_register(certificate("b")));
  ASSERT_EQ(added.status, 202);
  EXPECT_EQ(officer("GET", "/members/EX:GOV:9").status, 404);
  ASSERT_EQ(approve(in(added, "id")).status, 200);
  EXPECT_NE(officer("GET", "/members/EX:GOV:9").body.find(R"("member_name":"9")"), std::string::npos);
  EXPECT_EQ(centre_asks("AUTH_CERT_REGISTRATION", "8:ss1", to_register(certificate("c"))).body,
            error(404, "management_request_server_owner_not_found"));
}

TEST_F(ManagementRequestsApi, WhatWaitsIsRevokedByADeletionAndDeclinedByAnOfficer) {
  const std::string octets = certificate("d");
  const Reply added = server_asks("AUTH_CERT_REGISTRATION", "1:ss2", to_register(octets));
  ASSERT_EQ(server_asks("AUTH_CERT_DELETION", "1:ss2", R"(,"authentication_certificate":")" + octets + R"(")").status,
            202);
  EXPECT_EQ(approve(in(added, "id")).status, 400);
  const Reply again = server_asks("AUTH_CERT_REGISTRATION", "9:ss2", to_register(octets));
  EXPECT_EQ(revoke(in(again, "id")).status, 200);
  EXPECT_EQ(officer("GET", "/members/EX:GOV:9").status, 404) << "declined, and nobody was made";

  const Reply join = server_asks("CLIENT_REGISTRATION", "1:ss1", client("2"));
  ASSERT_EQ(join.status, 202);
  EXPECT_EQ(server_asks("CLIENT_DELETION", "1:ss1", client("2")).status, 202);
  EXPECT_EQ(approve(in(join, "id")).status, 400);
  EXPECT_EQ(server_asks("CLIENT_DELETION", "1:ss1", client("2")).body,
            error(404, "management_request_client_registration_not_found"));
}

TEST_F(ManagementRequestsApi, RequestsOfBothSidesMeet) {
  const std::string first = to_register(certificate("e"));
  ASSERT_EQ(centre_asks("AUTH_CERT_REGISTRATION", "1:ss2", first).status, 202);
  EXPECT_EQ(server_asks("AUTH_CERT_REGISTRATION", "1:ss2", first).status, 201) << "approved at once";
  for (const char* id : {"2", "2:tax"}) {
    const std::string more = client(id);
    if (std::string(id) == "2:tax")
      ASSERT_EQ(officer("POST", "/subsystems",
                        R"({"subsystem_id":{"member_class":"GOV","member_code":"2","subsystem_code":"tax"}})")
                    .status,
                201);
    ASSERT_EQ(centre_asks("CLIENT_REGISTRATION", "1:ss1", more).status, 202);
    EXPECT_EQ(server_asks("CLIENT_REGISTRATION", "1:ss1", more).status, 201);
  }
  EXPECT_NE(officer("GET", "/security-servers/EX:GOV:1:ss1/clients").body.find("EX:GOV:2:tax"), std::string::npos);
}

TEST_F(ManagementRequestsApi, ClientsJoinAndLeave) {
  const Reply added = server_asks("CLIENT_REGISTRATION", "1:ss1", client("7:new") + R"(,"subsystem_name":"Brand new")");
  ASSERT_EQ(added.status, 202);
  EXPECT_EQ(officer("GET", "/members/EX:GOV:7").status, 404);
  EXPECT_EQ(in(added, "client_id"), "EX:GOV:7:new");
  ASSERT_EQ(approve(in(added, "id")).status, 200);
  const std::string clients = officer("GET", "/security-servers/EX:GOV:1:ss1/clients").body;
  EXPECT_NE(clients.find(R"("subsystem_name":"Brand new")"), std::string::npos) << clients;
  EXPECT_EQ(server_asks("CLIENT_REGISTRATION", "1:ss1", client("7:new")).body,
            error(409, "management_request_client_already_registered"));
  EXPECT_EQ(server_asks("CLIENT_REGISTRATION", "1:ss1", client("1")).body,
            error(400, "management_request_cannot_register_owner"));
  EXPECT_EQ(centre_asks("CLIENT_REGISTRATION", "1:ss9", client("2")).body,
            error(409, "management_request_server_not_found"));
  EXPECT_EQ(centre_asks("CLIENT_REGISTRATION", "1:ss1", client("6")).body,
            error(409, "management_request_member_not_found"));
  EXPECT_EQ(server_asks("CLIENT_DELETION", "1:ss1", client("7:new")).status, 202);
  EXPECT_EQ(officer("GET", "/security-servers/EX:GOV:1:ss1/clients").body, "[]");
  EXPECT_NE(officer("GET", "/members/EX:GOV:7/subsystems").body.find("EX:GOV:7:new"), std::string::npos)
      << "it still exists";
}

TEST_F(ManagementRequestsApi, TheOwnerChanges) {
  EXPECT_EQ(server_asks("OWNER_CHANGE", "1:ss1", client("2")).body,
            error(400, "management_request_owner_must_be_client"));
  EXPECT_EQ(server_asks("OWNER_CHANGE", "1:ss1", client("2:x")).body,
            error(400, "management_request_owner_must_be_member"));
  EXPECT_EQ(server_asks("OWNER_CHANGE", "1:ss9", client("2")).body, error(409, "management_request_server_not_found"));
  ASSERT_EQ(approve(in(server_asks("CLIENT_REGISTRATION", "1:ss1", client("2")), "id")).status, 200);
  const Reply added = server_asks("OWNER_CHANGE", "1:ss1", client("2"));
  ASSERT_EQ(added.status, 202);
  EXPECT_EQ(server_asks("OWNER_CHANGE", "1:ss1", client("2")).body, error(409, "management_request_exists"));
  ASSERT_EQ(approve(in(added, "id")).status, 200);
  EXPECT_EQ(officer("GET", "/security-servers/EX:GOV:1:ss1").status, 404);
  EXPECT_NE(officer("GET", "/security-servers/EX:GOV:2:ss1/clients").body.find("EX:GOV:1\""), std::string::npos);
  const auto owners = global_group_members(open(), "security-server-owners");
  ASSERT_EQ(owners->size(), 1U) << "the first member owns nothing any more";
  EXPECT_EQ(owners->front().id, *ClientId::make("EX", "GOV", "2"));
}

TEST_F(ManagementRequestsApi, SomeTakeEffectAtOnce) {
  ASSERT_EQ(approve(in(server_asks("CLIENT_REGISTRATION", "1:ss1", client("2:tax")), "id")).status, 200);
  EXPECT_EQ(server_asks("CLIENT_DISABLE", "1:ss1", client("2:tax")).status, 202);
  EXPECT_EQ(server_asks("CLIENT_ENABLE", "1:ss1", client("2:tax")).status, 202);
  EXPECT_EQ(server_asks("CLIENT_DISABLE", "1:ss1", client("2")).body,
            error(409, "management_request_server_client_not_found"));
  const std::string name = R"(,"subsystem_name":"Other name")";
  EXPECT_EQ(in(server_asks("CLIENT_RENAME", "1:ss1", client("2:tax") + name), "subsystem_name"), "Other name");
  EXPECT_EQ(server_asks("CLIENT_RENAME", "1:ss1", client("2") + name).body,
            error(400, "management_request_only_subsystem_rename_allowed"));
  EXPECT_EQ(server_asks("CLIENT_RENAME", "1:ss1", client("2:tax")).body,
            error(400, "management_request_invalid_subsystem_name"));
  EXPECT_EQ(server_asks("ADDRESS_CHANGE", "1:ss1", R"(,"server_address":"ss9.example.org")").status, 202);
  EXPECT_NE(officer("GET", "/security-servers/EX:GOV:1:ss1").body.find("ss9.example.org"), std::string::npos);
  EXPECT_EQ(server_asks("ADDRESS_CHANGE", "1:ss9", R"(,"server_address":"a")").body,
            error(404, "management_request_server_not_found"));
}

TEST_F(ManagementRequestsApi, MaintenanceBeginsAndEndsButNotOfTheManagementServices) {
  const Reply begun = server_asks("MAINTENANCE_MODE_ENABLE", "1:ss1", R"(,"message":"Back at noon")");
  EXPECT_EQ(begun.status, 202);
  EXPECT_EQ(in(begun, "message"), "Back at noon");
  EXPECT_EQ(in(officer("GET", "/security-servers/EX:GOV:1:ss1"), "maintenance_mode_message"), "Back at noon");
  EXPECT_EQ(server_asks("MAINTENANCE_MODE_ENABLE", "1:ss1").body,
            error(409, "management_request_server_already_in_maintenance_mode"));
  EXPECT_EQ(server_asks("MAINTENANCE_MODE_DISABLE", "1:ss1").status, 202);
  EXPECT_EQ(server_asks("MAINTENANCE_MODE_DISABLE", "1:ss1").body,
            error(409, "management_request_server_not_in_maintenance_mode"));
  EXPECT_EQ(server_asks("MAINTENANCE_MODE_DISABLE", "1:ss9").body, error(404, "management_request_server_not_found"));
  in_registry([](Change& change) -> Result<void> {
    const ClientId provider = *ClientId::make("EX", "GOV", "1", "mgmt");
    auto done = register_client(change, *ServerId::make("EX", "GOV", "1", "ss1"), provider, "");
    return done ? set_management_service_provider(change, provider) : done;
  });
  EXPECT_EQ(server_asks("MAINTENANCE_MODE_ENABLE", "1:ss1").body,
            error(409, "mr_forbidden_enable_maintenance_mode_for_management_service"));
  EXPECT_EQ(server_asks("CLIENT_DISABLE", "1:ss1", client("1:mgmt")).body,
            error(409, "mr_forbidden_disable_management_service_client"));
}

TEST_F(ManagementRequestsApi, AreShownInDetail) {
  const std::string octets = certificate("shown");
  const Reply added = server_asks("AUTH_CERT_REGISTRATION", "1:ss1", to_register(octets));
  const Reply shown = officer("GET", "/management-requests/" + in(added, "id"));
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(in(shown, "type"), "AUTH_CERT_REGISTRATION_REQUEST");
  EXPECT_EQ(in(shown, "status"), "WAITING");
  EXPECT_EQ(in(shown, "security_server_owner"), "Owner");
  EXPECT_EQ(in(shown, "address"), "ss.example.org");
  EXPECT_NE(in(shown, "certificate_details").find("\"subject_common_name\":\"shown\""), std::string::npos)
      << shown.body;
  const Reply moved = server_asks("ADDRESS_CHANGE", "1:ss1", R"(,"server_address":"10.0.0.9")");
  const Reply comment = officer("GET", "/management-requests/" + in(moved, "id"));
  EXPECT_EQ(in(comment, "comments"), "Changing from '10.0.0.1'.");
  EXPECT_EQ(in(comment, "status"), "none");
  EXPECT_EQ(officer("GET", "/management-requests/77").body, error(404, "management_request_not_found"));
  EXPECT_EQ(officer("GET", "/management-requests/x").status, 400);
  EXPECT_EQ(security("GET", "/management-requests/1").status, 403);
}

TEST_F(ManagementRequestsApi, AreListed) {
  ASSERT_EQ(server_asks("AUTH_CERT_REGISTRATION", "1:ss2", to_register(certificate("l"))).status, 202);
  ASSERT_EQ(server_asks("CLIENT_REGISTRATION", "1:ss1", client("2:tax") + R"(,"subsystem_name":"Taxes")").status, 202);
  ASSERT_EQ(centre_asks("CLIENT_REGISTRATION", "1:ss1", client("2")).status, 202);
  ASSERT_EQ(server_asks("MAINTENANCE_MODE_ENABLE", "1:ss1").status, 202);
  const auto list = [&](const std::string& query) { return officer("GET", "/management-requests?" + query); };
  const auto total = [&](const std::string& query) {
    const std::string text = list(query).body;
    const json::value page = json::parse(text);
    const json::value* const count = page.is_object() && page.as_object().contains("paging_metadata")
                                         ? &page.at("paging_metadata").at("total_items")
                                         : nullptr;
    EXPECT_NE(count, nullptr) << query << ": " << text;
    return count == nullptr ? -1 : count->as_int64();
  };
  EXPECT_EQ(total(""), 4);
  EXPECT_EQ(total("query=ss2"), 1);
  EXPECT_EQ(total("query=ss"), 4);
  EXPECT_EQ(total("origin=CENTER"), 1);
  EXPECT_EQ(total("status=WAITING"), 3);
  EXPECT_EQ(total("server_id=EX:GOV:1:ss1"), 3);
  EXPECT_EQ(total("types=CLIENT_REGISTRATION_REQUEST,MAINTENANCE_MODE_ENABLE_REQUEST"), 3);
  EXPECT_EQ(total("types=CLIENT_REGISTRATION_REQUEST&types=AUTH_CERT_REGISTRATION_REQUEST&origin=CENTER"), 1);
  const json::value page = json::parse(list("limit=1&offset=1&sort=id&desc=false").body);
  EXPECT_EQ(json::serialize(page.at("paging_metadata")), R"({"total_items":4,"items":1,"limit":1,"offset":1})");
  json::object row = page.at("items").as_array().at(0).as_object();
  EXPECT_TRUE(row.erase("id") == 1 && row.erase("created_at") == 1);
  EXPECT_EQ(
      json::value(row),
      json::parse(
          R"({"type":"CLIENT_REGISTRATION_REQUEST","origin":"SECURITY_SERVER","security_server_id":{"instance_id":)"
          R"("EX","type":"SERVER","member_class":"GOV","member_code":"1","server_code":"ss1","encoded_id":)"
          R"("EX:GOV:1:ss1"},"security_server_owner":"Owner","status":"WAITING","client_id":{"instance_id":"EX",)"
          R"("type":"SUBSYSTEM","member_class":"GOV","member_code":"2","subsystem_code":"tax","encoded_id":)"
          R"("EX:GOV:2:tax"},"client_owner_name":"Client","client_subsystem_name":"Taxes"})"));
  EXPECT_EQ(list("sort=none").body, error(400, "invalid_sort_properties"));
  EXPECT_EQ(list("limit=0").body, error(400, "invalid_pagination_properties"));
  EXPECT_EQ(list("server_id=x").body, error(400, "invalid_encoded_id"));
  EXPECT_EQ(list("types=NONE").body, error(400, "validation_failure"));
  EXPECT_EQ(list("status=NONE").status, 400);
  EXPECT_EQ(security("GET", "/management-requests").status, 403);
  for (const char* key : {"id", "created_at", "type", "security_server_owner", "security_server_id", "status"})
    EXPECT_EQ(total("desc=true&sort=" + std::string(key)), 4) << key;
}

TEST_F(ManagementRequestsApi, BadRequestsAndStrangersAreRefused) {
  const std::string join = body("CLIENT_REGISTRATION", "CENTER", "1:ss1", client("2"));
  EXPECT_EQ(ask("MANAGEMENT_SERVICE", "POST", "/management-requests", join).status, 403);
  EXPECT_EQ(security("POST", "/management-requests", join).status, 403);
  EXPECT_EQ(server_asks("CLIENT_REGISTRATION", "1:ss1", client("")).body, error(400, "core.invalid_encoded_id"));
  EXPECT_EQ(server_asks("CLIENT_REGISTRATION", "1", client("2")).body, error(400, "invalid_encoded_id"));
  EXPECT_EQ(server_asks("AUTH_CERT_REGISTRATION", "1:ss1", to_register(to_base64(sample_pki().second_auth.der()))).body,
            error(400, "management_request_invalid_auth_certificate"));
  EXPECT_EQ(server_asks("CLIENT_REGISTRATION", "1:ss1").status, 400);
  EXPECT_EQ(server_asks("NO_SUCH", "1:ss1").status, 400);
  EXPECT_EQ(approve("77").body, error(404, "management_request_not_found"));
  EXPECT_EQ(revoke("77").body, error(404, "management_request_not_found"));
  EXPECT_EQ(approve("x").status, 400);
  const Reply waiting = server_asks("CLIENT_REGISTRATION", "1:ss1", client("2"));
  EXPECT_EQ(security("POST", "/management-requests/" + in(waiting, "id") + "/approval").status, 403);
  const Reply done = server_asks("CLIENT_DELETION", "1:ss1", client("2"));
  EXPECT_EQ(revoke(in(done, "id")).status, 403) << "nobody may, of those that take effect at once";
}

}  // namespace
}  // namespace causeway::centralserver
