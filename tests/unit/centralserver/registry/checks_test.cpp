// SPDX-License-Identifier: MIT
#include "centralserver/registry/checks.hpp"

#include <gtest/gtest.h>

#include "centralserver/registry/registry_fault.hpp"
#include "pki/certificate_builder.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::centralserver {
namespace {

using globalconf::sample_pki;

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(Checks, TakesCodesThatIdentifiersMayHave) {
  for (const std::string code : {"GOV", "10-20.x_y", "a b", "öäü", "'()+,=?", "日本"})
    EXPECT_TRUE(check_code("code", code)) << code;
}

TEST(Checks, RefusesCodesThatNoAddressOrMessageCouldCarry) {
  for (const std::string& code :
       {std::string(), std::string(" \t"), std::string("a/b"), std::string("a\\b"), std::string("a:b"),
        std::string("a;b"), std::string("a%b"), std::string("a\nb"), std::string("a\0b", 3), std::string("a\x7f"),
        std::string("a\xc2\x85"),
        std::string("\xef\xbb\xbf"
                    "a"),
        std::string("a\xe2\x80\x8b"), std::string("a\xff"), std::string("\xc0\x80"), std::string("a\xef\xbf\xbf")}) {
    const auto checked = check_code("code", code);
    ASSERT_FALSE(checked.ok()) << code;
    EXPECT_EQ(checked.error().code, "validation_failure");
  }
}

TEST(Checks, CountsLengthsAsXRoadDoes) {
  EXPECT_TRUE(check_text("name", repeated("a", 255)));
  EXPECT_FALSE(check_text("name", repeated("a", 256)));
  EXPECT_TRUE(check_text("name", repeated("ä", 255)));
  EXPECT_FALSE(check_text("name", repeated("ä", 256)));
  EXPECT_TRUE(check_text("name", repeated("\xf0\x9f\x98\x80", 127)));
  EXPECT_FALSE(check_text("name", repeated("\xf0\x9f\x98\x80", 128)));
}

TEST(Checks, ATextMayBeAnythingThatXmlCarries) {
  EXPECT_TRUE(check_text("name", "\"A\" <b> & c: 100 % / \\;"));
  EXPECT_FALSE(check_text("name", ""));
  EXPECT_TRUE(check_optional_text("name", ""));
  EXPECT_FALSE(check_optional_text("name", "a\x01"));
  EXPECT_FALSE(check_optional_text("name", "a\xef\xbf\xbe"));
}

TEST(Checks, KnowsAddressesOfServices) {
  for (const char* url : {"http://ca.example.org/ocsp", "https://ca.example.org:8888/a?b=c#d", "http://127.0.0.1",
                          "http://localhost:80", "https://õis.ee/tsa"})
    EXPECT_TRUE(check_url(url)) << url;
  for (const std::string& url :
       {std::string(), std::string("ftp://a"), std::string("http://"), std::string("http:///x"), std::string("//a"),
        std::string("http://a b"), std::string("http://-a.b"), std::string("http://a..b"), std::string("http://a:0"),
        std::string("http://a:65536"), std::string("http://a:x"), std::string("http://user@host/"),
        std::string("http://a/\n"), std::string("http://a/\xff"), std::string("javascript:alert(1)"),
        "http://a/" + repeated("a", 3000)}) {
    const auto checked = check_url(url);
    ASSERT_FALSE(checked.ok()) << url;
    EXPECT_EQ(checked.error().code, "invalid_url");
  }
}

TEST(Checks, KnowsIpAddressesAndHosts) {
  for (const char* addresses : {"127.0.0.1", "127.0.0.1, 10.0.0.1", "::1,2001:db8::1"})
    EXPECT_TRUE(check_ip_addresses(addresses)) << addresses;
  for (const char* addresses : {"", "127.0.0.1,", "127.0.0", "a.b", "127.0.0.1 10.0.0.1", "256.1.1.1"}) {
    const auto checked = check_ip_addresses(addresses);
    ASSERT_FALSE(checked.ok()) << addresses;
    EXPECT_EQ(checked.error().code, "invalid_ip_address");
  }
  for (const char* host : {"ss1.example.org", "127.0.0.1", "::1", "localhost", "õis.ee", "ss_1.example.org",
                           "ss1.example.org.", "1.example", "a.b1"})
    EXPECT_TRUE(check_host(host)) << host;
  for (const std::string& host :
       {std::string(), std::string("a:80"), std::string("a/b"), std::string("-a"),
        std::string("123.123..invalid..123.x"), std::string("a.."), std::string("."), std::string("_a.b"),
        std::string("a_.b"), std::string("999.1.1.1"), std::string("1"), std::string("a.1b"), std::string("a\0b", 3),
        std::string("\xff"), repeated("a", 64) + ".b", repeated("a.", 200)}) {
    const auto checked = check_host(host);
    ASSERT_FALSE(checked.ok()) << host;
    EXPECT_EQ(checked.error().code, "validation_failure");
  }
}

TEST(Checks, ReadsCertificatesAndNamesThem) {
  const auto& pki = sample_pki();
  EXPECT_EQ(*check_certificate(pki.ca.der()), pki.ca);
  EXPECT_EQ(*check_certificate(to_bytes(pki.ca.to_pem() + pki.intermediate.to_pem())), pki.ca)
      << "the first of a chain";
  EXPECT_EQ(*name_of(pki.ca), "Root");
  Bytes broken = pki.ca.der();
  broken.resize(broken.size() / 2);
  for (const Bytes& uploaded : {Bytes{}, to_bytes("no certificate"), broken}) {
    const auto checked = check_certificate(uploaded);
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.error().code, "invalid_certificate");
  }
}

pki::Certificate with_subject(const std::string& subject) {
  auto name = pki::DistinguishedName::parse(subject);
  EXPECT_TRUE(name) << subject;
  auto made =
      pki::self_sign_certificate({pki::CertificateKind::root_ca, *name, globalconf::time_of("2020-01-01T00:00:00Z"),
                                  globalconf::time_of("2040-01-01T00:00:00Z")},
                                 sample_pki().ca_key);
  EXPECT_TRUE(made) << subject;
  return *made;
}

TEST(Checks, ACertificateIsCalledWhatCanBePublished) {
  EXPECT_EQ(*name_of(with_subject("C=FI, O=Test, CN=Öko CA")), "Öko CA");
  const auto whole = name_of(with_subject("C=FI, O=Test"));
  ASSERT_TRUE(whole);
  EXPECT_NE(whole->find("O=Test"), std::string::npos) << *whole;
  std::string many = "C=FI";
  for (int i = 0; i < 10; ++i) many += ", OU=" + repeated("u", 60);
  const auto refused = name_of(with_subject(many));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, "invalid_certificate");
}

}  // namespace
}  // namespace causeway::centralserver
