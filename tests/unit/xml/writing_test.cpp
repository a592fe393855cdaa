// SPDX-License-Identifier: MIT
#include "xml/writing.hpp"

#include <gtest/gtest.h>

#include "xml/canonical.hpp"
#include "xml/document.hpp"

namespace causeway::xml {
namespace {

TEST(Escaping, IsThatOfTheCanonicalForm) {
  const std::string value = "a&b<c>d\"e\r\n\tf \xC3\xA4 \xF0\x9F\x98\x80";
  const std::string text = "<a b=\"" + escape_attribute(value) + "\">" + escape_text(value) + "</a>";
  const auto document = Document::parse(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root().text(), value);
  EXPECT_EQ(document->root().attribute("b"), value);
  EXPECT_EQ(*canonicalize(*document, document->root()), text);
}

TEST(Escaping, ReplacesWhatXmlCannotCarry) {
  EXPECT_EQ(escape_text(std::string_view("a\0b\x01", 4)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  for (const char* bad : {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xEF\xBF\xBF", "\xF5\x80\x80\x80", "\xE4"}) {
    const std::string text = "<a>" + escape_text(bad) + "</a>";
    EXPECT_TRUE(Document::parse(text)) << text;
  }
}

TEST(Writer, WritesWithoutWhiteSpace) {
  Writer writer;
  writer.open("a").attribute("x", "1<2").element("b", "t&u").open("c").close().close();
  EXPECT_EQ(std::move(writer).finish(), "<a x=\"1&lt;2\"><b>t&amp;u</b><c/></a>");
}

TEST(Writer, Indents) {
  Writer writer(2);
  writer.declaration().open("a").element("b", "t").open("c").open("d").close().close().close();
  EXPECT_EQ(std::move(writer).finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n  <b>t</b>\n  <c>\n    <d/>\n  </c>\n</a>\n");
}

}  // namespace
}  // namespace causeway::xml
