// SPDX-License-Identifier: MIT
// DER and PEM from peers and from files: certificates, requests, OCSP, timestamps, key
// stores, and the texts of names.
#include <cstdint>
#include <cstdlib>

#include "base/utf8.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/certificate_details.hpp"
#include "pki/certificate_profile.hpp"
#include "pki/csr.hpp"
#include "pki/ocsp.hpp"
#include "pki/pkcs12.hpp"
#include "pki/timestamp.hpp"

namespace {

using namespace causeway;

void require(bool holds) {
  if (!holds) std::abort();
}

void read_everything_of(const pki::Certificate& certificate) {
  require(pki::Certificate::from_der(certificate.der()).ok());
  require(pki::Certificate::from_pem(certificate.to_pem()).ok());
  (void)certificate.subject_rfc2253();
  (void)certificate.issuer_rfc2253();
  (void)certificate.serial_decimal();
  (void)certificate.ocsp_urls();
  (void)certificate.alt_names();
  (void)certificate.issued_by(certificate);
  require(is_utf8(pki::details_of(certificate).subject));
  (void)pki::make_ocsp_request(certificate, certificate);
  for (const std::string& name : pki::CertificateProfile::known_classes()) {
    (void)pki::CertificateProfile::from_class(name)->member_of(certificate, "X");
  }
}

const pki::Certificate& authority() {
  static const pki::Certificate certificate = [] {
    const auto key = *pki::PrivateKey::generate_ec();
    const pki::CertificateSpec spec{.kind = pki::CertificateKind::time_stamping,
                                    .subject = *pki::DistinguishedName::parse("CN=TSA"),
                                    .not_before = now() - std::chrono::hours(1),
                                    .not_after = now() + std::chrono::hours(1)};
    return *pki::self_sign_certificate(spec, key);
  }();
  return certificate;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView bytes(data + 1, size - 1);
  switch (data[0]) {
    case 'c':
      if (const auto certificate = pki::Certificate::from_der_or_pem(bytes)) read_everything_of(*certificate);
      break;
    case 'r':
      if (const auto csr = pki::read_csr(bytes)) (void)csr->subject.to_string();
      break;
    case 'o':
      (void)pki::read_ocsp_response(bytes);
      break;
    case 't':
      (void)pki::verify_timestamp(bytes, std::vector{authority()});
      (void)pki::timestamp_signer(bytes, std::vector{authority()});
      if (const bool readable = pki::read_timestamp(bytes).ok();
          const auto complete = pki::with_certificate(bytes, authority()))
        require(!readable || pki::read_timestamp(*complete).ok());
      (void)pki::token_of_response(bytes, pki::DigestAlgorithm::sha512, {});
      break;
    case 'p':
      (void)pki::read_pkcs12(bytes, "Secret1234");
      break;
    case 'n':
      if (const auto name = pki::DistinguishedName::parse(as_text(bytes))) {
        const auto again = pki::DistinguishedName::parse(name->to_string());
        require(again && again->der() == name->der());
      }
      break;
    default:
      break;
  }
  return 0;
}
