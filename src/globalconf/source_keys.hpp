// SPDX-License-Identifier: MIT
// The keys that sign the configuration of a source (trust.md section 5).
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "globalconf/signed_directory.hpp"
#include "pki/csr.hpp"
#include "pki/key.hpp"

namespace causeway::globalconf {

// What an instance publishes, for its own servers and for its partners (trust.md 1.2).
enum class SourceType { internal, external };
inline constexpr std::array kSourceTypes{SourceType::internal, SourceType::external};
// "internal", "external".
std::string_view to_string(SourceType source);
// Of its directory, in files and addresses: "internalconf", "externalconf".
std::string_view directory_name(SourceType source);

// One key signs; the certificates of the others are published too, so that readers have
// them before they are used and while they are still needed.
struct SourceKeys {
  DirectorySigner active;
  std::vector<pki::Certificate> inactive;
};

// A key that this process holds.
SourceKeys source_keys(pki::PrivateKey key, pki::Certificate certificate);

// A self-signed certificate as a Central Server makes it for a configuration key, a mere
// container: "internalSigningKey" or "externalSigningKey", 1970 to 2038, serial 1.
Result<pki::Certificate> make_source_certificate(const pki::PrivateKey& key, const std::string& common_name);
// By a key that lives elsewhere. What `sign` says when it cannot.
Result<pki::Certificate> make_source_certificate(const pki::PublicKey& key, pki::SignatureScheme scheme,
                                                 const pki::DigestSigner& sign, const std::string& common_name);

}  // namespace causeway::globalconf
