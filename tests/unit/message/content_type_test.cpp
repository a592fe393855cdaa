// SPDX-License-Identifier: MIT
#include "message/content_type.hpp"

#include <gtest/gtest.h>

namespace causeway::message {
namespace {

ContentType parsed(std::string_view text) {
  auto result = ContentType::parse(text);
  EXPECT_TRUE(result.ok()) << text;
  return result.ok() ? *result : ContentType{};
}

TEST(ContentType, LowersTypeAndNamesAndUnquotesValues) {
  const ContentType type = parsed("Multipart/Related; TYPE=\"text/xml\"; Boundary=\"a;b\\\"c\" ;charset = UTF-8");
  EXPECT_EQ(type.type, "multipart/related");
  EXPECT_EQ(type.parameter("type"), "text/xml");
  EXPECT_EQ(type.parameter("BOUNDARY"), "a;b\"c");
  EXPECT_EQ(type.parameter("charset"), "UTF-8");
  EXPECT_EQ(type.parameter("start"), "");
}

TEST(ContentType, TakesAPlainTypeAndStraySemicolons) {
  EXPECT_EQ(parsed(" text/xml ").type, "text/xml");
  EXPECT_EQ(parsed("text/xml;;  ; charset=utf-8;").parameter("charset"), "utf-8");
  EXPECT_EQ(parsed("text/xml; flag").parameters.size(), 0u);
}

TEST(ContentType, RefusesWhatIsNoType) {
  for (const char* text : {"", "   ", ";charset=utf-8", "text/xml\r\nX: y", "\"text/xml\"", "charset=utf-8"}) {
    const auto result = ContentType::parse(text);
    ASSERT_FALSE(result.ok()) << text;
    EXPECT_EQ(result.error().code, "invalid_content_type");
  }
}

TEST(ContentType, RefusesTwoDifferentBoundaries) {
  EXPECT_FALSE(ContentType::parse("multipart/mixed; boundary=a; boundary=b").ok());
  EXPECT_TRUE(ContentType::parse("multipart/mixed; boundary=a; Boundary=\"a\"").ok());
}

TEST(ContentType, IsAsItStandsWhenPlain) {
  for (const char* text :
       {"text/xml", "application/x-road-rest-body", "signature/bdoc-1.0/ts", "application/xop+xml"}) {
    EXPECT_TRUE(is_plain_media_type(text)) << text;
    EXPECT_EQ(parsed(text).type, text);
    EXPECT_TRUE(parsed(text).parameters.empty());
  }
  for (const char* text : {"", " text/xml", "Text/xml", "text/xml;", "text/xml; a=b", "\"text\"", "text/xml\t", "a=b"})
    EXPECT_FALSE(is_plain_media_type(text)) << text;
}

TEST(WithUtf8Charset, ReplacesAnyOtherCharsetAndKeepsTheRest) {
  EXPECT_EQ(with_utf8_charset("text/xml"), "text/xml;charset=utf-8");
  EXPECT_EQ(with_utf8_charset("text/xml; charset=ISO-8859-1"), "text/xml;charset=utf-8");
  EXPECT_EQ(with_utf8_charset("multipart/related; charset=\"x;y\"; boundary=\"b;c\"; type=text/xml"),
            "multipart/related; boundary=\"b;c\"; type=text/xml;charset=utf-8");
}

}  // namespace
}  // namespace causeway::message
