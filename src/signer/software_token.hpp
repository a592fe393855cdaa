// SPDX-License-Identifier: MIT
// The software token: a folder of PKCS#12 files as X-Road lays it out (evidence.md
// section 7). `<KEYID>.p12` holds a key and a certificate that only fills its place,
// `.softtoken.p12` a key that only proves the PIN; the PIN is the password of all.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "signer/secret.hpp"
#include "signer/token.hpp"

namespace causeway::signer {

inline constexpr std::string_view kSoftwareTokenId = "0";

class SoftwareToken : public Token {
 public:
  struct Options {
    std::filesystem::path directory;  // ".../softtoken"
    bool enforce_pin_policy = false;  // signer.enforce-token-pin-policy
  };
  // Also ends a change of the PIN that was cut off: either all keys have the old PIN
  // afterwards or all have the new one.
  static Result<std::unique_ptr<SoftwareToken>> open(Options options);

  const std::string& id() const override { return id_; }
  std::string status() const override;
  bool active() const override;
  bool batch_signing() const override { return true; }
  Result<void> initialize(std::string_view pin) override;
  Result<void> login(std::string_view pin) override;
  void logout() override;
  Result<void> change_pin(std::string_view current, std::string_view changed) override;
  Result<NewKey> generate_key(const KeySpec& spec) override;
  Result<void> delete_key(std::string_view key_id) override;
  std::vector<std::string> key_ids() const override;
  Result<std::shared_ptr<const SigningKey>> key(std::string_view key_id) const override;
  void refresh() override;

 private:
  using Keys = std::map<std::string, std::shared_ptr<const SigningKey>, std::less<>>;

  explicit SoftwareToken(Options options) : options_(std::move(options)) {}
  std::filesystem::path pin_file() const;
  std::filesystem::path key_file(std::string_view key_id) const;
  bool initialized() const;
  Result<void> check_pin(std::string_view pin) const;
  void load_keys(std::string_view pin, Keys& keys) const;
  Result<void> write_all_anew(const std::filesystem::path& directory, std::string_view current,
                              std::string_view changed) const;

  const Options options_;
  const std::string id_{kSoftwareTokenId};
  mutable std::mutex change_;  // one PIN or key operation at a time; taken before state_
  mutable std::mutex state_;   // of what follows, held for moments
  std::optional<Secret> pin_;  // while logged in
  bool pin_was_wrong_ = false;
  Keys keys_;
};

// 20 random octets in upper-case hex, as X-Road names keys, certificates and requests.
std::string random_id();

}  // namespace causeway::signer
