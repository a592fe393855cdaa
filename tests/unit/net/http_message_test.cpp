// SPDX-License-Identifier: MIT
#include "net/http_message.hpp"

#include <gtest/gtest.h>

namespace causeway::net {
namespace {

TEST(Headers, FindsTheFirstAndTheLastIgnoringCase) {
  Headers headers;
  headers.add("Accept", "a");
  headers.add("accept", "b");
  ASSERT_NE(headers.find("ACCEPT"), nullptr);
  EXPECT_EQ(*headers.find("ACCEPT"), "a");
  EXPECT_EQ(*headers.find_last("ACCEPT"), "b");
  EXPECT_EQ(headers.find("Accept-Encoding"), nullptr);
}

TEST(Headers, SetReplacesAllOfThatNameInPlace) {
  Headers headers;
  headers.add("A", "1");
  headers.add("B", "2");
  headers.add("a", "3");
  headers.set("a", "4");
  headers.set("C", "5");
  ASSERT_EQ(headers.size(), 3u);
  EXPECT_EQ(*headers.begin(), Headers::Entry("A", "4"));
  EXPECT_EQ(*headers.find("c"), "5");
}

TEST(Headers, RemovesAllOfThatName) {
  Headers headers;
  headers.add("A", "1");
  headers.add("B", "2");
  headers.add("a", "3");
  headers.remove("A");
  EXPECT_EQ(headers.size(), 1u);
}

TEST(RequestHead, SplitsTheTargetAtTheFirstQuestionMark) {
  RequestHead head;
  head.target = "/r1/a?b=c?d";
  EXPECT_EQ(head.path(), "/r1/a");
  EXPECT_EQ(head.query(), "b=c?d");
  head.target = "/a?";
  EXPECT_EQ(head.query(), "");
  head.target = "/a";
  EXPECT_EQ(head.query(), std::nullopt);
}

}  // namespace
}  // namespace causeway::net
