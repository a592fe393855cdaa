// SPDX-License-Identifier: MIT
#include "pki/pkcs12.hpp"

#include <gtest/gtest.h>

#include "unit/pki/files.hpp"
#include "unit/pki/world.hpp"

namespace causeway::pki {
namespace {

TEST(Pkcs12, ReadsBackWhatItWrites) {
  const World& w = world();
  const std::vector<Certificate> chain = {w.member.certificate, w.ca.certificate};
  const auto written = write_pkcs12(w.member.key, chain, "0a1b", "pa\"ss ä");
  ASSERT_TRUE(written) << written.error().text;
  const auto read = read_pkcs12(*written, "pa\"ss ä");
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->key.public_key(), w.member.key.public_key());
  EXPECT_EQ(read->certificates, chain);
  EXPECT_EQ(read->alias, "0a1b");
}

TEST(Pkcs12, UsesTheAlgorithmsOfAJdk) {
  const World& w = world();
  const std::vector<Certificate> chain = {w.member.certificate};
  const std::string hex = to_hex(*write_pkcs12(w.member.key, chain, "x", "Secret1234"));
  EXPECT_NE(hex.find("06092a864886f70d01050d"), std::string::npos);  // PBES2
  EXPECT_NE(hex.find("060960864801650304012a"), std::string::npos);  // AES-256-CBC
  EXPECT_NE(hex.find("06082a864886f70d0209"), std::string::npos);    // HMAC-SHA256
  EXPECT_NE(hex.find("0609608648016503040201"), std::string::npos);  // SHA-256
  EXPECT_NE(hex.find("02022710"), std::string::npos);                // 10000 rounds
}

TEST(Pkcs12, ReadsAStoreMadeByAJdk) {
  const auto read = read_pkcs12(as_bytes(data_file("jdk.p12")), "Secret1234");
  ASSERT_TRUE(read) << read.error().text;
  ASSERT_EQ(read->certificates.size(), 1U);
  EXPECT_EQ(read->certificates[0].subject_rfc2253(), "CN=KeyHolder");
  EXPECT_EQ(read->certificates[0].public_key(), read->key.public_key());
  EXPECT_EQ(read->alias, "abcdef01");
}

TEST(Pkcs12, ReadsAnOldStoreWithRc2) {
  const auto read = read_pkcs12(as_bytes(data_file("legacy.p12")), "Secret1234");
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->alias, "Old");
  const SignatureAlgorithm algorithm{SignatureScheme::ecdsa, DigestAlgorithm::sha256};
  EXPECT_TRUE(
      read->certificates[0].public_key().verify(algorithm, as_bytes("x"), *read->key.sign(algorithm, as_bytes("x"))));
}

TEST(Pkcs12, TellsAWrongPasswordFromABrokenStore) {
  const std::string store = data_file("jdk.p12");
  EXPECT_EQ(read_pkcs12(as_bytes(store), "secret1234").error().code, kWrongPassword);
  EXPECT_EQ(read_pkcs12(as_bytes(store), "").error().code, kWrongPassword);
  EXPECT_EQ(read_pkcs12(as_bytes("rubbish"), "x").error().code, "internal_error");
  for (std::size_t length = 0; length < store.size(); length += 97) {
    EXPECT_FALSE(read_pkcs12(as_bytes(store).first(length), "Secret1234"));
  }
}

// keytool -genseckey, with a key pair beside.
TEST(Pkcs12, ReadsSecretKeysOfAJdk) {
  const std::string store = data_file("jdk-secret-keys.p12");
  const auto keys = read_secret_keys(as_bytes(store), "somepassword");
  ASSERT_TRUE(keys) << keys.error().text;
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ((*keys)[0].alias, "key1");
  EXPECT_EQ(to_hex((*keys)[0].secret), "790547db9fc04c28195cf1b189be90185178d0741a4980f7899d0d5500abe247");
  EXPECT_EQ((*keys)[1].alias, "key2026");
  EXPECT_EQ(to_hex((*keys)[1].secret), "f1f8703a06365ccdba3d7307ba286c08");
  EXPECT_EQ(read_secret_keys(as_bytes(store), "other").error().code, kWrongPassword);
  for (std::size_t length = 0; length < store.size(); length += 97)
    EXPECT_FALSE(read_secret_keys(as_bytes(store).first(length), "somepassword"));
  const auto none = read_secret_keys(as_bytes(data_file("jdk.p12")), "Secret1234");
  ASSERT_TRUE(none) << none.error().text;
  EXPECT_TRUE(none->empty());
}

TEST(Pkcs12, ReadsWhatXRoadTestsWith) {
  const auto folder = xroad_vectors();
  if (!folder) GTEST_SKIP() << "no X-Road test data";
  for (const char* name : {"producer", "consumer", "root-ca", "ocspsigner", "internal", "test_chain/ca_3"}) {
    const auto path = *folder / "common/common-test/src/test/certs" / (std::string(name) + ".p12");
    const auto read = read_pkcs12(as_bytes(*read_file(path)), "test");
    ASSERT_TRUE(read) << name << ": " << read.error().text;
    ASSERT_FALSE(read->certificates.empty()) << name;
    EXPECT_EQ(read->certificates[0].public_key(), read->key.public_key()) << name;
  }
}

}  // namespace
}  // namespace causeway::pki
