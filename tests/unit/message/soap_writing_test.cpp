// SPDX-License-Identifier: MIT
// Answers made of SOAP messages (messages.md 3.1, section 9).
#include <gtest/gtest.h>

#include "message/soap.hpp"
#include "pki/digest.hpp"
#include "unit/message/soap_sample.hpp"

namespace causeway::message {
namespace {

SoapMessage message(std::string_view xml) {
  auto soap = parse_soap(to_bytes(xml), "text/xml");
  if (!soap) throw std::runtime_error(soap.error().code + ": " + soap.error().text);
  return std::get<SoapMessage>(*std::move(soap));
}

std::string hash_of(std::string_view text) {
  return to_base64(pki::digest(pki::DigestAlgorithm::sha512, as_bytes(text)));
}

std::string element(std::string_view attributes, std::string_view request) {
  return "<xrd:requestHash" + std::string(attributes) + " algorithmId=\"http://www.w3.org/2001/04/xmlenc#sha512\">" +
         hash_of(request) + "</xrd:requestHash>";
}

std::string hashed(std::string_view xml, std::string_view request = "request") {
  const auto answer = with_request_hash(message(xml), as_bytes(request));
  return answer ? to_text(answer->bytes) : answer.error().code;
}

TEST(WithRequestHash, StandsRightBehindTheIdAndChangesNothingElse) {
  SoapSample sample;
  sample.body = "<find>a&amp;b&#228;<![CDATA[<c>]]><!-- d --><?pi e?>\r\n</find>";
  sample.id = "<xrd:id x=\"1&lt;\" >id-1</xrd:id>";
  const std::string plain = sample.xml();
  sample.id += "\n    " + element(" x=\"1&lt;\"", "request");
  EXPECT_EQ(hashed(plain), sample.xml());
}

TEST(WithRequestHash, IsReadBackAndConsistent) {
  const std::string request = SoapSample().xml();
  const auto answer = with_request_hash(message(request), as_bytes(request));
  ASSERT_TRUE(answer.ok());
  const SoapMessage read = message(as_text(answer->bytes));
  EXPECT_EQ(*read.header.request_hash, hash_of(request));
  EXPECT_EQ(*read.header.request_hash, *answer->header.request_hash);
  EXPECT_EQ(*read.header.request_hash_algorithm, *answer->header.request_hash_algorithm);
  EXPECT_TRUE(check_consistent(message(request), read).ok());
  EXPECT_TRUE(check_consistent(message(request), *answer).ok());
}

TEST(WithRequestHash, DropsAnIncomingHashBeforeOrBehindTheId) {
  SoapSample expected;
  expected.id += "\n    " + element("", "request");
  for (const bool before : {false, true}) {
    SoapSample sample;
    const std::string old = "<xrd:requestHash algorithmId=\"x\">AAAA<!-- c --></xrd:requestHash>";
    sample.id = before ? old + sample.id : sample.id + old;
    EXPECT_EQ(hashed(sample.xml()), expected.xml());
  }
}

TEST(WithRequestHash, ForcesTheDeclaration) {
  const std::string expected = hashed(SoapSample().xml());
  for (const char* declaration :
       {"", "<?xml version='1.0'?>", "<?xml version=\"1.0\" encoding='utf-8' standalone='yes'?> \n",
        "\xef\xbb\xbf<?xml version=\"1.0\"?>", "\xef\xbb\xbf"}) {
    SoapSample sample;
    sample.declaration = declaration;
    EXPECT_EQ(hashed(sample.xml()), expected) << declaration;
  }
}

TEST(WithRequestHash, TurnsOtherEncodingsIntoUtf8) {
  SoapSample utf8;
  utf8.body = "<find>\xc3\xa4</find>";
  const std::string expected = hashed(utf8.xml());
  SoapSample latin1;
  latin1.declaration = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n";
  latin1.body = "<find>\xe4</find>";
  EXPECT_EQ(hashed(latin1.xml()), expected);
  SoapSample wide;
  wide.declaration = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n";
  wide.body = "<find>?</find>";
  for (const bool big : {false, true}) {
    std::string text = big ? "\xfe\xff" : "\xff\xfe";
    for (const char c : wide.xml()) {
      // The question mark in the body stands for U+00E4.
      const char low = c == '?' && text.size() > 200 ? '\xe4' : c;
      text.append(1, big ? '\0' : low).append(1, big ? low : '\0');
    }
    EXPECT_EQ(hashed(text), expected);
  }
}

TEST(WithRequestHash, CopiesTheNamespacesThatTheIdDeclares) {
  SoapSample sample;
  sample.id = "<id xmlns=\"http://x-road.eu/xsd/xroad.xsd\">id-1</id>";
  const std::string answer = hashed(sample.xml());
  EXPECT_NE(answer.find("<requestHash xmlns=\"http://x-road.eu/xsd/xroad.xsd\" algorithmId="), std::string::npos);
  EXPECT_EQ(*message(answer).header.request_hash, hash_of("request"));
}

TEST(WithRequestHash, TakesAnEmptyIdAndNoWhiteSpace) {
  SoapSample sample;
  sample.id = "<xrd:id/>";
  const std::string answer = hashed(sample.xml());
  EXPECT_NE(answer.find("<xrd:id/>\n    <xrd:requestHash algorithmId="), std::string::npos);
  EXPECT_EQ(message(answer).header.id, "");
  const std::string dense =
      sample.xml("<e:Header>" + sample.client + sample.service + sample.id + sample.version + "</e:Header>",
                 "<e:Body>" + sample.body + "</e:Body>");
  EXPECT_NE(hashed(dense).find("<xrd:id/><xrd:requestHash algorithmId="), std::string::npos);
}

TEST(WithRequestHash, MayBeAppliedTwice) {
  const auto once = with_request_hash(message(SoapSample().xml()), as_bytes("one"));
  const auto twice = with_request_hash(*once, as_bytes("two"));
  ASSERT_TRUE(twice.ok());
  EXPECT_EQ(*message(as_text(twice->bytes)).header.request_hash, hash_of("two"));
}

TEST(WithRequestHash, RefusesAnIdThatHasTheAttributeAlready) {
  SoapSample sample;
  sample.id = "<xrd:id algorithmId=\"x\">id-1</xrd:id>";
  EXPECT_EQ(hashed(sample.xml()), "invalid_soap");
}

TEST(SoapResponse, RenamesTheBodyElementAndFillsIt) {
  const auto answer = soap_response(message(SoapSample().xml()), "findResponse", "<r:ok/>");
  ASSERT_TRUE(answer.ok());
  SoapSample expected;
  expected.body = "<r:findResponse xmlns:r=\"http://reg.example/\"><r:ok/></r:findResponse>";
  EXPECT_EQ(as_text(answer->bytes), expected.xml());
  EXPECT_EQ(answer->body_element, "findResponse");
}

TEST(SoapResponse, TakesAnEmptyElementWithoutPrefix) {
  SoapSample sample;
  sample.body = "<find />";
  const auto answer = soap_response(message(sample.xml()), "findResponse", "\xc3\xa4");
  ASSERT_TRUE(answer.ok());
  EXPECT_NE(as_text(answer->bytes).find("<e:Body><findResponse>\xc3\xa4</findResponse></e:Body>"), std::string::npos);
}

TEST(SoapResponse, IsUtf8WhateverTheRequestWas) {
  SoapSample sample;
  sample.declaration = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
  sample.id = "<xrd:id>\xe4</xrd:id>";
  const auto answer = soap_response_with(message(sample.xml()), "<findResponse>\xc3\xb6</findResponse>");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->header.id, "\xc3\xa4");
  EXPECT_TRUE(as_text(answer->bytes).starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<e:Envelope"));
}

TEST(SoapResponse, RefusesToMakeWhatIsNoMessage) {
  const SoapMessage request = message(SoapSample().xml());
  EXPECT_FALSE(soap_response(request, "other", "").ok());
  EXPECT_FALSE(soap_response(request, "findResponse", "<open>").ok());
  EXPECT_FALSE(soap_response_with(request, "<find/><find/>").ok());
}

}  // namespace
}  // namespace causeway::message
