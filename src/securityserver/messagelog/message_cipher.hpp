// SPDX-License-Identifier: MIT
// Encryption of messages and attachments in the log (evidence.md 4.3): AES-128-CTR with
// keys derived from the secret keys of a PKCS#12 store. A record names its key, so a new
// key can be taken into use while records of older ones stay readable.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "base/parameters.hpp"
#include "base/result.hpp"
#include "pki/aes_ctr.hpp"

namespace causeway::securityserver {

class MessageCipher {
 public:
  // From message-log.messagelog-keystore and its password, which may also stand in the
  // environment. Without a store there are no keys. malformed_server_conf when the store
  // cannot be read, or when encryption is enabled and the key of new records is absent.
  static Result<std::shared_ptr<const MessageCipher>> from(const Parameters& parameters);

  // The key of new records; empty: they are not encrypted.
  const std::string& current_key() const { return current_; }

  // key_not_found, with the key's id.
  Result<pki::AesCtr> of_message(const std::string& key_id, std::uint64_t record) const;
  // `number` counts from 1, as in "/attachment1".
  Result<pki::AesCtr> of_attachment(const std::string& key_id, std::uint64_t record, std::uint32_t number) const;

 private:
  struct Keys {
    Bytes message, attachment;
  };
  Result<const Keys*> keys_of(const std::string& key_id) const;

  std::map<std::string, Keys> keys_;
  std::string current_;
};

}  // namespace causeway::securityserver
