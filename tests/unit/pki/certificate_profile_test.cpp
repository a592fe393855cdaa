// SPDX-License-Identifier: MIT
// The table of trust.md 8.1.
#include "pki/certificate_profile.hpp"

#include <gtest/gtest.h>

#include "unit/pki/world.hpp"

namespace causeway::pki {
namespace {

CertificateProfile profile(const std::string& name) {
  return *CertificateProfile::from_class("ee.ria.xroad.common.certificateprofile.impl." + name +
                                         "CertificateProfileInfoProvider");
}

// The member that the profile reads from this subject, or the fault's code.
std::string read(const std::string& name, std::string_view subject) {
  static const PrivateKey key = *PrivateKey::generate_ec();
  const auto certificate = self_sign_certificate(spec_of(CertificateKind::sign, subject), key);
  const auto member = profile(name).member_of(*certificate, "EXP");
  return member ? member->to_string() : member.error().code;
}

TEST(Profile, IsKnownByItsExactClassName) {
  EXPECT_EQ(CertificateProfile::known_classes().size(), 8U);
  for (const std::string& name : CertificateProfile::known_classes()) {
    ASSERT_TRUE(CertificateProfile::from_class(name));
    EXPECT_EQ(CertificateProfile::from_class(name)->class_name(), name);
  }
  for (const char* name : {"", "FiVRK", "ee.ria.xroad.common.certificateprofile.impl.CertificateProfileInfoProvider",
                           "ee.ria.xroad.common.certificateprofile.impl.fivrkCertificateProfileInfoProvider"}) {
    EXPECT_EQ(CertificateProfile::from_class(name).error().code, "internal_error") << name;
  }
}

TEST(Profile, BasicReadsCategoryAndSerialNumber) {
  for (const char* name : {"Basic", "BasicACME"}) {
    EXPECT_EQ(read(name, "CN=Org, businessCategory=GOV, serialNumber=1234"), "MEMBER:EXP/GOV/1234");
    EXPECT_EQ(read(name, "CN=Org, serialNumber=1234"), "incorrect_certificate");
    EXPECT_EQ(read(name, "CN=Org, businessCategory=GOV"), "incorrect_certificate");
  }
}

TEST(Profile, EjbcaReadsCountryOrganizationAndName) {
  EXPECT_EQ(read("Ejbca", "C=DE, O=COM, CN=1234"), "MEMBER:DE/COM/1234");
  EXPECT_EQ(read("Ejbca", "O=COM, CN=1234"), "incorrect_certificate");
  EXPECT_EQ(read("Ejbca", "C=DE, O=Old, O=New, CN=1234"), "MEMBER:DE/New/1234");  // the last one counts
}

TEST(Profile, FivrkReadsItsThreeForms) {
  EXPECT_EQ(read("FiVRK", "C=FI, O=Org, serialNumber=DEV/ss1/COM, CN=1234"), "MEMBER:DEV/COM/1234");
  EXPECT_EQ(read("FiVRK", "C=FI, O=DEV, OU=GOV, CN=1234"), "MEMBER:DEV/GOV/1234");
  EXPECT_EQ(read("FiVRK", "C=SE, O=GOV, CN=1234"), "MEMBER:SE/GOV/1234");
  EXPECT_EQ(read("FiVRK", "C=SE, O=Org, serialNumber=DEV/ss1/COM, CN=1234"), "incorrect_certificate");
  EXPECT_EQ(read("FiVRK", "C=FI, serialNumber=DEV/ss1/COM, CN=1234"), "incorrect_certificate");
  EXPECT_EQ(read("FiVRK", "C=FI, O=Org, serialNumber=DEV/ss1, CN=1234"), "incorrect_certificate");
  EXPECT_EQ(read("FiVRK", "C=FI, O=Org, serialNumber=DEV/ss1/COM/x, CN=1234"), "incorrect_certificate");
  EXPECT_EQ(read("FiVRK", "C=FI, O=Org, serialNumber=DEV/ss1/COM//, CN=1234"), "MEMBER:DEV/COM/1234");
  EXPECT_EQ(read("FiVRK", "C=FI, O=Org, serialNumber=/ss1/COM, CN=1234"), "incorrect_certificate");
  EXPECT_EQ(read("FiVRK", "C=SE, O=DEV, OU=GOV, CN=1234"), "incorrect_certificate");
}

TEST(Profile, IsAndFoReadUnitsBesideASerialNumber) {
  EXPECT_EQ(read("Is", "C=IS, O=IS-DEV, OU=GOV, CN=12, serialNumber=x"), "MEMBER:IS-DEV/GOV/12");
  EXPECT_EQ(read("Is", "C=IS, O=GOV, CN=12"), "MEMBER:IS/GOV/12");
  EXPECT_EQ(read("Is", "C=IS, O=IS-DEV, OU=GOV, CN=12"), "incorrect_certificate");
  EXPECT_EQ(read("Fo", "C=FO, O=FO-DEV, OU=GOV, CN=12, serialNumber=x"), "MEMBER:FO-DEV/GOV/12");
  EXPECT_EQ(read("Fo", "C=FO, O=GOV, CN=12"), "incorrect_certificate");
  EXPECT_EQ(read("Fo", "C=IS, O=FO-DEV, OU=GOV, CN=12, serialNumber=x"), "incorrect_certificate");
}

TEST(Profile, SkKlass3ReadsRegisters) {
  EXPECT_EQ(read("SkKlass3", "organizationIdentifier=NTREE-12345678, CN=x"), "MEMBER:EXP/COM/12345678");
  EXPECT_EQ(read("SkKlass3", "organizationIdentifier=GO:EE-7, CN=x"), "MEMBER:EXP/GOV/7");
  EXPECT_EQ(read("SkKlass3", "organizationIdentifier=NP:EE-8, CN=x"), "MEMBER:EXP/NGO/8");
  EXPECT_EQ(read("SkKlass3", "organizationIdentifier=VATLV-8, CN=x"), "MEMBER:EXP/NEE/VATLV-8");
  EXPECT_EQ(read("SkKlass3", "serialNumber=12345678, CN=x"), "MEMBER:EXP/COM/12345678");
  EXPECT_EQ(read("SkKlass3", "serialNumber=70000000, CN=x"), "MEMBER:EXP/GOV/70000000");
  EXPECT_EQ(read("SkKlass3", "serialNumber=90000000, CN=x"), "MEMBER:EXP/NGO/90000000");
  for (const char* subject : {"CN=x", "serialNumber=1234567", "serialNumber=1234567x", "serialNumber=02345678"}) {
    EXPECT_EQ(read("SkKlass3", subject), "incorrect_certificate") << subject;
  }
  EXPECT_EQ(read("SkEsteId", "serialNumber=38001085718, CN=x"), "MEMBER:EXP/PERSON/38001085718");
}

std::string text_of(const std::vector<ProfileField>& fields) {
  std::string text;
  for (const ProfileField& field : fields) {
    text += (text.empty() ? "" : ", ") + field.id + (field.read_only ? "=" : "?") + field.value;
  }
  return text;
}

TEST(Profile, ListsTheFieldsOfRequests) {
  const ClientId member = *ClientId::make("DEV", "COM", "1234");
  const ServerId server = *ServerId::make("DEV", "GOV", "99", "ss1");
  const auto sign = [&](const char* name) { return text_of(profile(name).signing_fields(member, server, "Org")); };
  const auto auth = [&](const char* name) { return text_of(profile(name).authentication_fields(server, "Own")); };
  EXPECT_EQ(auth("Basic"), "CN?, serialNumber=99, C?, O=Own");
  EXPECT_EQ(sign("Basic"), "CN=Org, O=Org, businessCategory=COM, C?, serialNumber=1234");
  EXPECT_EQ(auth("BasicACME"), "C?, O=Own, serialNumber=99, CN?, subjectAltName?");
  EXPECT_EQ(sign("BasicACME"), "C?, O=Org, businessCategory=COM, serialNumber=1234, CN=Org, subjectAltName?");
  EXPECT_EQ(auth("Ejbca"), "C=DEV, CN=ss1");
  EXPECT_EQ(sign("Ejbca"), "C=DEV, O=COM, CN=1234");
  EXPECT_EQ(auth("FiVRK"), "C=FI, O?, serialNumber=DEV/ss1/GOV, CN?, subjectAltName?");
  EXPECT_EQ(sign("FiVRK"), "C=FI, O?, serialNumber=DEV/ss1/COM, CN=1234, subjectAltName?");
  EXPECT_EQ(auth("Fo"), "C=FO, O=DEV, CN=DEV/GOV/99/ss1");
  EXPECT_EQ(sign("Fo"), "C=FO, O=DEV, OU=COM, CN=1234, serialNumber?DEV/GOV/99/ss1");
  EXPECT_EQ(auth("Is"), "C=IS, CN?, serialNumber=DEV/GOV/99/ss1");
  EXPECT_EQ(sign("Is"), "C=IS, O=DEV, OU=COM, CN=1234, serialNumber=DEV/GOV/99/ss1");
  EXPECT_EQ(auth("SkKlass3"), "SN=99, CN=Own");
  EXPECT_EQ(sign("SkKlass3"), "SN=1234, CN=Org");
  EXPECT_EQ(auth("SkEsteId") + sign("SkEsteId"), "");
}

}  // namespace
}  // namespace causeway::pki
