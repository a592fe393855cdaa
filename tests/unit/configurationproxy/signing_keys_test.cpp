// SPDX-License-Identifier: MIT
#include "configurationproxy/signing_keys.hpp"

#include <gtest/gtest.h>

#include "configurationproxy/proxy_anchor.hpp"
#include "signer/usable_key.hpp"
#include "unit/configurationproxy/proxy_fixture.hpp"

namespace causeway::configurationproxy {
namespace {

class SigningKeys : public ::testing::Test {
 protected:
  ProxyWorld world;
  InstanceConfiguration instance = world.instance();
  signer::SignerConnection signer = world.signer.connect();
};

TEST_F(SigningKeys, EachHasACertificateThatHoldsIt) {
  for (const bool rsa : {true, false}) {
    const auto key = generate_signing_key(instance, signer, "0", rsa);
    ASSERT_TRUE(key) << key.error().text;
    const auto certificate = instance.certificate(*key);
    ASSERT_TRUE(certificate) << certificate.error().text;
    EXPECT_EQ(certificate->public_key().is_rsa(), rsa);
    EXPECT_TRUE(certificate->issued_by(*certificate));
    EXPECT_EQ(to_iso_seconds(certificate->not_before()), "1970-01-01T00:00:00Z");
    EXPECT_EQ(to_iso_seconds(certificate->not_after()), "2038-01-01T00:00:00Z");
  }
}

TEST_F(SigningKeys, OneThatTheSignerHasCanBeTakenOnce) {
  const std::string key = world.signer.directory.new_key();
  ASSERT_TRUE(add_signing_key(instance, signer, key));
  EXPECT_EQ(instance.active_key(), key);
  EXPECT_EQ(add_signing_key(instance, signer, key).error().code, "bad_request");
  EXPECT_EQ(add_signing_key(instance, signer, "ABCD").error().code, "key_not_found");
}

TEST_F(SigningKeys, OneWhoseTokenIsLoggedOutCannotBeTakenOrActivated) {
  const std::string key = world.signer.directory.new_key(), other = world.signer.directory.new_key();
  ASSERT_TRUE(add_signing_key(instance, signer, key));
  ASSERT_TRUE(signer.logout("0"));
  EXPECT_EQ(add_signing_key(instance, signer, other).error().code, "key_not_available");
  EXPECT_EQ(activate_signing_key(instance, signer, key).error().code, "key_not_available");
}

TEST_F(SigningKeys, OnlyTheInstancesOwnIsActivated) {
  const std::string strange = world.signer.directory.new_key();
  EXPECT_EQ(activate_signing_key(instance, signer, strange).error().code, "key_not_found");
}

TEST_F(SigningKeys, TheActiveOneIsNotDeleted) {
  const std::string first = *generate_signing_key(instance, signer, "0", false);
  const std::string second = *generate_signing_key(instance, signer, "0", false);
  EXPECT_EQ(delete_signing_key(world.settings.instances, instance, signer, first).error().code, "bad_request");
  EXPECT_EQ(delete_signing_key(world.settings.instances, instance, signer, "ABCD").error().code, "key_not_found");
  EXPECT_EQ(*delete_signing_key(world.settings.instances, instance, signer, second), true);
  EXPECT_FALSE(std::filesystem::exists(instance.certificate_file(second)));
  EXPECT_EQ(signer::usable_key(*signer.list_tokens(), second).error().code, "key_not_found");
  EXPECT_EQ(world.instance().keys(), std::vector<std::string>{first});
}

TEST_F(SigningKeys, OneThatAnotherInstanceUsesStaysInTheSigner) {
  auto other = *InstanceConfiguration::create(world.settings.instances, "PROXY2");
  const std::string first = *generate_signing_key(instance, signer, "0", false);
  const std::string shared = *generate_signing_key(instance, signer, "0", false);
  ASSERT_TRUE(add_signing_key(other, signer, shared));
  EXPECT_EQ(*delete_signing_key(world.settings.instances, instance, signer, shared), false);
  EXPECT_TRUE(signer::usable_key(*signer.list_tokens(), shared));
}

TEST_F(SigningKeys, TheAnchorHasAllOfThemAtBothAddresses) {
  EXPECT_EQ(proxy_anchor(world.settings, instance).error().code, "malformed_configuration");
  const std::string first = *generate_signing_key(instance, signer, "0", false);
  const std::string second = *generate_signing_key(instance, signer, "0", true);
  ASSERT_TRUE(activate_signing_key(instance, signer, second));
  const auto anchor = proxy_anchor(world.settings, instance);
  ASSERT_TRUE(anchor) << anchor.error().text;
  EXPECT_EQ(anchor->instance, "DEV");
  EXPECT_TRUE(anchor->generated_at);
  ASSERT_EQ(anchor->sources.size(), 2U);
  EXPECT_EQ(anchor->sources[0].download_url, "http://cp.dev/PROXY1/conf");
  EXPECT_EQ(anchor->sources[1].download_url, "https://cp.dev/PROXY1/conf");
  const std::vector<Bytes> both{instance.certificate(second)->der(), instance.certificate(first)->der()};
  EXPECT_EQ(anchor->sources[0].verification_certificates, both);
  EXPECT_EQ(anchor->sources[1].verification_certificates, both);
  std::filesystem::remove(instance.certificate_file(first));
  EXPECT_EQ(proxy_anchor(world.settings, instance).error().code, "cert_not_found");
  world.settings.address.clear();
  EXPECT_EQ(proxy_anchor(world.settings, instance).error().code, "malformed_configuration");
}

}  // namespace
}  // namespace causeway::configurationproxy
