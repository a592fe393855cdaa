// SPDX-License-Identifier: MIT
#include "pki/certificate_builder.hpp"

#include <gtest/gtest.h>

#include "unit/pki/world.hpp"

namespace causeway::pki {
namespace {

TEST(Builder, MarksEachKindForItsUse) {
  const World& w = world();
  const Certificate sign = w.member.certificate;
  EXPECT_TRUE(sign.is_signing());
  EXPECT_FALSE(sign.is_authentication());
  const Certificate auth = issued(spec_of(CertificateKind::authentication, "CN=ss"), w.ca).certificate;
  EXPECT_FALSE(auth.is_signing());
  EXPECT_TRUE(auth.is_authentication());
  EXPECT_TRUE(w.ocsp.certificate.has_extended_key_usage("1.3.6.1.5.5.7.3.9"));
  const Certificate tsa = issued(spec_of(CertificateKind::time_stamping, "CN=tsa"), w.ca).certificate;
  EXPECT_TRUE(tsa.has_extended_key_usage("1.3.6.1.5.5.7.3.8"));
  EXPECT_FALSE(tsa.is_authentication() && tsa.is_signing());
  const Certificate plain = self_signed(spec_of(CertificateKind::plain, "CN=KeyHolder")).certificate;
  EXPECT_FALSE(plain.is_signing() || plain.is_authentication());
}

TEST(Builder, PutsInWhatWasAskedFor) {
  auto spec = spec_of(CertificateKind::tls, "CN=localhost");
  spec.serial = {0x80, 0x01};
  spec.alt_names = {"localhost", "127.0.0.1", "::1"};
  spec.ocsp_url = "http://127.0.0.1:1/ocsp,URI:http://evil";
  const Party made = self_signed(spec);
  EXPECT_EQ(made.certificate.serial_decimal(), "32769");
  EXPECT_EQ(made.certificate.not_before(), kNoon - 24h);
  EXPECT_EQ(made.certificate.ocsp_urls(), std::vector<std::string>{"http://127.0.0.1:1/ocsp,URI:http://evil"});
  EXPECT_EQ(made.certificate.alt_names(), spec.alt_names);
  EXPECT_TRUE(made.certificate.issued_by(made.certificate));
}

TEST(Builder, GivesEveryCertificateItsOwnSerial) {
  const World& w = world();
  EXPECT_NE(w.root.certificate.serial_decimal(), w.ca.certificate.serial_decimal());
}

TEST(Builder, SelfSignsWithAKeyThatIsElsewhere) {
  const PrivateKey rsa = *PrivateKey::generate_rsa(2048), ec = *PrivateKey::generate_ec();
  for (const auto& [key, scheme] : {std::pair(rsa, SignatureScheme::rsa_pkcs1),
                                    std::pair(rsa, SignatureScheme::rsa_pss), std::pair(ec, SignatureScheme::ecdsa)}) {
    const auto sign = [&](SignatureAlgorithm by, ByteView hash) { return key.sign_digest(by, hash); };
    const auto made = self_sign_certificate(spec_of(CertificateKind::root_ca, "CN=x"), key.public_key(), scheme, sign);
    ASSERT_TRUE(made) << made.error().text;
    EXPECT_EQ(made->public_key(), key.public_key());
    EXPECT_TRUE(made->issued_by(*made));
  }
  const auto refuse = [](SignatureAlgorithm, ByteView) -> Result<Bytes> { return Fault{"token_not_active", ""}; };
  const auto spec = spec_of(CertificateKind::root_ca, "CN=x");
  EXPECT_EQ(self_sign_certificate(spec, ec.public_key(), SignatureScheme::ecdsa, refuse).error().code,
            "token_not_active");
}

TEST(Builder, RefusesWhatMakesNoCertificate) {
  auto spec = spec_of(CertificateKind::tls, "CN=x");
  spec.alt_names = {"two words"};
  EXPECT_EQ(self_sign_certificate(spec, world().root.key).error().code, "bad_request");
  spec = spec_of(CertificateKind::tls, "CN=x");
  spec.not_after = spec.not_before - 1s;
  EXPECT_EQ(self_sign_certificate(spec, world().root.key).error().code, "bad_request");
  spec = spec_of(CertificateKind::tls, "CN=x");
  spec.serial = Bytes(21, 1);
  EXPECT_EQ(self_sign_certificate(spec, world().root.key).error().code, "bad_request");
}

TEST(DistinguishedName, KeepsTheListedOrderAndChoosesStringTypes) {
  const auto name = DistinguishedName::parse("C=FI, O=Ä\\, B, serialNumber=TEST/ss/COM, CN= x ");
  ASSERT_TRUE(name);
  EXPECT_EQ(to_hex(name->der()),
            "303f310b3009060355040613024649310e300c060355040a0c05c3842c20423114301206035504051"
            "30b544553542f73732f434f4d310a300806035504030c0178");
  EXPECT_EQ(name->to_string(), "C=FI, O=Ä\\, B, serialNumber=TEST/ss/COM, CN=x");
  EXPECT_EQ(name->find("cn"), "x");
  EXPECT_EQ(name->find("2.5.4.10"), "Ä, B");
  EXPECT_EQ(name->find("OU"), std::nullopt);
}

TEST(DistinguishedName, ReadsBackWhatItWrites) {
  const std::vector<NameAttribute> attributes = {
      {"C", "FI"}, {"O", " a+b=\\\"c\", "}, {"businessCategory", "GOV"}, {"1.2.3.4", "x"}, {"OU", "  "}};
  const auto name = DistinguishedName::make(attributes);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->attributes(), std::vector<NameAttribute>(attributes.begin(), attributes.end() - 1));
  const auto again = DistinguishedName::parse(name->to_string());
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(again->der(), name->der());
  EXPECT_EQ(DistinguishedName::from_der(name->der())->der(), name->der());
}

TEST(DistinguishedName, RefusesWhatItCannotWrite) {
  for (const char* text : {"", "nothing", "XYZ=1", "C=FI, O=a+OU=b", "O=a\\", "O=a, B", "O=\xff", "1.=x"}) {
    EXPECT_FALSE(DistinguishedName::parse(text)) << text;
  }
  EXPECT_FALSE(DistinguishedName::parse("O=" + std::string(2000, 'a')));
  EXPECT_FALSE(DistinguishedName::from_der(as_bytes("x")));
}

}  // namespace
}  // namespace causeway::pki
