// SPDX-License-Identifier: MIT
// The way to the signer process, over a Unix socket. Safe to use from every thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/io_threads.hpp"
#include "net/task.hpp"
#include "pki/key.hpp"
#include "signer/token_info.hpp"

namespace causeway::signer {

class SignerClient {
 public:
  // Connects when first used. `timeout` is for a whole call, reconnecting included.
  static std::unique_ptr<SignerClient> make(net::IoThreads& threads, const std::string& socket_path,
                                            std::chrono::milliseconds timeout = std::chrono::seconds(60));
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
