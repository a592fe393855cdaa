// SPDX-License-Identifier: MIT
#include "xml/canonical.hpp"

#include <gtest/gtest.h>

namespace causeway::xml {
namespace {

constexpr std::string_view kDocument =
    "<?xml version=\"1.0\"?>\n"
    "<?p i?><r xmlns:z=\"urn:z\" xmlns:a=\"urn:a\" xml:lang=\"et\">"
    "<a:e b=\"2\" a='1&quot;' z:c=\"3\"><!-- gone -->\r\n&#13;&lt;<![CDATA[&]]><f xmlns=\"urn:f\"/></a:e>"
    "</r>";

std::string canonical(std::string_view text, const CanonicalForm& form) {
  const auto document = Document::parse(text);
  if (!document) return "unreadable";
  const auto out = canonicalize(*document, *document->root().first_child(), form);
  return out ? *out : out.error().code;
}

TEST(Canonical, InclusiveCarriesEveryNamespaceInScope) {
  EXPECT_EQ(canonical(kDocument, {}),
            "<a:e xmlns:a=\"urn:a\" xmlns:z=\"urn:z\" a=\"1&quot;\" b=\"2\" xml:lang=\"et\" z:c=\"3\">"
            "\n&#xD;&lt;&amp;<f xmlns=\"urn:f\"></f></a:e>");
}

TEST(Canonical, ExclusiveCarriesOnlyTheNamespacesInUse) {
  EXPECT_EQ(canonical("<r xmlns:z='urn:z' xmlns:a='urn:a'><a:e/></r>", {.exclusive = true}),
            "<a:e xmlns:a=\"urn:a\"></a:e>");
  EXPECT_EQ(
      canonical("<r xmlns:z='urn:z' xmlns:a='urn:a'><a:e/></r>", {.exclusive = true, .inclusive_prefixes = " z  q"}),
      "<a:e xmlns:a=\"urn:a\" xmlns:z=\"urn:z\"></a:e>");
}

TEST(Canonical, KeepsCommentsOnRequest) {
  EXPECT_EQ(canonical("<r><e><!--c--></e></r>", {.with_comments = true}), "<e><!--c--></e>");
  EXPECT_EQ(canonical("<r><e><!--c--></e></r>", {}), "<e></e>");
}

TEST(Canonical, OfTheWholeDocument) {
  const auto document = Document::parse("<?xml version='1.0'?><?p i?><r/><!-- c -->");
  ASSERT_TRUE(document);
  EXPECT_EQ(*canonicalize(*document), "<?p i?>\n<r></r>");
}

TEST(Canonical, RefusesRelativeNamespaceNames) {
  EXPECT_EQ(canonical("<r xmlns:a='relative'><a:e/></r>", {}), "invalid_xml");
}

TEST(Canonical, KnowsFourAlgorithms) {
  EXPECT_FALSE(CanonicalForm::from_uri(kInclusiveUri)->exclusive);
  EXPECT_TRUE(CanonicalForm::from_uri(kExclusiveUri)->exclusive);
  EXPECT_TRUE(CanonicalForm::from_uri(std::string(kInclusiveUri) + "#WithComments")->with_comments);
  EXPECT_TRUE(CanonicalForm::from_uri(std::string(kExclusiveUri) + "WithComments")->with_comments);
  EXPECT_FALSE(CanonicalForm::from_uri("http://www.w3.org/2006/12/xml-c14n11"));
}

// Far more than a second when a node set is used instead of a callback.
TEST(Canonical, CostsLittleOnAWideDocument) {
  std::string text = "<r><e>";
  for (int i = 0; i < 50'000; ++i) text += "<x y='1'>t</x>";
  text += "</e></r>";
  EXPECT_EQ(canonical(text, {}).size(), std::string_view("<x y=\"1\">t</x>").size() * 50'000 + 7);
}

}  // namespace
}  // namespace causeway::xml
