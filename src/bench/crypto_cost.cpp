// SPDX-License-Identifier: MIT
#include "bench/crypto_cost.hpp"

#include "bench/cpu_clock.hpp"
#include "domain/fault_code.hpp"
#include "pki/key.hpp"

namespace causeway::bench {
namespace {

constexpr double kSeconds = 0.2;  // of each operation

template <class Operation>
double cost_of(Operation operation) {
  return cpu_cost_of(kSeconds, operation);
}

Result<pki::PrivateKey> make_key(SigningKeys keys) {
  if (keys == SigningKeys::p256) return pki::PrivateKey::generate_ec();
  return pki::PrivateKey::generate_rsa(keys == SigningKeys::rsa3072 ? 3072 : 2048);
}

}  // namespace

std::string to_string(SigningKeys keys) {
  return keys == SigningKeys::p256 ? "P-256" : keys == SigningKeys::rsa3072 ? "RSA-3072" : "RSA-2048";
}

std::string option_of(SigningKeys keys) {
  return keys == SigningKeys::p256 ? "p256" : keys == SigningKeys::rsa3072 ? "rsa3072" : "rsa2048";
}

struct CryptoMeter::State {
  pki::PrivateKey key;
  pki::PublicKey public_key;
  pki::SignatureAlgorithm algorithm;
};

CryptoMeter::CryptoMeter(std::unique_ptr<State> state) : state_(std::move(state)) {}
CryptoMeter::CryptoMeter(CryptoMeter&&) noexcept = default;
CryptoMeter::~CryptoMeter() = default;

Result<CryptoMeter> CryptoMeter::make(SigningKeys keys) {
  auto key = make_key(keys);
  if (!key) return key.error();
  const auto scheme = keys == SigningKeys::p256 ? pki::SignatureScheme::ecdsa : pki::SignatureScheme::rsa_pkcs1;
  auto public_key = key->public_key();
  return CryptoMeter(
      std::make_unique<State>(State{*std::move(key), std::move(public_key), {scheme, pki::DigestAlgorithm::sha512}}));
}

Result<CryptoCost> CryptoMeter::measure() const {
  const Bytes digest(pki::digest_size(pki::DigestAlgorithm::sha512), 0x5a);
  const auto signature = state_->key.sign_digest(state_->algorithm, digest);
  if (!signature) return signature.error();
  bool good = true;
  CryptoCost cost;
  cost.sign = cost_of([&] { good = state_->key.sign_digest(state_->algorithm, digest).ok() && good; });
  cost.verify =
      cost_of([&] { good = state_->public_key.verify_digest(state_->algorithm, digest, *signature) && good; });
  if (!good) return fault(FaultCode::internal_error, "what was signed does not verify");
  return cost;
}

}  // namespace causeway::bench
