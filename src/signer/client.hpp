// SPDX-License-Identifier: MIT
// The way to the signer process, over a Unix socket. Safe to use from every thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "net/io_threads.hpp"
#include "net/task.hpp"
#include "pki/certificate.hpp"
#include "pki/key.hpp"

namespace causeway::signer {

enum class KeyUsage { signing, authentication };

struct CertificateInfo {
  pki::Certificate certificate;
  std::optional<ClientId> member;  // signing certificates: whom they are for
  bool active = false;
  std::string status;  // "registered", "saved", ... (trust.md 9.5)
};

struct KeyInfo {
  std::string id;  // upper-case hex, as in file names
  std::string label;
  std::optional<KeyUsage> usage;
  bool available = false;  // token present and logged in
  bool rsa = true;
  std::vector<CertificateInfo> certificates;
};

struct TokenInfo {
  std::string id, friendly_name;
  bool active = false;  // PIN was entered
  std::string status;   // "OK", "USER_PIN_INCORRECT", ... (evidence.md 7)
  bool batch_signing = true;
  std::vector<KeyInfo> keys;
};

class SignerClient {
 public:
  static std::unique_ptr<SignerClient> make(net::IoThreads& threads, std::string socket_path);
  virtual ~SignerClient() = default;

  // One signature per digest, in order; ECDSA as DER. key_not_found, token_not_active,
  // io_error when the signer is away longer than the timeout (60 s by default: a restart
  // of the signer only delays).
  virtual net::Task<Result<std::vector<Bytes>>> sign(std::string key_id, pki::SignatureAlgorithm algorithm,
                                                     std::vector<Bytes> digests) = 0;
  virtual net::Task<Result<std::vector<TokenInfo>>> tokens() = 0;
  // A counter that changes whenever tokens() would answer otherwise.
  virtual net::Task<Result<std::uint64_t>> version() = 0;
  virtual net::Task<Result<void>> enter_pin(std::string token_id, std::string pin) = 0;
  virtual net::Task<Result<void>> logout(std::string token_id) = 0;
  // TLS authentication keys leave the signer for the proxy; signing keys never do.
  virtual net::Task<Result<pki::PrivateKey>> authentication_key(std::string key_id) = 0;
};

}  // namespace causeway::signer
