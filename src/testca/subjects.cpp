// SPDX-License-Identifier: MIT
#include "testca/subjects.hpp"

namespace causeway::testca {
namespace {

Result<pki::DistinguishedName> filled(std::vector<pki::ProfileField> fields, const SubjectInput& input) {
  std::vector<pki::NameAttribute> attributes;
  for (pki::ProfileField& field : fields) {
    if (field.id == "subjectAltName") continue;  // an extension
    if (field.value.empty()) {
      if (field.id == "C") field.value = input.country;
      if (field.id == "O") field.value = input.member_name;
      if (field.id == "CN") field.value = input.dns_name;
    }
    attributes.push_back({std::move(field.id), std::move(field.value)});
  }
  return pki::DistinguishedName::make(attributes);
}

}  // namespace

Result<pki::DistinguishedName> signing_subject(const pki::CertificateProfile& profile, const ClientId& member,
                                               const ServerId& server, const SubjectInput& input) {
  return filled(profile.signing_fields(member, server, input.member_name), input);
}

Result<pki::DistinguishedName> authentication_subject(const pki::CertificateProfile& profile, const ServerId& server,
                                                      const SubjectInput& input) {
  return filled(profile.authentication_fields(server, input.member_name), input);
}

}  // namespace causeway::testca
