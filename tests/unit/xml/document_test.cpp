// SPDX-License-Identifier: MIT
#include "xml/document.hpp"

#include <gtest/gtest.h>

namespace causeway::xml {
namespace {

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i) text += "<a>";
  for (std::size_t i = 0; i < depth; ++i) text += "</a>";
  return text;
}

std::string code_of(std::string_view text, const Limits& limits = {}) {
  const auto document = Document::parse(text, limits);
  return document ? "" : document.error().code;
}

TEST(Document, ReadsNamesAttributesAndText) {
  const auto document =
      Document::parse(R"(<p:a xmlns:p="urn:p" x="1&amp;2" p:y="z">t<!--c-->u<![CDATA[<v>]]>&#13;<b/></p:a>)");
  ASSERT_TRUE(document);
  const Element root = document->root();
  EXPECT_TRUE(root.is("urn:p", "a"));
  EXPECT_EQ(root.attribute("x"), "1&2");
  EXPECT_EQ(root.attribute("y"), std::nullopt);
  EXPECT_EQ(root.attribute("urn:p", "y"), "z");
  EXPECT_EQ(root.text(), "tu<v>\r");
  EXPECT_TRUE(root.child("", "b"));
  EXPECT_FALSE(root.child("urn:p", "b"));
  int attributes = 0;
  root.for_each_attribute([&](std::string_view, std::string_view) { ++attributes; });
  EXPECT_EQ(attributes, 2);
}

TEST(Document, WalksEveryElementInOrder) {
  const auto document = Document::parse("<a><b><c/></b>x<d/></a>");
  ASSERT_TRUE(document);
  std::string names;
  for (std::optional<Element> at = document->root(); at; at = at->next_within(document->root())) names += at->name();
  EXPECT_EQ(names, "abcd");
}

TEST(Document, RefusesEveryDoctype) {
  EXPECT_EQ(code_of("<!DOCTYPE a><a/>"), "invalid_xml");
  EXPECT_EQ(code_of(R"(<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><a>&e;</a>)"), "invalid_xml");
  EXPECT_EQ(code_of(R"(<!DOCTYPE a [<!ENTITY e "ee"><!ENTITY f "&e;&e;">]><a>&f;</a>)"), "invalid_xml");
  EXPECT_EQ(code_of(R"(<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>)"), "invalid_xml");
}

TEST(Document, RefusesWhatIsNotWellFormed) {
  for (const char* text : {"", "   ", "<a>", "<a/><b/>", "<a b='1' b='2'/>", "<a>&undefined;</a>", "<a>\x01</a>",
                           "<p:a/>", "<a p:b='1'/>", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='1'/>", "<a>\xff</a>"})
    EXPECT_EQ(code_of(text), "invalid_xml") << text;
}

TEST(Document, RefusesWhatFollowsANull) {
  EXPECT_EQ(code_of(std::string_view("<a/>\0<b/>", 9)), "invalid_xml");
  EXPECT_EQ(code_of(std::string_view("<a/>\0", 5)), "invalid_xml");
  EXPECT_EQ(code_of(std::string_view("<a>\0</a>", 8)), "invalid_xml");
}

TEST(Document, RefusesOtherEncodings) {
  EXPECT_EQ(code_of(std::string_view("\xFE\xFF\0<\0a\0/\0>", 10)), "invalid_xml");
  EXPECT_EQ(code_of("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>"), "invalid_xml");
}

TEST(Document, KeepsToItsLimits) {
  EXPECT_EQ(code_of(nested(64)), "");
  EXPECT_EQ(code_of(nested(65)), "invalid_xml");
  EXPECT_EQ(code_of(nested(5000), {.depth = 10'000}), "invalid_xml");
  EXPECT_EQ(code_of("<a/>", {.bytes = 3}), "invalid_xml");
  EXPECT_EQ(code_of("<a><b/><b/></a>", {.elements = 3}), "");
  EXPECT_EQ(code_of("<a><b/><b/></a>", {.elements = 2}), "invalid_xml");
  EXPECT_EQ(code_of("<a b='1' c='2'/>", {.attributes_of_an_element = 1}), "invalid_xml");
  EXPECT_EQ(code_of("<a xmlns:b='1' xmlns:c='2'/>", {.namespace_declarations = 1}), "invalid_xml");
}

TEST(Document, FindsById) {
  const auto document = Document::parse("<a><b Id='x'/><c id='x' ID='x'/><d Id='y'/></a>");
  ASSERT_TRUE(document);
  const auto ids = document->ids();
  ASSERT_TRUE(ids);
  EXPECT_EQ(ids->find("x")->name(), "b");
  EXPECT_EQ(ids->find("y")->name(), "d");
  EXPECT_FALSE(ids->find("z"));
}

TEST(Document, RefusesTwoElementsOfOneId) {
  const auto document = Document::parse("<a><b Id='x'/><c Id='x'/></a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->ids().error().code, "invalid_xml");
}

}  // namespace
}  // namespace causeway::xml
