// SPDX-License-Identifier: MIT
#include "pki/aes_ctr.hpp"

#include <gtest/gtest.h>

namespace causeway::pki {
namespace {

// RFC 5869 has no vector for SHA-512; this is its test case 1 with that digest.
TEST(HkdfTest, DerivesWhatOthersDerive) {
  const Bytes secret(22, 0x0b);
  EXPECT_EQ(to_hex(hkdf(DigestAlgorithm::sha512, secret, *from_hex("000102030405060708090a0b0c"),
                        *from_hex("f0f1f2f3f4f5f6f7f8f9"), 42)),
            "832390086cda71fb47625bb5ceb168e4c8e26a1a16ed34d9fc7fe92c1481579338da362cb8d9f925d7cb");
  EXPECT_EQ(to_hex(hkdf(DigestAlgorithm::sha256, secret, *from_hex("000102030405060708090a0b0c"),
                        *from_hex("f0f1f2f3f4f5f6f7f8f9"), 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

// NIST SP 800-38A F.5.1.
TEST(AesCtrTest, EncryptsTheVectorOfNist) {
  std::array<std::uint8_t, 16> counter{};
  for (std::size_t i = 0; i < 16; ++i) counter[i] = static_cast<std::uint8_t>(0xf0 + i);
  AesCtr cipher(*from_hex("2b7e151628aed2a6abf7158809cf4f3c"), counter);
  Bytes octets = *from_hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
  cipher.apply(octets);
  EXPECT_EQ(to_hex(octets), "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff");
}

}  // namespace
}  // namespace causeway::pki
