// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/message_cipher.hpp"

#include <array>
#include <cstdlib>

#include "base/files.hpp"
#include "domain/fault_code.hpp"
#include "pki/pkcs12.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kStoreLimit = 4 << 20;
constexpr std::size_t kKeySize = pki::AesCtr::kBlock;
constexpr const char* kPasswordVariable = "XROAD_MESSAGE-LOG_MESSAGELOG-KEYSTORE-PASSWORD";

std::string password_from(const Parameters& parameters) {
  const char* variable = std::getenv(kPasswordVariable);
  return parameters.text("message-log.messagelog-keystore-password", variable ? variable : "");
}

Result<std::vector<pki::SecretKey>> read_store(const Parameters& parameters) {
  const std::string path = parameters.text("message-log.messagelog-keystore", "");
  if (path.empty()) return std::vector<pki::SecretKey>();
  auto store = read_file(path, kStoreLimit);
  if (!store) return store.error();
  auto keys = pki::read_secret_keys(as_bytes(*store), password_from(parameters));
  if (!keys) return keys.error().while_doing(path);
  return keys;
}

using Counter = std::array<std::uint8_t, pki::AesCtr::kBlock>;

// The record's id first, both big-endian; the rest counts blocks.
Counter counter_of(std::uint64_t record, std::uint32_t index) {
  Counter counter{};
  for (std::size_t i = 0; i < 8; ++i) counter[i] = static_cast<std::uint8_t>(record >> (56 - 8 * i));
  for (std::size_t i = 0; i < 4; ++i) counter[8 + i] = static_cast<std::uint8_t>(index >> (24 - 8 * i));
  return counter;
}

}  // namespace

Result<std::shared_ptr<const MessageCipher>> MessageCipher::from(const Parameters& parameters) {
  auto secrets = read_store(parameters);
  if (!secrets)
    return fault(FaultCode::malformed_server_conf, "message-log.messagelog-keystore: " + secrets.error().text);
  auto cipher = std::make_shared<MessageCipher>();
  for (const pki::SecretKey& key : *secrets) {
    const Bytes derived = pki::hkdf(pki::DigestAlgorithm::sha512, key.secret, as_bytes(key.alias), {}, 2 * kKeySize);
    const auto middle = derived.begin() + static_cast<std::ptrdiff_t>(kKeySize);
    cipher->keys_[key.alias] = {Bytes(derived.begin(), middle), Bytes(middle, derived.end())};
  }
  if (!parameters.flag("message-log.messagelog-encryption-enabled", false)) return {std::move(cipher)};
  cipher->current_ = parameters.text("message-log.messagelog-key-id", "");
  if (!cipher->keys_.contains(cipher->current_))
    return fault(FaultCode::malformed_server_conf,
                 "message-log.messagelog-key-id: the key store has no secret key '" + cipher->current_ +
                     "'; ids are in lower case there, whatever they were when the key was made");
  return {std::move(cipher)};
}

Result<const MessageCipher::Keys*> MessageCipher::keys_of(const std::string& key_id) const {
  const auto found = keys_.find(key_id);
  if (found == keys_.end())
    return fault(FaultCode::key_not_found,
                 "the record is encrypted with the key '" + key_id + "', which message-log.messagelog-keystore lacks");
  return &found->second;
}

Result<pki::AesCtr> MessageCipher::of_message(const std::string& key_id, std::uint64_t record) const {
  auto keys = keys_of(key_id);
  if (!keys) return keys.error();
  return pki::AesCtr((*keys)->message, counter_of(record, 0));
}

Result<pki::AesCtr> MessageCipher::of_attachment(const std::string& key_id, std::uint64_t record,
                                                 std::uint32_t number) const {
  auto keys = keys_of(key_id);
  if (!keys) return keys.error();
  return pki::AesCtr((*keys)->attachment, counter_of(record, number - 1));
}

}  // namespace causeway::securityserver
