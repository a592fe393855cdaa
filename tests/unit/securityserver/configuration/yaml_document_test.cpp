// SPDX-License-Identifier: MIT
#include "securityserver/configuration/yaml_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace causeway::securityserver {
namespace {

using ::testing::HasSubstr;

std::string complaint(const std::string& text) {
  auto parsed = parse_yaml(text, "f");
  return parsed ? "" : parsed.error().text;
}

TEST(YamlDocument, KeepsOrderTextAndPlace) {
  auto parsed = parse_yaml("b: 1\na:\n  - x y\n  - 'true'\nc:\n", "f");
  ASSERT_TRUE(parsed.ok());
  ASSERT_EQ(parsed->entries.size(), 3U);
  EXPECT_EQ(parsed->entries[0].key.text, "b");
  EXPECT_EQ(parsed->entries[0].value.text, "1");
  EXPECT_EQ(parsed->entries[1].value.items[1].text, "true");
  EXPECT_EQ(parsed->entries[1].value.items[1].line, 4);
  EXPECT_EQ(parsed->entries[1].value.items[1].column, 5);
  EXPECT_EQ(parsed->entries[2].value.kind, YamlNode::Kind::empty);
}

TEST(YamlDocument, RefusesWhatHidesOrMultipliesContent) {
  EXPECT_THAT(complaint("a: 1\na: 2\n"), HasSubstr("f:2:1: 'a' stands here a second time"));
  EXPECT_THAT(complaint("a: &x 1\nb: 2\n"), HasSubstr("anchors"));
  EXPECT_THAT(complaint("a: &x [1]\nb: *x\n"), HasSubstr("anchors"));
  EXPECT_THAT(complaint("b: *x\n"), HasSubstr("f:1:"));
  EXPECT_THAT(complaint("a: !!binary aaaa\n"), HasSubstr("tags"));
  EXPECT_THAT(complaint("? [a]\n: b\n"), HasSubstr("key"));
  EXPECT_THAT(complaint("a: 1\n---\nb: 2\n"), HasSubstr("second document"));
}

TEST(YamlDocument, RefusesBrokenSyntaxWithItsPlace) {
  EXPECT_THAT(complaint("a: [1\n"), HasSubstr("f:"));
  EXPECT_THAT(complaint("\tb: 1\n c"), HasSubstr("f:"));
  EXPECT_NE(complaint("a: @x\n"), "");
}

TEST(YamlDocument, RefusesDeepNesting) {
  EXPECT_THAT(complaint(std::string(33, '[') + std::string(33, ']')), HasSubstr("deeper"));
  EXPECT_NE(complaint(std::string(100000, '[')), "");
  EXPECT_NE(complaint(std::string(100000, '{')), "");
  std::string nested;
  for (int i = 0; i < 5000; ++i) nested += std::string(i % 100, ' ') + "- - - - a:\n";
  EXPECT_NE(complaint(nested), "");
}

TEST(YamlDocument, SurvivesBytesThatAreNoText) {
  for (int i = 0; i < 256; ++i) {
    const std::string text = "a: x" + std::string(1, static_cast<char>(i)) + "y\n";
    (void)parse_yaml(text, "f").ok();
  }
}

TEST(YamlDocument, WritesScalarsThatReadBackEqual) {
  for (const std::string text : {"plain", "http://x.example/a?b=c", "a b", "", "null", "~", "- x", "a: b", "a:", "x#y",
                                 "\"q\"", "\\", "\n", "\x01", "*", "\u00e4\u20ac"}) {
    auto parsed = parse_yaml("k: " + yaml_scalar(text) + "\n", "f");
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.error().text;
    EXPECT_EQ(parsed->entries[0].value.text, text);
    EXPECT_EQ(parsed->entries[0].value.kind, YamlNode::Kind::text);
  }
}

}  // namespace
}  // namespace causeway::securityserver
