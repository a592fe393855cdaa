// SPDX-License-Identifier: MIT
#include "net/http_date.hpp"

#include <gtest/gtest.h>

namespace causeway::net {
namespace {

TEST(HttpDate, IsRead) {
  EXPECT_EQ(read_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), *parse_iso("1994-11-06T08:49:37Z"));
  EXPECT_EQ(read_http_date("Thu, 29 Feb 2024 23:59:59 GMT"), *parse_iso("2024-02-29T23:59:59Z"));
}

TEST(HttpDate, IsNothingInAnyOtherForm) {
  for (const char* text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT "})
    EXPECT_FALSE(read_http_date(text)) << text;
}

}  // namespace
}  // namespace causeway::net
