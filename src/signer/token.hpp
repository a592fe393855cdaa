// SPDX-License-Identifier: MIT
// A token: a place that holds private keys and signs with them after a PIN was entered.
// The seam behind which software tokens and hardware security modules look alike.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "pki/key.hpp"

namespace causeway::signer {

// Statuses of a token (evidence.md section 7).
inline constexpr std::string_view kTokenOk = "OK";
inline constexpr std::string_view kTokenPinIncorrect = "USER_PIN_INCORRECT";
inline constexpr std::string_view kTokenUninitialized = "NOT_INITIALIZED";

struct KeySpec {
  bool rsa = true;
  unsigned bits = 2048;             // RSA: 2048, 3072 or 4096
  std::string curve = "secp256r1";  // EC: or secp384r1
};

struct NewKey {
  std::string id;
  Bytes public_key;  // SubjectPublicKeyInfo
};

// A private key that can sign now. Safe to share between threads; stays usable while
// somebody holds it, also past a logout.
class SigningKey {
 public:
  virtual ~SigningKey() = default;
  virtual pki::PublicKey public_key() const = 0;
  // ECDSA as DER. unsupported_sign_algorithm when key and algorithm do not fit.
  virtual Result<Bytes> sign_digest(pki::SignatureAlgorithm algorithm, ByteView digest) const = 0;
  // access_denied where the key cannot leave its token.
  virtual Result<pki::PrivateKey> export_key() const = 0;
};

// Safe to call from every thread.
class Token {
 public:
  virtual ~Token() = default;

  virtual const std::string& id() const = 0;
  virtual std::string status() const = 0;
  virtual bool active() const = 0;
  virtual bool batch_signing() const = 0;

  // Sets the first PIN.
  virtual Result<void> initialize(std::string_view pin) = 0;
  // pin_incorrect, token_not_initialized.
  virtual Result<void> login(std::string_view pin) = 0;
  virtual void logout() = 0;
  virtual Result<void> change_pin(std::string_view current, std::string_view changed) = 0;

  // token_not_active without a PIN.
  virtual Result<NewKey> generate_key(const KeySpec& spec) = 0;
  virtual Result<void> delete_key(std::string_view key_id) = 0;
  // All keys the token is seen to have, with or without a PIN.
  virtual std::vector<std::string> key_ids() const = 0;
  // token_not_active, key_not_found.
  virtual Result<std::shared_ptr<const SigningKey>> key(std::string_view key_id) const = 0;
  // Looks for keys that came since the last look.
  virtual void refresh() = 0;
};

}  // namespace causeway::signer
