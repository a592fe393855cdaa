// SPDX-License-Identifier: MIT
#include "globalconf/source_keys.hpp"

#include <array>

#include "pki/certificate_builder.hpp"

namespace causeway::globalconf {
namespace {

Result<pki::CertificateSpec> specification(const std::string& common_name) {
  const std::array attributes{pki::NameAttribute{"CN", common_name}};
  auto subject = pki::DistinguishedName::make(attributes);
  if (!subject) return std::move(subject).error();
  auto end = parse_iso("2038-01-01T00:00:00Z");
  if (!end) return std::move(end).error();
  pki::CertificateSpec spec{pki::CertificateKind::root_ca, *std::move(subject), from_unix_millis(0), *end};
  spec.serial = {1};
  return spec;
}

}  // namespace

SourceKeys source_keys(pki::PrivateKey key, pki::Certificate certificate) {
  const pki::SignatureAlgorithm algorithm{key.is_rsa() ? pki::SignatureScheme::rsa_pkcs1 : pki::SignatureScheme::ecdsa,
                                          pki::DigestAlgorithm::sha512};
  auto sign = [key = std::move(key), algorithm](ByteView data) { return key.sign(algorithm, data); };
  return {{std::move(certificate), algorithm, std::move(sign)}, {}};
}

Result<pki::Certificate> make_source_certificate(const pki::PrivateKey& key, const std::string& common_name) {
  auto spec = specification(common_name);
  return spec ? pki::self_sign_certificate(*spec, key) : Result<pki::Certificate>(std::move(spec).error());
}

Result<pki::Certificate> make_source_certificate(const pki::PublicKey& key, pki::SignatureScheme scheme,
                                                 const pki::DigestSigner& sign, const std::string& common_name) {
  auto spec = specification(common_name);
  if (!spec) return std::move(spec).error();
  return pki::self_sign_certificate(*spec, key, scheme, sign);
}

std::string_view to_string(SourceType source) { return source == SourceType::internal ? "internal" : "external"; }

std::string_view directory_name(SourceType source) {
  return source == SourceType::internal ? "internalconf" : "externalconf";
}

}  // namespace causeway::globalconf
