// SPDX-License-Identifier: MIT
#include "pki/csr.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/pki/files.hpp"

namespace causeway::pki {
namespace {

CsrSpec spec(CsrUse use) {
  return {.subject = *DistinguishedName::parse("C=FI, O=Org, serialNumber=TEST/ss/COM, CN=1234"), .use = use};
}

TEST(Csr, ReadsBackWhatItAsksFor) {
  const PrivateKey key = *PrivateKey::generate_ec();
  CsrSpec asked = spec(CsrUse::authentication);
  asked.alt_names = {"ss.example"};
  const auto request = make_csr(asked, key);
  ASSERT_TRUE(request) << request.error().text;
  for (const Bytes& form : {*request, to_bytes(csr_to_pem(*request))}) {
    const auto read = read_csr(form);
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->subject.der(), asked.subject.der());
    EXPECT_EQ(read->key, key.public_key());
    EXPECT_EQ(read->use, CsrUse::authentication);
    EXPECT_EQ(read->alt_names, asked.alt_names);
  }
}

TEST(Csr, AsksForTheUsagesOfXRoadWithoutCriticality) {
  const PrivateKey key = *PrivateKey::generate_ec();
  // OID keyUsage, no BOOLEAN, then the BIT STRING.
  EXPECT_NE(to_hex(*make_csr(spec(CsrUse::signing), key)).find("0603551d0f040403020244"), std::string::npos);
  EXPECT_NE(to_hex(*make_csr(spec(CsrUse::authentication), key)).find("0603551d0f0404030204b0"), std::string::npos);
  EXPECT_EQ(to_hex(*make_csr(spec(CsrUse::none), key)).find("0603551d0f"), std::string::npos);
}

TEST(Csr, IsSignedByAKeyThatLivesElsewhere) {
  const PrivateKey rsa = *PrivateKey::generate_rsa(2048);
  const PrivateKey ec = *PrivateKey::generate_ec();
  for (const SignatureScheme scheme : {SignatureScheme::rsa_pkcs1, SignatureScheme::rsa_pss, SignatureScheme::ecdsa}) {
    const PrivateKey& key = scheme == SignatureScheme::ecdsa ? ec : rsa;
    for (const DigestAlgorithm algorithm : {DigestAlgorithm::sha256, DigestAlgorithm::sha512}) {
      const auto request =
          make_csr(spec(CsrUse::signing), key.public_key(), {scheme, algorithm},
                   [&](SignatureAlgorithm asked, ByteView hash) { return key.sign_digest(asked, hash); });
      ASSERT_TRUE(request) << request.error().text;
      EXPECT_TRUE(read_csr(*request)) << static_cast<int>(scheme);
    }
  }
}

TEST(Csr, PassesOnWhyItCouldNotBeSigned) {
  const PrivateKey key = *PrivateKey::generate_ec();
  const auto request =
      make_csr(spec(CsrUse::signing), key.public_key(), {SignatureScheme::ecdsa, DigestAlgorithm::sha256},
               [](SignatureAlgorithm, ByteView) -> Result<Bytes> { return Fault{"token_not_active", "log in first"}; });
  EXPECT_EQ(request.error().code, "token_not_active");
}

TEST(Csr, ReadsOneMadeByOpenssl) {
  const auto read = read_csr(as_bytes(data_file("request.pem")));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->subject.to_string(), "C=FI, O=Org, CN=cli");
  EXPECT_EQ(read->use, CsrUse::signing);
  EXPECT_EQ(read->alt_names, (std::vector<std::string>{"a.example", "127.0.0.1"}));
}

TEST(Csr, RefusesAForgedOrMalformedOne) {
  const PrivateKey key = *PrivateKey::generate_ec();
  Bytes request = *make_csr(spec(CsrUse::signing), key);
  Bytes forged = request;
  const auto member_code = std::ranges::search(forged, as_bytes("1234"));
  ASSERT_FALSE(member_code.empty());
  member_code[0] = '9';
  EXPECT_EQ(read_csr(forged).error().code, "bad_request");
  for (std::size_t length = 0; length < request.size(); length += 13) {
    EXPECT_FALSE(read_csr(ByteView(request).first(length)));
  }
  EXPECT_FALSE(read_csr(Bytes(100000)));
}

}  // namespace
}  // namespace causeway::pki
