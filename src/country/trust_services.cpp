// SPDX-License-Identifier: MIT
#include "country/trust_services.hpp"

#include <algorithm>

namespace causeway::country {

NamedCertificate NamedCertificate::of(pki::Certificate certificate) {
  NamedCertificate named = *of_digest(certificate.hash_hex(pki::DigestAlgorithm::sha256));
  named.certificate = std::move(certificate);
  return named;
}

std::optional<NamedCertificate> NamedCertificate::of_digest(std::string_view hexadecimal) {
  NamedCertificate named;
  for (const char c : hexadecimal) {
    if (c == ':') continue;
    const char upper = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    if ((upper < '0' || upper > '9') && (upper < 'A' || upper > 'F')) return std::nullopt;
    named.sha256 += upper;
  }
  if (named.sha256.size() != 2 * pki::digest_size(pki::DigestAlgorithm::sha256)) return std::nullopt;
  return named;
}

}  // namespace causeway::country
