// SPDX-License-Identifier: MIT
#include "yaml/yaml_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "yaml/block_yaml.hpp"

namespace causeway {
namespace {

using ::testing::HasSubstr;

std::string complaint(const std::string& text) {
  auto parsed = parse_yaml(text, "f", "malformed");
  return parsed ? "" : parsed.error().text;
}

std::vector<YamlNode> items(const YamlNode& node) {
  std::vector<YamlNode> all;
  for (const YamlNode item : node.items()) all.push_back(item);
  return all;
}
std::vector<YamlNode::Entry> entries(const YamlNode& node) {
  std::vector<YamlNode::Entry> all;
  for (const auto& entry : node.entries()) all.push_back(entry);
  return all;
}

// Everything a node says, without its place.
std::string shape(const YamlNode& node) {
  std::string text;
  switch (node.kind()) {
    case YamlKind::empty:
      return "-";
    case YamlKind::text:
      return "'" + std::string(node.text()) + "'";
    case YamlKind::sequence:
      for (const YamlNode item : node.items()) text += shape(item) + ",";
      return "[" + text + "]";
    case YamlKind::mapping:
      for (const auto& [key, value] : node.entries()) text += shape(key) + ":" + shape(value) + ",";
      return "{" + text + "}";
  }
  return "?";
}

TEST(YamlDocument, KeepsOrderTextAndPlace) {
  for (const std::string true_text : {"'true'", "true"}) {
    const std::string text = "b: 1\na:\n  - x y\n  - " + true_text + "\nc:\n";
    auto parsed = parse_yaml(text, "f", "malformed");
    ASSERT_TRUE(parsed.ok());
    const auto all = entries(parsed->root());
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].key.text(), "b");
    EXPECT_EQ(all[0].value.text(), "1");
    EXPECT_EQ(items(all[1].value)[1].text(), "true");
    EXPECT_EQ(items(all[1].value)[1].line(), 4U);
    EXPECT_EQ(items(all[1].value)[1].column(), 5U);
    EXPECT_EQ(all[2].key.line(), 5U);
    EXPECT_EQ(all[2].key.column(), 1U);
    EXPECT_EQ(all[2].value.kind(), YamlNode::Kind::empty);
  }
}

TEST(BlockYaml, MeansWhatItMeansToTheGeneralParser) {
  const std::string cases[] = {
      "a: 1\n",
      "a: 1",
      "a:\n",
      "# only\n\na:   1   # one\n  # two\nb: c#d\n",
      "a:\n  - 1\n  - 2\nb:\n- 3\n- 4\nc: 5\n",
      "a:\n  b:\n    c: d\n  e: f\ng: h\n",
      "a:\n  - b: 1\n    c: 2\n  -   d: 3\n      e:\n        - 4\n  - f:\n",
      "- a\n- b: c\n- d\n",
      "a: \"b \\\"c\\\" \\\\ \\n # d: e\"\n\"f g\": h i\n",
      "a: []\nb:\n  \"c d\": []\n",
      "a: http://x.example/y?z=1&w=[2]{3}\nb: GET /pets/*\nc: 12:30\n",
      "a:\n  - |\n    one\n    # two\n    three: 3\n  - four\nb: |\n  five\nc: 6\n",
      "a: J\xC3\xA4rve \xE2\x82\xAC\n\xC3\xB6: b\n",
  };
  for (const std::string& text : cases) {
    const auto block = parse_block_yaml(text);
    ASSERT_TRUE(block) << text;
    const std::string marked = "---\n" + text;
    ASSERT_FALSE(parse_block_yaml(marked));
    const auto general = parse_yaml(marked, "f", "malformed");
    ASSERT_TRUE(general.ok()) << general.error().text;
    EXPECT_EQ(shape(block->root()), shape(general->root())) << text;
  }
}

TEST(BlockYaml, LeavesToTheGeneralParserWhatIsUnusual) {
  const std::string cases[] = {
      "",
      "\n",
      "a",
      "a: 1\na: 2\n",
      "a: b: c\n",
      "a : b\n",
      "a: b\n  c\n",
      "a:\n   - b\n  - c\n",
      "a:\n  b: 1\n c: 2\n",
      "a:\n  b: 1\n  - c\n",
      "- a\nb: c\n",
      "- - a\n",
      "-\n  a\n",
      "a: -b\n",
      "a: 'b'\n",
      "a: [1]\n",
      "a: {b: c}\n",
      "a: &b c\n",
      "a: *b\n",
      "a: !b c\n",
      "a: ~\n",
      "a: null\n",
      "null: a\n",
      "a: >\n  b\n",
      "a: |-\n  b\n",
      "a: |\n  b\n   c\n",
      "a: |\n  b\n\n  c\n",
      "a: |\n  b",
      "a: |\nb: c\n",
      "a:\tb\n",
      "a: b\r\n",
      "a: \"b\n",
      "a: \"\\x41\"\n",
      "a: \"b\" # c\n",
      "a: b\n---\nc: d\n",
      "a: b\n...\n",
      "%YAML 1.2\n---\na: b\n",
      "a: \xC3\n",
      "a: b\xE2\x80\xA8\n",
      "\xEF\xBB\xBF\x61: b\n",
      "  a: b\n",
      std::string(1100, 'a') + ": b\n",
  };
  for (const std::string& text : cases) EXPECT_FALSE(parse_block_yaml(text)) << text;
  std::string deep;
  for (std::size_t i = 0; i < 40; ++i) deep += std::string(i, ' ') + "a:\n";
  EXPECT_FALSE(parse_block_yaml(deep));
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
    (void)parse_yaml(text, "f", "malformed").ok();
  }
}

TEST(YamlDocument, WritesScalarsThatReadBackEqual) {
  for (const std::string text : {"plain", "http://x.example/a?b=c", "a b", "", "null", "~", "- x", "a: b", "a:", "x#y",
                                 "\"q\"", "\\", "\n", "\x01", "*", "\u00e4\u20ac"}) {
    const std::string document = "k: " + yaml_scalar(text) + "\n";
    auto parsed = parse_yaml(document, "f", "malformed");
    ASSERT_TRUE(parsed.ok()) << text << ": " << parsed.error().text;
    EXPECT_EQ(entries(parsed->root())[0].value.text(), text);
    EXPECT_EQ(entries(parsed->root())[0].value.kind(), YamlNode::Kind::text);
  }
}

}  // namespace
}  // namespace causeway
