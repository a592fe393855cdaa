// SPDX-License-Identifier: MIT
#include "signer/key_configuration.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "signer_fixture.hpp"

namespace causeway::signer {
namespace {

// Of our own making, in the form that evidence.md section 7 describes.
constexpr std::string_view kExample = R"(<?xml version="1.0" encoding="UTF-8"?>
<k:keyConf xmlns:k="http://x-road.eu/xsd/xroad.xsd" xmlns:i="http://x-road.eu/xsd/identifiers">
  <device>
    <deviceType>softToken</deviceType><friendlyName>Soft &amp; warm</friendlyName><id>0</id><pinIndex>0</pinIndex>
    <key usage="SIGNING">
      <friendlyName>Sign</friendlyName><label>s</label><keyId>0A0B</keyId><publicKey>AQID
BAU=</publicKey>
      <certRequest id="R1">
        <memberId i:objectType="SUBSYSTEM"><i:xRoadInstance>EE</i:xRoadInstance><i:memberClass>GOV</i:memberClass>
          <i:memberCode>1/2</i:memberCode><i:subsystemCode>sub</i:subsystemCode></memberId>
        <subjectName>C=EE, CN=x</subjectName><subjectAlternativeName>ss1.example</subjectAlternativeName>
      </certRequest>
      <cert active="false" id="C1">
        <memberId i:objectType="MEMBER"><i:xRoadInstance>EE</i:xRoadInstance><i:memberClass>GOV</i:memberClass>
          <i:memberCode>1</i:memberCode></memberId>
        <contents>MDA=</contents><status>registered</status><nextRenewalTime>2045-10-17T22:11:01.000Z</nextRenewalTime>
        <renewalError>why</renewalError>
      </cert>
      <cert><contents>MDE=</contents></cert>
    </key>
    <key><friendlyName/><keyId>0C</keyId><signMechanismName>CKM_ECDSA</signMechanismName></key>
    <signMechanismName>CKM_RSA_PKCS_PSS</signMechanismName>
  </device>
</k:keyConf>
)";

TEST(KeyConfiguration, ReadsEveryFactOfTheFile) {
  const auto read = read_key_configuration(kExample);
  ASSERT_TRUE(read.ok()) << read.error().text;
  ASSERT_EQ(read->devices.size(), 1U);
  const StoredDevice& device = read->devices.front();
  EXPECT_EQ(device.friendly_name, "Soft & warm");
  EXPECT_EQ(device.slot, 0);
  ASSERT_EQ(device.keys.size(), 2U);
  const StoredKey& key = device.keys.front();
  EXPECT_EQ(key.usage, KeyUsage::signing);
  EXPECT_EQ(key.public_key, (Bytes{1, 2, 3, 4, 5}));
  ASSERT_EQ(key.requests.size(), 1U);
  EXPECT_EQ(key.requests.front().member->to_string(), "SUBSYSTEM:EE/GOV/1/2/sub");
  EXPECT_EQ(key.requests.front().alternative_name, "ss1.example");
  ASSERT_EQ(key.certificates.size(), 2U);
  EXPECT_FALSE(key.certificates[0].active);
  EXPECT_EQ(key.certificates[0].member->member_code(), "1");
  EXPECT_EQ(key.certificates[0].renewal_error, "why");
  EXPECT_TRUE(key.certificates[1].active);
  EXPECT_FALSE(device.keys[1].usage.has_value());
}

TEST(KeyConfiguration, AKeyWithoutAMechanismTakesItsDevices) {
  const auto read = read_key_configuration(kExample);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->key("0A0B")->sign_mechanism, "CKM_RSA_PKCS_PSS");
  EXPECT_EQ(read->key("0C")->sign_mechanism, "CKM_ECDSA");
  EXPECT_EQ(read->key("0D"), nullptr);
}

TEST(KeyConfiguration, WritingAndReadingAgainKeepsEveryFact) {
  const auto first = read_key_configuration(kExample);
  ASSERT_TRUE(first.ok());
  const std::string text = write_key_configuration(*first);
  const auto second = read_key_configuration(text);
  ASSERT_TRUE(second.ok()) << second.error().text;
  EXPECT_EQ(write_key_configuration(*second), text);
  EXPECT_EQ(second->key("0A0B")->requests.front().member, first->key("0A0B")->requests.front().member);
  EXPECT_EQ(second->key("0A0B")->certificates[0].next_renewal_time, "2045-10-17T22:11:01.000Z");
}

TEST(KeyConfiguration, RefusesWhatItCannotUnderstand) {
  const auto refuses = [](std::string text, std::string_view what, std::string_view with) {
    const std::size_t at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), with);
    const auto read = read_key_configuration(text);
    ASSERT_FALSE(read.ok()) << what;
    EXPECT_EQ(read.error().code, "malformed_server_conf");
  };
  const std::string good(kExample);
  refuses(good, "SIGNING", "signing");
  refuses(good, "MDA=", "?");
  refuses(good, "<keyId>0C</keyId>", "");
  refuses(good, "<id>0</id>", "");
  refuses(good, "<pinIndex>0", "<pinIndex>zero");
  refuses(good, "<i:memberCode>1</i:memberCode>", "");
  refuses(good, "xroad.xsd", "other.xsd");
  refuses(good, "<k:keyConf", "<!DOCTYPE x [<!ENTITY a 'b'>]><k:keyConf");
  refuses(good, "</k:keyConf>", "");
}

TEST(KeyConfiguration, ReadsAJavaSignersFile) {
  const auto directory = xroad_signer_directory();
  if (!directory) GTEST_SKIP() << "no X-Road vectors";
  const auto text = read_file(*directory / "keyconf.xml");
  ASSERT_TRUE(text.ok());
  const auto read = read_key_configuration(*text);
  ASSERT_TRUE(read.ok()) << read.error().text;
  ASSERT_EQ(read->devices.size(), 1U);
  ASSERT_EQ(read->devices.front().keys.size(), 3U);
  EXPECT_EQ(read->devices.front().keys[0].usage, KeyUsage::authentication);
  EXPECT_EQ(read->devices.front().keys[1].certificates.front().member->to_string(), "MEMBER:DEV/COM/1234");
  EXPECT_EQ(write_key_configuration(*read_key_configuration(write_key_configuration(*read))),
            write_key_configuration(*read));
}

}  // namespace
}  // namespace causeway::signer
