// SPDX-License-Identifier: MIT
#include "ecosystem/registers/documents.hpp"

#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "xml/document.hpp"

namespace causeway::ecosystem {
namespace {

TEST(Documents, OpenapiIsYamlWithTheAddressPutIn) {
  for (const Document which :
       {Document::population_openapi, Document::business_openapi, Document::objects_openapi, Document::echo_openapi}) {
    const YAML::Node document = YAML::Load(ecosystem::document(which, "http://127.0.0.1:1/x"));
    EXPECT_EQ(document["openapi"].as<std::string>(), "3.0.3");
    EXPECT_EQ(document["servers"][0]["url"].as<std::string>(), "http://127.0.0.1:1/x");
    EXPECT_GT(document["paths"].size(), 0U);
  }
}

// Every "$ref" points to something.
void check_references(const YAML::Node& root, const YAML::Node& node) {
  if (node.IsSequence()) {
    for (const auto& item : node) check_references(root, item);
  } else if (node.IsMap()) {
    for (const auto& entry : node) {
      if (entry.first.as<std::string>() != "$ref") {
        check_references(root, entry.second);
        continue;
      }
      std::string rest = entry.second.as<std::string>().substr(2);
      YAML::Node at = YAML::Clone(root);
      for (std::size_t slash = 0; slash != std::string::npos;) {
        slash = rest.find('/');
        const YAML::Node below = at[rest.substr(0, slash)];
        ASSERT_TRUE(below.IsDefined()) << entry.second.as<std::string>();
        at.reset(below);
        if (slash != std::string::npos) rest.erase(0, slash + 1);
      }
    }
  }
}

TEST(Documents, OpenapiHasNoDanglingReference) {
  for (const Document which : {Document::population_openapi, Document::business_openapi}) {
    const YAML::Node document = YAML::Load(ecosystem::document(which, "x"));
    check_references(document, document);
  }
}

TEST(Documents, WsdlDeclaresAVersionForEveryOperation) {
  constexpr std::string_view wsdl = "http://schemas.xmlsoap.org/wsdl/";
  for (const Document which : {Document::population_wsdl, Document::business_wsdl, Document::echo_wsdl}) {
    const std::string text = ecosystem::document(which, "http://127.0.0.1:1/soap");
    EXPECT_NE(text.find("<soap:address location=\"http://127.0.0.1:1/soap\"/>"), std::string::npos);
    const auto document = xml::Document::parse(text);
    ASSERT_TRUE(document) << document.error().text;
    const auto binding = document->root().child(wsdl, "binding");
    ASSERT_TRUE(binding);
    int operations = 0;
    for (const xml::Element operation : binding->children()) {
      if (!operation.is(wsdl, "operation")) continue;
      ++operations;
      const auto version = operation.child("http://x-road.eu/xsd/xroad.xsd", "version");
      ASSERT_TRUE(version);
      EXPECT_EQ(version->text(), "v1");
    }
    EXPECT_GT(operations, 0);
  }
}

}  // namespace
}  // namespace causeway::ecosystem
