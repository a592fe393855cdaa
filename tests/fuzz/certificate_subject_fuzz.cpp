// SPDX-License-Identifier: MIT
// Subjects of certificates that a peer shows, read as the member they belong to by every
// profile. The input is a certificate, or a name to be put into one.
#include <cstdint>
#include <cstdlib>

#include "pki/certificate_builder.hpp"
#include "pki/certificate_profile.hpp"

namespace {

using namespace causeway;
using namespace causeway::pki;

void require(bool holds) {
  if (!holds) std::abort();
}

Result<Certificate> certificate_of(ByteView input) {
  static const PrivateKey key = *PrivateKey::generate_ec();
  if (auto certificate = Certificate::from_der(input)) return certificate;
  auto subject = DistinguishedName::from_der(input);
  if (!subject) return std::move(subject).error();
  CertificateSpec spec{CertificateKind::plain, *std::move(subject), from_unix_millis(0), from_unix_millis(1)};
  return self_sign_certificate(spec, key);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto certificate = certificate_of({bytes, size});
  if (!certificate) return 0;
  for (const std::string& name : CertificateProfile::known_classes()) {
    const auto profile = CertificateProfile::from_class(name);
    require(profile.ok());
    const auto member = profile->member_of(*certificate, "DEV");
    if (!member) continue;
    // A member, of a form that identifiers have.
    require(!member->is_subsystem());
    require(ClientId::make(member->instance(), member->member_class(), member->member_code()).ok());
  }
  return 0;
}
