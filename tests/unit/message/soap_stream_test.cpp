// SPDX-License-Identifier: MIT
#include "message/soap_stream.hpp"

#include <gtest/gtest.h>

#include "unit/message/collected_soap.hpp"
#include "unit/message/soap_sample.hpp"

namespace causeway::message {
namespace {

const std::string kXml = SoapSample().xml();
const std::string kRelated = "multipart/related; type=\"text/xml\"; boundary=B";

std::string part(std::string_view type, std::string_view body) {
  return "--B\r\nContent-Type: " + std::string(type) + "\r\nContent-ID: <x>\r\n\r\n" + std::string(body) + "\r\n";
}

TEST(SoapStream, ReadsSoapAlone) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, kXml.size()}) {
    const CollectedSoap read = collected_soap("text/xml; charset=utf-8", kXml, piece);
    EXPECT_EQ(read.fault, "");
    EXPECT_EQ(as_text(std::get<SoapMessage>(*read.soap).bytes), kXml);
    EXPECT_EQ(*read.headers.find("content-type"), "text/xml; charset=utf-8");
    EXPECT_TRUE(read.attachments.empty());
  }
}

TEST(SoapStream, ReadsSoapWithAttachments) {
  const std::string text = part("text/xml", kXml) + part("text/plain", "one") + part("image/png", "") + "--B--\r\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{100}, text.size()}) {
    const CollectedSoap read = collected_soap(kRelated, text, piece);
    EXPECT_EQ(read.fault, "");
    EXPECT_EQ(as_text(std::get<SoapMessage>(*read.soap).bytes), kXml);
    EXPECT_EQ(*read.headers.find("content-id"), "<x>");
    ASSERT_EQ(read.attachments.size(), 2u);
    EXPECT_EQ(read.attachments[0].body, "one");
    EXPECT_EQ(read.attachments[1].type(), "image/png");
  }
}

TEST(SoapStream, NamesWhatIsWrong) {
  const auto fault = [](std::string_view type, std::string_view text) { return collected_soap(type, text, 64).fault; };
  EXPECT_EQ(fault("blah", kXml), "invalid_content_type");
  EXPECT_EQ(fault("", kXml), "invalid_content_type");
  EXPECT_EQ(fault("multipart/related", kXml), "invalid_content_type");
  EXPECT_EQ(fault("multipart/mixed; boundary=B", kXml), "invalid_content_type");
  EXPECT_EQ(fault("text/xml", ""), "invalid_soap");
  EXPECT_EQ(fault(kRelated, part("text/plain", kXml)), "invalid_content_type");
  EXPECT_EQ(fault(kRelated, "--B\r\n\r\n" + kXml + "\r\n--B--"), "invalid_content_type");
  EXPECT_EQ(fault(kRelated, part("text/xml", kXml) + "--B\r\nContent-ID: x\r\n\r\nb\r\n--B--"), "invalid_content_type");
  EXPECT_EQ(fault(kRelated, part("text/xml", "<a/>")), "invalid_soap");
  EXPECT_EQ(fault(kRelated, "--B\r\nA: " + std::string(2000, 'x')), "mime_parsing_failed");
}

TEST(SoapStream, SaysWhetherThereWasSoapAtAll) {
  EXPECT_FALSE(collected_soap(kRelated, "", 1).has_soap);
  EXPECT_FALSE(collected_soap(kRelated, "--B--\r\n", 1).has_soap);
  EXPECT_EQ(collected_soap(kRelated, "--B--\r\n", 1).fault, "");
  EXPECT_TRUE(collected_soap(kRelated, part("text/xml", kXml), 1).has_soap);
}

TEST(SoapStream, GivesAFaultInTheFirstPart) {
  const CollectedSoap read = collected_soap(kRelated, part("application/xop+xml", soap_fault_xml(Fault{"c", "t"})), 10);
  EXPECT_TRUE(std::holds_alternative<SoapFault>(*read.soap));
}

TEST(SoapStream, HoldsTheLimitOfSoap) {
  SoapCollector collector;
  auto reader = SoapStreamReader::make("text/xml", collector, 10);
  ASSERT_TRUE(reader.ok());
  EXPECT_TRUE(reader->feed(as_bytes("1234567890")).ok());
  EXPECT_EQ(reader->feed(as_bytes("1")).error().code, "invalid_soap");
}

}  // namespace
}  // namespace causeway::message
