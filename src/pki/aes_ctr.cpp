// SPDX-License-Identifier: MIT
#include "pki/aes_ctr.hpp"

#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <algorithm>
#include <cstdlib>

#include "pki/openssl_handles.hpp"

namespace causeway::pki {
namespace {

using CipherContextPtr = Handle<EVP_CIPHER_CTX, &EVP_CIPHER_CTX_free>;
using KdfPtr = Handle<EVP_KDF, &EVP_KDF_free>;
using KdfContextPtr = Handle<EVP_KDF_CTX, &EVP_KDF_CTX_free>;

// What cannot fail but for want of memory.
void require(bool worked) {
  if (!worked) std::abort();
}

OSSL_PARAM octets_parameter(const char* name, ByteView octets) {
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(octets.data()), octets.size());
}

}  // namespace

struct AesCtr::State {
  CipherContextPtr context;
};

AesCtr::AesCtr(ByteView key, const std::array<std::uint8_t, kBlock>& counter)
    : state_(std::make_unique<State>(CipherContextPtr(EVP_CIPHER_CTX_new()))) {
  require(key.size() == kBlock && state_->context &&
          EVP_EncryptInit_ex2(state_->context.get(), EVP_aes_128_ctr(), key.data(), counter.data(), nullptr) == 1);
}
AesCtr::~AesCtr() = default;
AesCtr::AesCtr(AesCtr&&) noexcept = default;
AesCtr& AesCtr::operator=(AesCtr&&) noexcept = default;

void AesCtr::apply(std::span<std::uint8_t> octets) {
  constexpr std::size_t kAtOnce = 1UL << 30;  // OpenSSL counts in int
  while (!octets.empty()) {
    const auto piece = octets.first(std::min(octets.size(), kAtOnce));
    int done = 0;
    require(EVP_EncryptUpdate(state_->context.get(), piece.data(), &done, piece.data(),
                              static_cast<int>(piece.size())) == 1);
    octets = octets.subspan(piece.size());
  }
}

Bytes hkdf(DigestAlgorithm algorithm, ByteView secret, ByteView salt, ByteView info, std::size_t length) {
  const ErrorQueueGuard guard;
  const KdfPtr kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const KdfContextPtr context(EVP_KDF_CTX_new(kdf.get()));
  std::string name(digest_name(algorithm));
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name.data(), 0),
                                   octets_parameter(OSSL_KDF_PARAM_KEY, secret),
                                   octets_parameter(OSSL_KDF_PARAM_SALT, salt),
                                   octets_parameter(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  Bytes derived(length);
  require(context && EVP_KDF_derive(context.get(), derived.data(), derived.size(), parameters) == 1);
  return derived;
}

}  // namespace causeway::pki
