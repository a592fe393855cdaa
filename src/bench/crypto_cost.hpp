// SPDX-License-Identifier: MIT
// What signing and verifying costs on one core of this machine, now: what no protocol that
// signs can go below.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace causeway::bench {

// CPU seconds of one operation over a digest, with SHA-512.
struct CryptoCost {
  double sign = 0, verify = 0;

  // Of an exchange whose request and response are signed and verified one by one.
  double of_exchange() const { return 2 * sign + 2 * verify; }
};

enum class SigningKeys { rsa2048, rsa3072, p256 };

// "RSA-2048"
std::string to_string(SigningKeys keys);
// As `causeway up --keys` takes it.
std::string option_of(SigningKeys keys);

class CryptoMeter {
 public:
  // Makes a key. internal_error.
  static Result<CryptoMeter> make(SigningKeys keys);
  CryptoMeter(CryptoMeter&&) noexcept;
  ~CryptoMeter();
  // Takes about half a second of one core.
  Result<CryptoCost> measure() const;

 private:
  struct State;
  explicit CryptoMeter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace causeway::bench
