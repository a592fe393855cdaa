// SPDX-License-Identifier: MIT
// The configuration parts are written so that they are read again, and read as strictly as
// the schema of their version says.
#include <gtest/gtest.h>

#include "globalconf/description.hpp"
#include "globalconf/optional_parts.hpp"
#include "globalconf/private_parameters.hpp"
#include "globalconf/shared_parameters.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {
namespace {

SharedParameters sample(int version) {
  auto shared = shared_parameters_of(sample_instance(), version);
  EXPECT_TRUE(shared) << shared.error().text;
  const Bytes certificate = sample_pki().internal_certificate.der();
  shared->sources = {{"cs.example", {certificate}, {certificate}}};
  return *std::move(shared);
}

class EveryVersion : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(SharedParameters, EveryVersion, ::testing::ValuesIn(kVersions));

TEST_P(EveryVersion, SharedParametersSurviveWritingAndReading) {
  const int version = GetParam();
  const std::string xml = write_shared_parameters(sample(version), version);
  auto read = read_shared_parameters(xml, version);
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(write_shared_parameters(*read, version), xml);

  EXPECT_EQ(read->instance, "DEV");
  EXPECT_EQ(read->members.at(1).name, "Öko & Söhne");
  EXPECT_EQ(read->members.at(0).member_class.description, "Government & public <sector>");
  EXPECT_EQ(read->servers.at(0).authentication_certificate_hashes.at(0).size(), version == 2 ? 20U : 32U);
  EXPECT_EQ(read->sources.size(), version >= 3 ? 1U : 0U);
  EXPECT_EQ(read->certification_services.at(0).acme.has_value(), version >= 3);
  if (version >= 3) {
    EXPECT_EQ(read->certification_services.at(0).acme->signing_profile_id.has_value(), version >= 4);
  }
  EXPECT_EQ(read->members.at(0).subsystems.at(1).name.has_value(), version >= 5);
  EXPECT_EQ(read->servers.at(1).maintenance.has_value(), version >= 5);
  // Subsystems of a server under maintenance go away where maintenance cannot be told.
  EXPECT_EQ(read->servers.at(1).clients.size(), version >= 5 ? 3U : 1U);
  EXPECT_EQ(read->timestamping_services.at(0).cost.has_value(), version >= 6);
  EXPECT_EQ(read->certification_services.at(0).default_csr_format.has_value(), version >= 6);
}

TEST_P(EveryVersion, PrivateParametersSurviveWritingAndReading) {
  auto description = sample_instance();
  description.partners = {{time_of("2026-02-01T00:00:00Z"),
                           "PARTNER",
                           {{"http://cs.partner/externalconf", {sample_pki().external_certificate.der()}}}}};
  const auto parameters = *private_parameters_of(description);
  auto read = read_private_parameters(write_private_parameters(parameters), GetParam());
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->partners.at(0).instance, "PARTNER");
  EXPECT_EQ(read->partners.at(0).generated_at, time_of("2026-02-01T00:00:00Z"));
  EXPECT_EQ(read->management.provider, client_id("DEV/GOV/100/MGMT"));
  EXPECT_EQ(read->management.registration_tls_cert, sample_pki().first_auth.der());
  EXPECT_EQ(read->timestamping_interval, std::chrono::seconds(90));
}

TEST(SharedParameters, AnOlderVersionRefusesWhatItLacks) {
  for (const int written : {3, 4, 5, 6}) {
    const std::string xml = write_shared_parameters(sample(written), written);
    EXPECT_FALSE(read_shared_parameters(xml, written - 1)) << written;
    EXPECT_TRUE(read_shared_parameters(xml, written)) << written;
  }
  EXPECT_FALSE(read_shared_parameters(write_shared_parameters(sample(2), 2), 3)) << "a source is required";
  for (const int unknown : {-1, 0, 1, 7}) EXPECT_FALSE(read_shared_parameters("<a/>", unknown));
}

struct Change {
  const char* what;
  const char* from;
  const char* to;
};

std::string changed(std::string xml, const Change& change) {
  const std::size_t at = xml.find(change.from);
  EXPECT_NE(at, std::string::npos) << change.what;
  return at == std::string::npos ? xml : xml.replace(at, std::string_view(change.from).size(), change.to);
}

TEST(SharedParameters, RefusesWhatTheSchemaForbids) {
  const std::string xml = write_shared_parameters(sample(6), 6);
  const Change changes[] = {
      {"unknown element", "<memberCode>", "<foo/><memberCode>"},
      {"unknown attribute", "<member id=", "<member foo=\"1\" id="},
      {"another namespace of the root", "http://x-road.eu/xsd/xroad.xsd", "http://example/"},
      {"a qualified child", "<memberCode>100</memberCode>", "<t:memberCode>100</t:memberCode>"},
      {"a missing element", "<memberCode>100</memberCode>", ""},
      {"another order", "<memberCode>100</memberCode>\n    <name>Agency \"A\"</name>",
       "<name>Agency \"A\"</name>\n    <memberCode>100</memberCode>"},
      {"a reference to nothing", "<owner>id0</owner>", "<owner>id77</owner>"},
      {"an owner that is a subsystem", "<owner>id0</owner>", "<owner>id1</owner>"},
      {"an id twice", "id=\"id1\"", "id=\"id0\""},
      {"bad Base64", "<authCertHash>", "<authCertHash>!"},
      {"a bad enumeration", "<costType>FREE</costType>", "<costType>CHEAP</costType>"},
      {"a bad CSR format", "<defaultCsrFormat>DER", "<defaultCsrFormat>PKCS10"},
      {"a bad integer", "<ocspFreshnessSeconds>3600", "<ocspFreshnessSeconds>1h"},
      {"a bad boolean", "<authenticationOnly>false", "<authenticationOnly>no"},
      {"text between elements", "<memberCode>100</memberCode>", "x<memberCode>100</memberCode>"},
      {"an element inside text", "<memberCode>100</memberCode>", "<memberCode>1<b/>00</memberCode>"},
      {"a blank code", "<memberCode>100</memberCode>", "<memberCode> </memberCode>"},
      {"a blank instance", "<instanceIdentifier>DEV<", "<instanceIdentifier><"},
      {"a document type", "?>", "?><!DOCTYPE conf>"},
      {"an entity", "<memberCode>100", "<memberCode>&x;100"},
      {"something behind the end", "</t:conf>", "</t:conf><a/>"},
      {"an end that is missing", "</t:conf>", ""},
      {"an unknown kind of identifier", "i:objectType=\"MEMBER\"", "i:objectType=\"PERSON\""},
      {"an identifier without a kind", " i:objectType=\"MEMBER\"", ""},
  };
  for (const Change& change : changes) {
    auto read = read_shared_parameters(changed(xml, change), 6);
    ASSERT_FALSE(read) << change.what;
    EXPECT_EQ(read.error().code, "malformed_global_conf") << change.what;
  }
}

TEST(SharedParameters, AcceptsWhatTheSchemaAllows) {
  const std::string xml = write_shared_parameters(sample(6), 6);
  const Change changes[] = {
      {"comments", "<memberCode>100", "<!-- c --><memberCode>1<!-- c -->00"},
      {"CDATA", "<memberCode>100</memberCode>", "<memberCode><![CDATA[100]]></memberCode>"},
      {"further elements at the end", "</t:conf>",
       "<x xmlns=\"http://example/\" a=\"1\">text<y/>text</x><z/></t:conf>"},
      {"a schema location", "<t:conf ",
       "<t:conf xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\" "},
      {"another prefix", "xmlns:i=", "xmlns:other=\"http://example/\" xmlns:i="},
      {"white space around references", "<owner>id0</owner>", "<owner>\n id0 </owner>"},
      {"white space around numbers", "<ocspFreshnessSeconds>3600", "<ocspFreshnessSeconds> +3600"},
      {"one for true", "<authenticationOnly>false", "<authenticationOnly>1"},
      {"wrapped Base64", "<authCertHash>", "<authCertHash>\r\n  "},
      {"a legacy central service", "<globalSettings>",
       "<centralService><serviceCode>s</serviceCode></centralService><globalSettings>"},
      {"a message that is left out", "<message>back on Monday</message>", ""},
  };
  for (const Change& change : changes) {
    auto read = read_shared_parameters(changed(xml, change), 6);
    EXPECT_TRUE(read) << change.what << ": " << (read ? "" : read.error().text);
    if (read) {
      EXPECT_EQ(read->members.at(0).code, "100");
    }
  }
}

TEST(SharedParameters, AFaultNamesItsLine) {
  auto read = read_shared_parameters("<t:conf xmlns:t=\"http://x-road.eu/xsd/xroad.xsd\">\n\n<nonsense/></t:conf>", 6);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().text.find("line 3"), std::string::npos) << read.error().text;
}

TEST(SharedParameters, DeepNestingIsRefused) {
  std::string xml = write_shared_parameters(sample(6), 6);
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += "<a>";
  xml.insert(xml.find("</t:conf>"), deep);
  EXPECT_FALSE(read_shared_parameters(xml, 6));
}

TEST(PrivateParameters, FurtherElementsCameWithVersionThree) {
  std::string xml = write_private_parameters(*private_parameters_of(sample_instance()));
  xml.insert(xml.find("</t:conf>"), "<more/>");
  EXPECT_FALSE(read_private_parameters(xml, 2));
  EXPECT_TRUE(read_private_parameters(xml, 3));
}

TEST(OptionalParts, SurviveWritingAndReading) {
  const auto client = client_id("DEV/GOV/100/MGMT");
  EXPECT_EQ(*read_monitoring_client(write_monitoring_client(client)), client);
  EXPECT_FALSE(read_monitoring_client(write_monitoring_client({}))->has_value());
  EXPECT_EQ(*read_ocsp_fetch_interval(write_ocsp_fetch_interval(std::chrono::seconds(77))), std::chrono::seconds(77));
  EXPECT_EQ(*read_ocsp_fetch_interval(write_ocsp_fetch_interval(std::chrono::seconds(5))), std::chrono::seconds(60));
  EXPECT_TRUE(*read_verify_next_update(write_verify_next_update(true)));
  EXPECT_FALSE(*read_verify_next_update(write_verify_next_update(false)));
}

TEST(Description, RefusesWhatDoesNotFitTogether) {
  const auto refused = [](auto change) {
    InstanceDescription description = sample_instance();
    change(description);
    return !shared_parameters_of(description, 6) || !private_parameters_of(description);
  };
  EXPECT_FALSE(refused([](InstanceDescription&) {}));
  EXPECT_TRUE(refused([](auto& d) { d.servers[0].id = server_id("DEV/GOV/999/SS1"); }));
  EXPECT_TRUE(refused([](auto& d) { d.servers[0].id = server_id("OTHER/GOV/100/SS1"); }));
  EXPECT_TRUE(refused([](auto& d) { d.servers[0].clients.push_back(client_id("DEV/GOV/100/none")); }));
  EXPECT_TRUE(refused([](auto& d) { d.members[0].member_class.code = "NONE"; }));
  EXPECT_TRUE(refused([](auto& d) { d.members.push_back(d.members[0]); }));
  EXPECT_TRUE(refused([](auto& d) { d.members[0].subsystems.push_back({"MGMT", {}}); }));
  EXPECT_TRUE(refused([](auto& d) { d.members[0].subsystems.push_back({"", {}}); }));
  EXPECT_TRUE(refused([](auto& d) { d.management.reset(); }));
}

}  // namespace
}  // namespace causeway::globalconf
