// SPDX-License-Identifier: MIT
// The signer's tokens together with what the key configuration says of their keys:
// every management operation, and the way from a key id to a key that signs.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/parameters.hpp"
#include "base/result.hpp"
#include "signer/key_configuration.hpp"
#include "signer/token.hpp"
#include "signer/token_info.hpp"

namespace causeway::signer {

struct CsrOptions {
  std::string key_id;
  KeyUsage usage = KeyUsage::signing;
  std::optional<ClientId> member;  // signing: whom the certificate will be for
  std::string subject;             // "C=EE, O=..., CN=..." in the order of the DER
  std::string alternative_name;    // DNS name, may be empty
  std::string certificate_profile;
};

struct CertificateImport {
  pki::Certificate certificate;
  // Of a signing certificate; taken from the key's request when there is only one.
  std::optional<ClientId> member;
  std::string status;  // empty: "registered" for signing, "saved" for authentication
  // Empty: as soon as it is registered, which certificates for signing are from the beginning.
  std::optional<bool> activate = {};
};

struct ImportedCertificate {
  std::string key_id, certificate_id;
  bool active = false;
  std::string activation_error;
};

class TokenManager {
 public:
  using CertificateCheck = std::function<Result<void>(const pki::Certificate&)>;
  struct Options {
    std::filesystem::path directory;  // of keyconf.xml and softtoken/
    Parameters parameters;
    // Against the global configuration: chain on import, OCSP answer before activation
    // (evidence.md 7). Empty: not checked here.
    CertificateCheck check_chain, check_revocation;
  };
  // malformed_server_conf, io_error. The directory is made when missing.
  static Result<std::unique_ptr<TokenManager>> open(Options options);

  // All below from any thread. Management operations run one at a time; signing and
  // listing do not wait for them.
  std::shared_ptr<const std::vector<TokenInfo>> tokens() const;
  std::uint64_t version() const { return version_.load(); }
  Result<std::shared_ptr<const SigningKey>> signing_key(std::string_view key_id) const;

  Result<void> initialize_token(std::string_view token_id, std::string_view pin);
  Result<void> login(std::string_view token_id, std::string_view pin);
  Result<void> logout(std::string_view token_id);
  Result<void> change_pin(std::string_view token_id, std::string_view current, std::string_view changed);
  Result<void> rename_token(std::string_view token_id, std::string name);

  // Without `spec` as signer.key-length and signer.key-named-curve say.
  KeySpec default_spec(bool rsa) const;
  Result<KeyInfo> generate_key(std::string_view token_id, std::string label, const KeySpec& spec);
  Result<void> rename_key(std::string_view key_id, std::string name);
  Result<void> delete_key(std::string_view key_id);

  // DER of the PKCS#10 request. wrong_key_usage, token_not_active, key_not_found.
  Result<Bytes> generate_csr(const CsrOptions& options);
  Result<void> delete_csr(std::string_view request_id);
  Result<ImportedCertificate> import_certificate(const CertificateImport& import);
  // A certificate is meant by its id or by the SHA-1 or SHA-256 hex of it.
  Result<void> activate(std::string_view certificate, bool active);
  Result<void> set_status(std::string_view certificate, std::string status);
  Result<void> delete_certificate(std::string_view certificate);

  // Only keys whose usage is authentication; access_denied for others.
  Result<pki::PrivateKey> authentication_key(std::string_view key_id) const;

  // Reads keyconf.xml again if it is not what was last read or written, and looks for
  // new key files. A faulty file is reported once and the earlier one stays in force.
  void reload_if_changed();

 private:
  // What a file looked like, to see whether it was changed.
  struct Stamp {
    std::int64_t size = -1, modified = 0;
    std::uint64_t inode = 0;
    bool operator==(const Stamp&) const = default;
  };

  explicit TokenManager(Options options);
  Result<void> load();
  Stamp stamp() const;
  std::filesystem::path file() const;
  Token* token(std::string_view id) const;
  Token* token_of_key(std::string_view key_id) const;
  // Puts `changed` in force once it is on disk.
  Result<void> save(KeyConfiguration changed);
  void adopt_new_keys();
  void publish();
  TokenInfo describe(const StoredDevice& device) const;

  const Options options_;
  std::map<std::string, std::unique_ptr<Token>, std::less<>> tokens_;  // fixed after open()
  mutable std::mutex change_;  // one management operation at a time; guards what follows
  KeyConfiguration configuration_;
  Stamp stamp_;
  std::vector<std::string> key_files_;
  std::atomic<std::uint64_t> version_;
  mutable std::mutex published_mutex_;
  std::shared_ptr<const std::vector<TokenInfo>> published_;
  std::map<std::string, Token*, std::less<>> token_by_key_;  // under published_mutex_
};

}  // namespace causeway::signer
