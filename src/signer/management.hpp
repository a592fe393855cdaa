// SPDX-License-Identifier: MIT
// The signer for those who may block: command line and administration.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "signer/token_info.hpp"
#include "signer/token_manager.hpp"

namespace causeway::signer {

// One connection. Not for use by several threads at once.
class SignerConnection {
 public:
  // io_error, with what to do, when no signer listens at `socket_path`.
  static Result<SignerConnection> open(const std::string& socket_path,
                                       std::chrono::milliseconds timeout = std::chrono::seconds(60));
  ~SignerConnection();
  SignerConnection(SignerConnection&& other) noexcept;
  SignerConnection& operator=(SignerConnection&&) = delete;

  Result<std::vector<TokenInfo>> list_tokens();
  Result<void> initialize_token(std::string_view token_id, std::string_view pin);
  Result<void> login(std::string_view token_id, std::string_view pin);
  Result<void> logout(std::string_view token_id);
  Result<void> change_pin(std::string_view token_id, std::string_view current, std::string_view changed);
  Result<void> rename_token(std::string_view token_id, std::string_view name);

  struct NewKeyOptions {
    std::string token_id = "0", label = {};
    bool rsa = true;
    // Empty: as the signer's parameters say.
    std::optional<unsigned> bits = {};
    std::optional<std::string> curve = {};
  };
  Result<KeyInfo> generate_key(const NewKeyOptions& options);
  Result<void> rename_key(std::string_view key_id, std::string_view name);
  Result<void> delete_key(std::string_view key_id);
  // DER of the PKCS#10 request.
  Result<Bytes> generate_csr(const CsrOptions& options);
  Result<void> delete_csr(std::string_view request_id);
  Result<ImportedCertificate> import_certificate(const CertificateImport& import);
  Result<void> activate(std::string_view certificate, bool active);
  Result<void> set_status(std::string_view certificate, std::string_view status);
  Result<void> delete_certificate(std::string_view certificate);

  Result<std::vector<Bytes>> sign(std::string_view key_id, pki::SignatureAlgorithm algorithm,
                                  std::span<const Bytes> digests);

 private:
  struct Reply;
  explicit SignerConnection(int socket) : socket_(socket) {}
  Result<Reply> exchange(std::string frame);
  // JSON in, JSON out (signer/control.hpp).
  Result<std::string> control(std::string_view request);
  Result<void> simple(std::string_view request);

  int socket_;
  std::uint32_t next_id_ = 1;
};

}  // namespace causeway::signer
