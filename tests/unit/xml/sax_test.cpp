// SPDX-License-Identifier: MIT
#include "xml/sax.hpp"

#include <gtest/gtest.h>

namespace causeway::xml {
namespace {

// Writes down what it is told.
class Notes : public SaxHandler {
 public:
  Result<void> element_begin(const SaxName& name, std::span<const SaxAttribute> attributes, SaxPlace place) override {
    text += "<" + full(name);
    for (const SaxAttribute& attribute : attributes)
      text += " " + full(attribute.name) + "=" + std::string(attribute.value);
    text += ">";
    last_begin = place;
    return stop_at == name.local ? Result<void>(Fault{"mine", "stopped"}) : Result<void>();
  }
  Result<void> element_end(const SaxName& name, SaxPlace place) override {
    text += "</" + std::string(name.local) + ">";
    last_end = place;
    return {};
  }
  Result<void> characters(std::string_view piece, SaxPlace) override {
    text += piece;
    return {};
  }
  Result<void> declaration(std::string_view declared, SaxPlace place) override {
    encoding = declared;
    declaration_end = place.end;
    return {};
  }
  static std::string full(const SaxName& name) {
    return "{" + std::string(name.namespace_uri) + "}" + std::string(name.prefix) + ":" + std::string(name.local);
  }
  std::string text, encoding, stop_at;
  std::size_t declaration_end = 0;
  SaxPlace last_begin, last_end;
};

struct Outcome {
  Notes notes;
  std::string fault;
  bool malformed = false;
};

Outcome read(std::string_view xml, std::size_t piece = 1 << 20, SaxLimits limits = {}, std::string stop_at = {}) {
  Outcome outcome;
  outcome.notes.stop_at = std::move(stop_at);
  SaxReader reader(outcome.notes, limits);
  Result<void> result;
  for (std::size_t i = 0; i < xml.size() && result; i += piece) result = reader.feed(as_bytes(xml.substr(i, piece)));
  if (result) result = reader.end();
  if (!result) outcome.fault = result.error().code;
  outcome.malformed = reader.malformed();
  return outcome;
}

TEST(SaxReader, GivesNamesWithNamespacesPrefixesAndAttributes) {
  const char* xml = "<a xmlns='u' xmlns:p='v' k='1' p:k='2'><p:b/>x<![CDATA[<&]]>&lt;&#228;<!-- c --><?pi?></a>";
  const std::string expected = "<{u}:a {}:k=1 {v}p:k=2><{v}p:b></b>x<&<\xc3\xa4</a>";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
    const Outcome outcome = read(xml, piece);
    EXPECT_EQ(outcome.fault, "");
    EXPECT_EQ(outcome.notes.text, expected);
  }
}

TEST(SaxReader, KnowsTheOctetsOfTagsAndDeclaration) {
  const std::string xml = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<a>\xe4<b c='d' /></a>";
  const Outcome outcome = read(xml);
  EXPECT_EQ(outcome.notes.encoding, "ISO-8859-1");
  EXPECT_EQ(outcome.notes.declaration_end, xml.find("?>") + 2);
  EXPECT_EQ(xml.substr(outcome.notes.last_begin.begin, outcome.notes.last_begin.end - outcome.notes.last_begin.begin),
            "<b c='d' />");
  EXPECT_EQ(outcome.notes.last_end.end, xml.size());
  EXPECT_EQ(outcome.notes.text, "<{}:a>\xc3\xa4<{}:b {}:c=d></b></a>");
}

TEST(SaxReader, RefusesWhatIsNotWellFormedOrNotSafe) {
  for (const char* xml : {"", "  ", "<a>", "<a></b>", "<p:a/>", "<a xmlns:p='u' xmlns:q='u' p:k='1' q:k='2'/>",
                          "<a>\x01</a>", "<a>&e;</a>", "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
                          "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "<a>\xff</a>", "<a/><b/>", "<a k='1' k='2'/>",
                          "<?xml version='1.0' encoding='x-unheard-of'?><a/>"}) {
    const Outcome outcome = read(xml);
    EXPECT_EQ(outcome.fault, "invalid_xml") << xml;
    EXPECT_TRUE(outcome.malformed);
  }
}

TEST(SaxReader, HoldsItsLimits) {
  SaxLimits limits;
  limits.depth = 3;
  EXPECT_EQ(read("<a><a><a/></a></a>", 100, limits).fault, "");
  EXPECT_EQ(read("<a><a><a><a/></a></a></a>", 100, limits).fault, "invalid_xml");
  limits.attributes_of_an_element = 1;
  EXPECT_EQ(read("<a b='' c=''/>", 100, limits).fault, "invalid_xml");
  limits.bytes = 4;
  EXPECT_EQ(read("<a/>", 1, limits).fault, "");
  EXPECT_EQ(read("<aa/>", 1, limits).fault, "invalid_xml");
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  EXPECT_EQ(read(deep).fault, "invalid_xml");
}

TEST(SaxReader, StopsAtTheHandlersFault) {
  const Outcome outcome = read("<a><b/><c/></a>", 100, {}, "b");
  EXPECT_EQ(outcome.fault, "mine");
  EXPECT_FALSE(outcome.malformed);
  EXPECT_EQ(outcome.notes.text, "<{}:a><{}:b>");
}

}  // namespace
}  // namespace causeway::xml
