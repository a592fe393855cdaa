// SPDX-License-Identifier: MIT
#include "pki/signature_algorithm.hpp"

#include <algorithm>
#include <array>

namespace causeway::pki {
namespace {

struct Entry {
  SignatureScheme scheme;
  DigestAlgorithm digest;
  std::string_view uri, name;
};

using enum DigestAlgorithm;
using enum SignatureScheme;

// trust.md section 0; MD5 and RSA with SHA-224 are not among what X-Road knows.
constexpr std::array<Entry, 12> kTable = {{
    {rsa_pkcs1, sha1, "http://www.w3.org/2000/09/xmldsig#rsa-sha1", "SHA1withRSA"},
    {rsa_pkcs1, sha256, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "SHA256withRSA"},
    {rsa_pkcs1, sha384, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "SHA384withRSA"},
    {rsa_pkcs1, sha512, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "SHA512withRSA"},
    {rsa_pss, sha256, "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1", "SHA256withRSAandMGF1"},
    {rsa_pss, sha384, "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1", "SHA384withRSAandMGF1"},
    {rsa_pss, sha512, "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1", "SHA512withRSAandMGF1"},
    {ecdsa, sha1, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1", "SHA1withECDSA"},
    {ecdsa, sha224, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224", "SHA224withECDSA"},
    {ecdsa, sha256, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "SHA256withECDSA"},
    {ecdsa, sha384, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384", "SHA384withECDSA"},
    {ecdsa, sha512, "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512", "SHA512withECDSA"},
}};

const Entry* find(SignatureAlgorithm algorithm) {
  for (const Entry& entry : kTable) {
    if (entry.scheme == algorithm.scheme && entry.digest == algorithm.digest) return &entry;
  }
  return nullptr;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

}  // namespace

std::string signature_uri(SignatureAlgorithm algorithm) {
  const Entry* entry = find(algorithm);
  return entry ? std::string(entry->uri) : std::string();
}

std::string signature_name(SignatureAlgorithm algorithm) {
  const Entry* entry = find(algorithm);
  return entry ? std::string(entry->name) : std::string();
}

std::optional<SignatureAlgorithm> signature_from_uri(std::string_view uri) {
  for (const Entry& entry : kTable) {
    if (entry.uri == uri) return SignatureAlgorithm{entry.scheme, entry.digest};
  }
  return std::nullopt;
}

std::optional<SignatureAlgorithm> signature_from_name(std::string_view name) {
  for (const Entry& entry : kTable) {
    if (same_ignoring_case(entry.name, name)) return SignatureAlgorithm{entry.scheme, entry.digest};
  }
  return std::nullopt;
}

}  // namespace causeway::pki
