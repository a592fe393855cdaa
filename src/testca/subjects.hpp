// SPDX-License-Identifier: MIT
// The subjects that members would fill into their requests, by certificate profile.
#pragma once

#include <string>

#include "domain/identifiers.hpp"
#include "pki/certificate_profile.hpp"
#include "pki/distinguished_name.hpp"

namespace causeway::testca {

// What a user enters where a profile asks: the country, and the server's DNS name.
struct SubjectInput {
  std::string member_name;
  std::string country = "FI";
  std::string dns_name = "localhost";
};

Result<pki::DistinguishedName> signing_subject(const pki::CertificateProfile& profile, const ClientId& member,
                                               const ServerId& server, const SubjectInput& input);
Result<pki::DistinguishedName> authentication_subject(const pki::CertificateProfile& profile, const ServerId& server,
                                                      const SubjectInput& input);

}  // namespace causeway::testca
