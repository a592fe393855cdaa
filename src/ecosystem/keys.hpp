// SPDX-License-Identifier: MIT
// Keys and certificates of a planned Security Server, made once: a software token with a
// PIN, a signing and an authentication key with certificates, ready for the signer.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/plan.hpp"
#include "pki/certificate.hpp"
#include "signer/token_info.hpp"

namespace causeway::ecosystem {

// The PIN of every token here. Nobody would use it elsewhere.
inline constexpr std::string_view kPin = "Causeway-1234";
// Label of the consumers' second signing key: its certificate is not registered for
// messages, so it may be revoked without harm.
inline constexpr std::string_view kSpareKey = "spare";

// Of servers' keys and certificates; the trust services have P-256 keys with p256, else RSA-2048.
enum class KeyKind { rsa2048, rsa3072, p256 };
// "rsa2048", "rsa3072", "p256"; nothing for another name.
std::optional<KeyKind> key_kind_from(std::string_view name);

// Answers a certificate request (DER), as the country's certification authority does.
using IssueCertificate = std::function<Result<pki::Certificate>(const Bytes& csr, signer::KeyUsage usage)>;

struct ServerKeysOptions {
  std::filesystem::path directory;  // the signer's: <server>/signer
  const PlannedInstance* instance = nullptr;
  const PlannedServer* server = nullptr;
  KeyKind kind = KeyKind::rsa2048;
  IssueCertificate issue;
  bool spare_signing_key = false;
  // Of the authentication certificate.
  std::string status = std::string(signer::kStatusRegistered);
};

// The authentication certificate, which the global configuration has to name.
Result<pki::Certificate> make_server_keys(const ServerKeysOptions& options);

// A self-signed certificate and its key, as PEM files. For information systems and Central Servers.
Result<pki::Certificate> make_tls_certificate(const std::filesystem::path& certificate,
                                              const std::filesystem::path& key, const std::string& name,
                                              std::vector<std::string> alternative_names = {});

}  // namespace causeway::ecosystem
