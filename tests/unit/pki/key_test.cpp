// SPDX-License-Identifier: MIT
#include "pki/key.hpp"

#include <gtest/gtest.h>

namespace causeway::pki {
namespace {

using enum DigestAlgorithm;

const PrivateKey& rsa_key() {
  static const PrivateKey key = *PrivateKey::generate_rsa(2048);
  return key;
}

const PrivateKey& ec_key() {
  static const PrivateKey key = *PrivateKey::generate_ec();
  return key;
}

TEST(Key, SignsAndVerifiesWithEveryScheme) {
  for (const SignatureScheme scheme : {SignatureScheme::rsa_pkcs1, SignatureScheme::rsa_pss, SignatureScheme::ecdsa}) {
    const PrivateKey& key = scheme == SignatureScheme::ecdsa ? ec_key() : rsa_key();
    for (const DigestAlgorithm algorithm : {sha256, sha384, sha512}) {
      const auto signature = key.sign({scheme, algorithm}, as_bytes("data"));
      ASSERT_TRUE(signature);
      EXPECT_TRUE(key.public_key().verify({scheme, algorithm}, as_bytes("data"), *signature));
      EXPECT_FALSE(key.public_key().verify({scheme, algorithm}, as_bytes("Data"), *signature));
      EXPECT_TRUE(key.public_key().verify_digest({scheme, algorithm}, digest(algorithm, as_bytes("data")), *signature));
    }
  }
}

// More keys than are kept ready to verify, in turns, between signatures that are wrong.
TEST(Key, VerifiesWithManyKeysInTurns) {
  constexpr SignatureAlgorithm kAlgorithm{SignatureScheme::ecdsa, sha256};
  std::vector<PrivateKey> keys;
  std::vector<Bytes> signatures;
  for (int i = 0; i < 40; ++i) {
    keys.push_back(*PrivateKey::generate_ec());
    signatures.push_back(*keys.back().sign(kAlgorithm, as_bytes("data")));
  }
  for (int round = 0; round < 3; ++round)
    for (std::size_t i = 0; i < keys.size(); ++i)
      for (const std::size_t signer : {i, (i + 1) % keys.size(), i}) {
        EXPECT_EQ(keys[i].public_key().verify(kAlgorithm, as_bytes("data"), signatures[signer]), signer == i);
        EXPECT_FALSE(keys[i].public_key().verify(kAlgorithm, as_bytes("data"), {}));
      }
}

TEST(Key, RefusesAnAlgorithmOfTheOtherKind) {
  EXPECT_FALSE(rsa_key().sign({SignatureScheme::ecdsa, sha256}, as_bytes("data")));
  const auto signature = rsa_key().sign({SignatureScheme::rsa_pkcs1, sha256}, as_bytes("data"));
  EXPECT_FALSE(ec_key().public_key().verify({SignatureScheme::rsa_pkcs1, sha256}, as_bytes("data"), *signature));
  EXPECT_FALSE(rsa_key().public_key().verify({SignatureScheme::rsa_pss, sha256}, as_bytes("data"), *signature));
}

TEST(Key, RefusesADigestOfTheWrongLength) {
  const Bytes short_digest(20);
  EXPECT_FALSE(ec_key().sign_digest({SignatureScheme::ecdsa, sha256}, short_digest));
  EXPECT_FALSE(rsa_key().sign_digest({SignatureScheme::rsa_pkcs1, sha256}, short_digest));
}

TEST(Key, SurvivesPemAndSpki) {
  for (const PrivateKey& key : {rsa_key(), ec_key()}) {
    const auto read = PrivateKey::from_pem(key.to_pem());
    ASSERT_TRUE(read);
    EXPECT_EQ(read->public_key(), key.public_key());
    const auto public_key = PublicKey::from_spki(key.public_key().spki());
    ASSERT_TRUE(public_key);
    EXPECT_EQ(*public_key, key.public_key());
    EXPECT_EQ(public_key->spki(), key.public_key().spki());
  }
  EXPECT_FALSE(rsa_key().public_key() == ec_key().public_key());
}

TEST(Key, RefusesWeakAndUnknownKeys) {
  EXPECT_FALSE(PrivateKey::generate_rsa(1024));
  EXPECT_FALSE(PrivateKey::generate_rsa(1000000));
  EXPECT_FALSE(PrivateKey::generate_ec("secp521r1"));
  EXPECT_TRUE(PrivateKey::generate_ec("secp384r1"));
  EXPECT_FALSE(PrivateKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"));
  Bytes spki = ec_key().public_key().spki();
  spki.push_back(0);
  EXPECT_FALSE(PublicKey::from_spki(spki));
  EXPECT_FALSE(PublicKey::from_spki({}));
}

TEST(Key, KnowsTheWidthOfEcdsaValues) {
  EXPECT_EQ(ec_key().public_key().ec_field_size(), 32U);
  EXPECT_EQ(PrivateKey::generate_ec("secp384r1")->public_key().ec_field_size(), 48U);
  EXPECT_EQ(rsa_key().public_key().ec_field_size(), 0U);
}

TEST(EcdsaValue, IsWrittenAtFullWidthAndReadBySplitting) {
  const auto der = from_hex("3006020101020102");
  const auto raw = ecdsa_der_to_raw(*der, 4);
  ASSERT_TRUE(raw);
  EXPECT_EQ(to_hex(*raw), "0000000100000002");
  // Java drops leading zeros of both halves (evidence.md 1.3).
  for (const char* form : {"0102", "00010002", "0000000100000002"}) {
    const auto back = ecdsa_raw_to_der(*from_hex(form));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, *der);
  }
}

TEST(EcdsaValue, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(ecdsa_der_to_raw(*from_hex("300602010102010200"), 4));
  EXPECT_FALSE(ecdsa_der_to_raw(*from_hex("3008020301020302010"
                                          "2"),
                                2));
  EXPECT_FALSE(ecdsa_der_to_raw(*from_hex("30060201ff020102"), 4));
  EXPECT_FALSE(ecdsa_raw_to_der(*from_hex("010203")));
  EXPECT_FALSE(ecdsa_raw_to_der({}));
  EXPECT_FALSE(ecdsa_raw_to_der(Bytes(1000)));
}

}  // namespace
}  // namespace causeway::pki
