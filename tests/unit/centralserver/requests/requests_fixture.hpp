// SPDX-License-Identifier: MIT
// A registry with an approved CA, and requests to it in few words.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "centralserver/requests/management_requests.hpp"
#include "pki/certificate_builder.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {

class RequestsTest : public RegistryTest {
 protected:
  using enum RequestType;

  void SetUp() override {
    fill();
    const auto approve_ca = [](Change& change) {
      CertificationSettings settings;
      settings.profile_class = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";
      return add_certification_service(change, settings, sample_pki().ca.der());
    };
    ASSERT_EQ(in_change(approve_ca), kDone);
  }

  // A certificate for authentication, by the approved CA.
  static Bytes certificate(const std::string& name = "ss", const char* until = "2040-01-01T00:00:00Z",
                           pki::CertificateKind kind = pki::CertificateKind::authentication) {
    const auto& pki = sample_pki();
    return pki::issue_certificate({kind, *pki::DistinguishedName::parse("CN=" + name),
                                   globalconf::time_of("2020-01-01T00:00:00Z"), globalconf::time_of(until)},
                                  pki.server_key.public_key(), pki.ca, pki.ca_key)
        ->der();
  }

  static NewRequest from(RequestOrigin origin, RequestType type, const std::string& server) {
    NewRequest request{.type = type, .origin = origin, .server = server_id(server)};
    return request;
  }
  static NewRequest asked(RequestType type, const std::string& server, const std::string& client = {}) {
    NewRequest request = from(RequestOrigin::security_server, type, server);
    if (!client.empty()) request.client = client_id(client);
    return request;
  }
  static NewRequest asked_to_register(const std::string& server, const Bytes& certificate) {
    NewRequest request = asked(AUTH_CERT_REGISTRATION, server);
    request.certificate = certificate;
    request.address = "ss.example.org";
    return request;
  }
  static NewRequest by_centre(NewRequest request) {
    request.origin = RequestOrigin::center;
    return request;
  }
  static NewRequest named(NewRequest request, const std::string& name) {
    request.subsystem_name = name;
    return request;
  }

  // "WAITING", "done" of one that takes effect at once, or the code of the fault. `latest` is
  // its number.
  std::string add(const NewRequest& request) {
    return outcome([&](Change& change) { return add_request(change, request); });
  }
  std::string approve(std::int64_t number) {
    return outcome([&](Change& change) { return approve_request(change, number); });
  }
  std::string revoke(std::int64_t number) {
    return outcome([&](Change& change) { return revoke_request(change, number); });
  }
  std::string status_of(std::int64_t number) {
    const auto request = management_request(registry, number);
    if (!request) return request.error().code;
    return request->status ? std::string(to_string(*request->status)) : kDone;
  }
  std::string set(const std::string& parameter, const std::string& value) {
    return in_change([&](Change& change) { return set_system_parameter(change, parameter, value); });
  }
  std::vector<std::string> owners() {
    std::vector<std::string> out;
    for (const RegisteredGroupMember& member : *global_group_members(registry, "security-server-owners"))
      out.push_back(member.id.to_rest());
    return out;
  }

  std::int64_t latest = 0;

 private:
  template <class Operation>
  std::string outcome(Operation operation) {
    std::string status;
    const std::string code = in_change([&](Change& change) {
      auto request = operation(change);
      if (request) {
        status = request->status ? std::string(to_string(*request->status)) : kDone;
        latest = request->number;
      }
      return request;
    });
    return code == kDone ? status : code;
  }
};

}  // namespace causeway::centralserver
