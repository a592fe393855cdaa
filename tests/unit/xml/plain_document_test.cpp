// SPDX-License-Identifier: MIT
#include "xml/plain_document.hpp"

#include <gtest/gtest.h>

#include <string>

#include "xml/document.hpp"

namespace causeway::xml {
namespace {

// An element with all that is in it, whichever parser read it.
template <class E>
std::string describe(const E& element) {
  std::string out = "{" + std::string(element.namespace_uri()) + "}" + std::string(element.name());
  element.for_each_attribute([&](std::string_view, std::string_view name) {
    out += " " + std::string(name) + "=" + std::string(element.attribute(name).value_or("?"));
  });
  auto child = element.first_child();
  if (!child) out += " '" + std::string(element.text()) + "'";
  for (; child; child = child->next_sibling()) out += " (" + describe(*child) + ")";
  return out;
}

std::string plain(std::string_view text) {
  const auto document = PlainDocument::parse(text);
  return document ? describe(document->root()) : "not plain";
}

std::string general(std::string_view text) {
  const auto document = Document::parse(text);
  return document ? describe(document->root()) : document.error().code;
}

TEST(PlainDocument, MeansWhatTheGeneralParserReads) {
  for (const std::string_view text : {
           "<a/>",
           "<a></a >\n",
           "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<a b='1' c=\"'2'\"> x </a>",
           "<a xmlns='http://one.example/'><b>\n<c/>\t<d e='f'>text</d></b></a>",
           "<h:a xmlns:h='http://one.example/a#' xmlns='http://two.example' xmlns:un='http://unused'><b/><h:b/></h:a>",
       })
    EXPECT_EQ(plain(text), general(text)) << text;
  EXPECT_EQ(plain("<h:a xmlns:h='http://one' i='1'><h:b>2</h:b><c/></h:a>"),
            "{http://one}a i=1 ({http://one}b '2') ({}c '')");
}

TEST(PlainDocument, ReadsPrefixesDeclaredAfterTheirAttributes) {
  EXPECT_EQ(plain("<h:a i='1' xmlns:h='http://one'/>"), "{http://one}a i=1 ''");
}

TEST(PlainDocument, LeavesToTheGeneralParserWhatIsMoreThanPlain) {
  for (const std::string_view text : {
           "<a>&amp;</a>",
           "<a b='&#65;'/>",
           "<a><!-- c --></a>",
           "<a><![CDATA[c]]></a>",
           "<a><?p i?></a>",
           "<!DOCTYPE a><a/>",
           "<a>\r\n</a>",
           "<a>\xc3\xa4</a>",
           "<a b='1\n2'/>",
           "<a b='1\t2'/>",
           "<a b = '1'/>",
           "<a><b xmlns='http://one'/></a>",
           "<a xmlns:p='http://one' p:b='1'/>",
           "<a>text<b/></a>",
           "<a><b/>text</a>",
           "<?xml version='1.0'?><a/>",
           "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>",
           "<a xmlns='urn:a:b'/>",
       })
    EXPECT_EQ(plain(text), "not plain") << text;
}

TEST(PlainDocument, LeavesToTheGeneralParserWhatIsNotWellFormed) {
  for (const std::string_view text : {
           "",
           " ",
           "a",
           "<",
           "<a",
           "<a>",
           "<a/",
           "<a/>b",
           "<a/><b/>",
           "</a>",
           "<a></b>",
           "<a></ab>",
           "<ab></a>",
           "<a></a:a>",
           "<p:a xmlns:p='http://one' xmlns:q='http://one'></q:a>",
           "<a><b></a></b>",
           "<a b/>",
           "<a b=c/>",
           "<a b='1' b='2'/>",
           "<a b='1'c='2'/>",
           "<a b='<'/>",
           "<p:a/>",
           "<a:/>",
           "<:a/>",
           "<1/>",
           "< a/>",
           "<a>]]></a>",
           "<a xmlns:p=''/>",
           "<a xmlns:xmlns='http://one'/>",
           "<a xmlns:xml='http://one'/>",
           "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
           "<a xmlns:p='http://one' xmlns:p='http://two'/>",
       }) {
    EXPECT_EQ(plain(text), "not plain") << text;
    EXPECT_EQ(general(text), "invalid_xml") << text;
  }
  EXPECT_EQ(plain(std::string_view("<a>\0</a>", 8)), "not plain");
}

TEST(PlainDocument, HasLimits) {
  const auto nested = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += "<a>";
    for (int i = 0; i < levels; ++i) text += "</a>";
    return text;
  };
  EXPECT_NE(plain(nested(16)), "not plain");
  EXPECT_EQ(plain(nested(17)), "not plain");
  EXPECT_NE(plain("<a>" + std::string(65000, 'x') + "</a>"), "not plain");
  EXPECT_EQ(plain("<a>" + std::string(66000, 'x') + "</a>"), "not plain");
}

}  // namespace
}  // namespace causeway::xml
