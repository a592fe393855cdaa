// SPDX-License-Identifier: MIT
// What the signer's tests share.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "signer/token_manager.hpp"
#include "support/locations.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::signer {

using testing::TemporaryDirectory;

// A signer directory of X-Road's own tests (PIN "Secret1234"); none where the vectors are not at hand.
inline std::optional<std::filesystem::path> xroad_signer_directory() {
  const auto vectors = testing::xroad_vectors();
  if (!vectors) return std::nullopt;
  const std::filesystem::path directory =
      *vectors / "security-server/system-test/src/intTest/resources/container-files/etc/xroad/signer-predefined";
  std::error_code ignored;
  if (!std::filesystem::exists(directory / "keyconf.xml", ignored)) return std::nullopt;
  return directory;
}

inline constexpr std::string_view kPin = "Secret1234";

// A signer's directory with an initialised token that is logged in.
class SignerDirectory {
 public:
  SignerDirectory() {
    manager_ = open();
    must(manager_->initialize_token("0", kPin)), must(manager_->login("0", kPin));
  }

  TokenManager& manager() { return *manager_; }
  std::filesystem::path path() const { return directory_.path() / "signer"; }
  std::string socket() const { return (directory_.path() / "run" / "signer.sock").string(); }
  // As after a restart of the process.
  void reopen() {
    manager_.reset();
    manager_ = open();
  }
  std::string new_key(bool rsa = true) {
    auto key = manager_->generate_key("0", "test", {.rsa = rsa});
    must(key);
    return key->id;
  }

  template <class T>
  static void must(const Result<T>& result) {
    if (!result) throw std::runtime_error(result.error().text);
  }

 private:
  std::unique_ptr<TokenManager> open() const {
    auto manager =
        TokenManager::open({.directory = path(), .parameters = {}, .check_chain = {}, .check_revocation = {}});
    must(manager);
    return *std::move(manager);
  }

  TemporaryDirectory directory_;
  std::unique_ptr<TokenManager> manager_;
};

inline const KeyInfo* find_key(const std::vector<TokenInfo>& tokens, std::string_view id) {
  for (const TokenInfo& token : tokens)
    for (const KeyInfo& key : token.keys)
      if (key.id == id) return &key;
  return nullptr;
}

inline std::vector<Bytes> some_digests(std::size_t count, std::size_t size = 64) {
  std::vector<Bytes> digests(count, Bytes(size, 7));
  for (std::size_t i = 0; i < count; ++i) digests[i][0] = static_cast<std::uint8_t>(i), digests[i][1] = i >> 8;
  return digests;
}

inline constexpr pki::SignatureAlgorithm kRsaSha512{pki::SignatureScheme::rsa_pkcs1, pki::DigestAlgorithm::sha512};
inline constexpr pki::SignatureAlgorithm kEcSha512{pki::SignatureScheme::ecdsa, pki::DigestAlgorithm::sha512};

}  // namespace causeway::signer
