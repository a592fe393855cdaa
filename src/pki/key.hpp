// SPDX-License-Identifier: MIT
// Public and private keys. Values are cheap to copy and safe to share between threads.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/signature_algorithm.hpp"

struct evp_pkey_st;

namespace causeway::pki {

class PublicKey {
 public:
  static Result<PublicKey> from_spki(ByteView der);
  Bytes spki() const;
  bool is_rsa() const;
  // Octets of one ECDSA coordinate; 0 for RSA.
  std::size_t ec_field_size() const;

  // ECDSA signatures are DER here. False for anything that does not verify.
  bool verify(SignatureAlgorithm algorithm, ByteView data, ByteView signature) const;
  bool verify_digest(SignatureAlgorithm algorithm, ByteView digest, ByteView signature) const;

  bool operator==(const PublicKey& other) const;
  // For this library and TLS only.
  evp_pkey_st* handle() const { return key_.get(); }
  explicit PublicKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
 public:
  static Result<PrivateKey> generate_rsa(unsigned bits);                        // >= 2048
  static Result<PrivateKey> generate_ec(std::string_view curve = "secp256r1");  // or secp384r1
  static Result<PrivateKey> from_pem(std::string_view pem);                     // unencrypted PKCS#8 or traditional

  std::string to_pem() const;  // PKCS#8, unencrypted
  PublicKey public_key() const;
  bool is_rsa() const;

  // ECDSA signatures come out as DER.
  Result<Bytes> sign(SignatureAlgorithm algorithm, ByteView data) const;
  Result<Bytes> sign_digest(SignatureAlgorithm algorithm, ByteView digest) const;

  evp_pkey_st* handle() const { return key_.get(); }
  explicit PrivateKey(std::shared_ptr<evp_pkey_st> key) : key_(std::move(key)) {}

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

// XML signatures carry ECDSA values as r and s side by side (evidence.md 1.3): written
// at the field's width, read by splitting in half (Java drops leading zeros of both).
Result<Bytes> ecdsa_der_to_raw(ByteView der, std::size_t field_size);
Result<Bytes> ecdsa_raw_to_der(ByteView raw);

}  // namespace causeway::pki
