// SPDX-License-Identifier: MIT
#include "message/query_parameters.hpp"

#include <gtest/gtest.h>

namespace causeway::message {
namespace {

std::string value_of(std::string_view query, std::string_view name) {
  const auto parameters = QueryParameters::parse(query);
  if (!parameters) return parameters.error().code;
  const std::string* value = parameters->find(name);
  return value == nullptr ? "none" : *value;
}

TEST(QueryParameters, TheFirstOfANameCounts) {
  EXPECT_EQ(value_of("a=1&b=2&a=3", "a"), "1");
  EXPECT_EQ(value_of("a=1&b=2&a=3", "b"), "2");
  EXPECT_EQ(value_of("a=1", "A"), "none");
  EXPECT_EQ(value_of("", "a"), "none");
}

TEST(QueryParameters, AFlagNeedsNoValue) {
  for (const char* query : {"a", "a=", "b&a", "&&a&&"}) EXPECT_EQ(value_of(query, "a"), "") << query;
  EXPECT_TRUE(QueryParameters::parse("a&b=0")->has("b"));
  EXPECT_EQ(value_of("=1", ""), "1");
}

TEST(QueryParameters, AreDecodedAsForms) {
  EXPECT_EQ(value_of("a=x+y%20z%2Bw", "a"), "x y z+w");
  EXPECT_EQ(value_of("a=%c3%A4", "a"), "\u00e4");
  EXPECT_EQ(value_of("%61=1", "a"), "1");
  EXPECT_EQ(value_of("a=b=c;d=e", "a"), "b=c;d=e");
  EXPECT_EQ(value_of("a=\u00e4", "a"), "\u00e4");
}

TEST(QueryParameters, WhatCannotBeDecodedIsRefused) {
  for (const char* query :
       {"a=%", "a=%4", "a=%zz", "a=%+1", "a=%-1", "%=1", "b&a=%u0041", "a=%ff", "a=%c3", "a=%ed%a0%80", "a=\xff"})
    EXPECT_EQ(value_of(query, "a"), "bad_request") << query;
}

}  // namespace
}  // namespace causeway::message
