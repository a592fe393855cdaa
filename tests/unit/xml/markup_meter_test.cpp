// SPDX-License-Identifier: MIT
#include "xml/markup_meter.hpp"

#include <gtest/gtest.h>

#include <string>

#include "xml/document.hpp"
#include "xml/sax.hpp"

namespace causeway::xml {
namespace {

// Empty, or why the document is refused, however it is cut.
std::string judge(std::string_view text, MarkupMeter::Limits limits) {
  std::string first;
  for (const std::size_t piece : {text.size() + 1, std::size_t{1}, std::size_t{3}}) {
    MarkupMeter meter(limits);
    Result<void> passed;
    for (std::size_t at = 0; at < text.size() && passed; at += piece)
      passed = meter.pass(as_bytes(text.substr(at, piece)));
    const std::string reason = passed ? "" : passed.error().text;
    if (piece > text.size()) first = reason;
    EXPECT_EQ(reason, first) << text;
  }
  return first;
}

std::string wide(std::string_view text, bool little) {
  std::string out = little ? "\xff\xfe" : "\xfe\xff";
  for (const char c : text) out += little ? std::string{c, '\0'} : std::string{'\0', c};
  return out;
}

std::string attributes(std::size_t count) {
  std::string text = "<a";
  for (std::size_t i = 0; i < count; ++i) text += " a" + std::to_string(i) + "=''";
  return text + "/>";
}

TEST(MarkupMeter, CountsTheAttributesOfOneTag) {
  const MarkupMeter::Limits two{.attributes_of_a_tag = 2};
  EXPECT_EQ(judge("<a b='1' c='2'><d e='' f=''/></a>", two), "");
  EXPECT_EQ(judge("<a b='1' c = \"2\"\n\td='3'/>", two), "too many attributes");
  EXPECT_EQ(judge("<a b='=====' c=\"'='='=\"/>", two), "");
  EXPECT_EQ(judge("<a>=======</a>", two), "");
}

TEST(MarkupMeter, PassesOverWhatIsNoTag) {
  const MarkupMeter::Limits one{.elements = 1, .attributes_of_a_tag = 1};
  EXPECT_EQ(
      judge("<?xml version='1.0' encoding='UTF-8'?><!-- <b c='' d=''/> --><a><![CDATA[<b c='' d=''/>]]></a>", one), "");
  EXPECT_EQ(judge("<a><!-- - -> -- ]]> ? --><![CDATA[ ]] -- > ]]]></a>", one), "");
  EXPECT_EQ(judge("<a><!----><b/></a>", one), "too many elements");
  EXPECT_EQ(judge("<a><![CDATA[]]><b/></a>", one), "too many elements");
  EXPECT_EQ(judge("<a><?p ? >?><b/></a>", one), "too many elements");
}

TEST(MarkupMeter, CountsNamespaceDeclarations) {
  const MarkupMeter::Limits two{.namespace_declarations = 2};
  EXPECT_EQ(judge("<a xmlns='u' xmlns:b='v' xmlnsx='1' b:xmlns='2' xml='3'/>", two), "");
  EXPECT_EQ(judge("<a xmlns='u' xmlns:b='v'><c xmlns = 'w'/></a>", two), "too many namespace declarations");
  EXPECT_EQ(judge("<xmlns:a/><xmlns:a/><xmlns:a/>", two), "");
}

TEST(MarkupMeter, CountsNodes) {
  EXPECT_EQ(judge("<a><!--x--><?y?></a>", {.nodes = 3}), "");
  EXPECT_EQ(judge("<a><!--x--><?y?></a>", {.nodes = 2}), "too many nodes");
}

TEST(MarkupMeter, ReadsUtf16) {
  const MarkupMeter::Limits one{.attributes_of_a_tag = 1};
  for (const bool little : {true, false}) {
    EXPECT_EQ(judge(wide("<a b=''/>", little), one), "");
    EXPECT_EQ(judge(wide("<a b='' c=''/>", little), one), "too many attributes");
    EXPECT_EQ(judge(wide("<a b='' c=''/>", little).substr(2), one), "too many attributes");
  }
}

// Each took a parser alone some minutes, or hundreds of megabytes.
TEST(MarkupMeter, KeepsHugeTagsFromTheParsers) {
  const std::string huge = attributes(300'000);
  const auto document = Document::parse(huge);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().text, "too many attributes");
  class Deaf : public SaxHandler {
    Result<void> element_begin(const SaxName&, std::span<const SaxAttribute>, SaxPlace) override { return {}; }
    Result<void> element_end(const SaxName&, SaxPlace) override { return {}; }
    Result<void> characters(std::string_view, SaxPlace) override { return {}; }
  } deaf;
  SaxReader reader(deaf);
  const auto fed = reader.feed(as_bytes(huge));
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().text, "too many attributes");
  EXPECT_TRUE(reader.malformed());
}

}  // namespace
}  // namespace causeway::xml
