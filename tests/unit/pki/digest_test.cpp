// SPDX-License-Identifier: MIT
#include "pki/digest.hpp"

#include <gtest/gtest.h>

#include "pki/signature_algorithm.hpp"

namespace causeway::pki {
namespace {

TEST(Digest, MatchesPublishedValues) {
  EXPECT_EQ(to_hex(digest(DigestAlgorithm::sha1, as_bytes("abc"))), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(to_hex(digest(DigestAlgorithm::sha224, as_bytes("abc"))),
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
  EXPECT_EQ(to_hex(digest(DigestAlgorithm::sha256, as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_base64(digest(DigestAlgorithm::sha512, {})),
            "z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==");
}

TEST(Digest, HashesInPiecesAsInOne) {
  Hasher first(DigestAlgorithm::sha512), second(DigestAlgorithm::sha256);
  first.update(as_bytes("ab"));
  second.update(as_bytes("abc"));
  Hasher moved = std::move(first);
  moved.update(as_bytes("c"));
  EXPECT_EQ(moved.finish(), digest(DigestAlgorithm::sha512, as_bytes("abc")));
  EXPECT_EQ(second.finish(), digest(DigestAlgorithm::sha256, as_bytes("abc")));
}

TEST(Digest, ReusesContextsWithoutMixingTheirStates) {
  for (int i = 0; i < 100; ++i) {
    Hasher abandoned(DigestAlgorithm::sha384);
    abandoned.update(as_bytes("left behind"));
    Hasher used(DigestAlgorithm::sha256);
    used.update(as_bytes("abc"));
    EXPECT_EQ(used.finish(), digest(DigestAlgorithm::sha256, as_bytes("abc")));
  }
}

TEST(Digest, NamesGoBothWays) {
  using enum DigestAlgorithm;
  for (const DigestAlgorithm algorithm : {sha1, sha224, sha256, sha384, sha512}) {
    EXPECT_EQ(digest_from_uri(digest_uri(algorithm)), algorithm);
    EXPECT_EQ(digest_from_name(digest_name(algorithm)), algorithm);
  }
  EXPECT_EQ(digest_uri(sha512), "http://www.w3.org/2001/04/xmlenc#sha512");
  EXPECT_EQ(digest_from_name("sha-512"), sha512);
  EXPECT_EQ(digest_from_uri("http://www.w3.org/2001/04/xmlenc#SHA512"), std::nullopt);
  EXPECT_EQ(digest_from_uri("http://www.w3.org/2001/04/xmldsig-more#md5"), std::nullopt);
}

TEST(SignatureAlgorithm, NamesGoBothWays) {
  const SignatureAlgorithm pss{SignatureScheme::rsa_pss, DigestAlgorithm::sha384};
  EXPECT_EQ(signature_uri(pss), "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1");
  EXPECT_EQ(signature_name(pss), "SHA384withRSAandMGF1");
  EXPECT_EQ(signature_from_uri(signature_uri(pss)), pss);
  EXPECT_EQ(signature_from_name("sha384withrsaANDmgf1"), pss);
  EXPECT_EQ(signature_from_uri("http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
            (SignatureAlgorithm{SignatureScheme::rsa_pkcs1, DigestAlgorithm::sha1}));
  EXPECT_EQ(signature_from_name("MD5withRSA"), std::nullopt);
  EXPECT_EQ(signature_uri({SignatureScheme::rsa_pkcs1, DigestAlgorithm::sha224}), "");
}

}  // namespace
}  // namespace causeway::pki
