// SPDX-License-Identifier: MIT
#include "message/uri.hpp"

#include <gtest/gtest.h>

namespace causeway::message {
namespace {

// What java.net.URI said to each when asked.
TEST(Uri, TakesTheSameQueriesAsJava) {
  for (const char* query : {"", "a=b&c=d", "a=%20", "x[1]=2", "a=/?:@", "q=\xc3\xa4", "a;b", "~'()*!$,+"})
    EXPECT_TRUE(is_uri_query(query)) << query;
  for (const char* query : {"a|b", "a b", "\"", "<", ">", "{", "}", "^", "`", "\\", "%", "%2", "%zz", "a#b", "\xc2\xa0",
                            "\xe3\x80\x80", "\xff", "\x7f", "\t"})
    EXPECT_FALSE(is_uri_query(query)) << query;
}

TEST(Uri, TakesTheSamePathsAsJava) {
  for (const char* path : {"/", "/r1/a/b", "/a%2Fb", "/a;b=c", "/\xc3\xa4", "/a//b", "/a:b@c&d=e+f$g,h"})
    EXPECT_TRUE(is_uri_path(path)) << path;
  for (const char* path : {"", "a", "//host/a", "/a[1]", "/a b", "/a|b", "/%g0", "/a?b"})
    EXPECT_FALSE(is_uri_path(path)) << path;
}

TEST(Uri, TakesTheSameReferencesAsJava) {
  for (const char* text :
       {"urn:a:b", "http://host:80/p?q#f", "p/q", "#f", "mailto:a@b", "http://[::1]/", "?q", "file:///a"})
    EXPECT_TRUE(is_uri(text)) << text;
  for (const char* text : {"", "http://", "http:", ":a", "1a:b", "a b", "http://h/{x}", "a#b#c", "//"})
    EXPECT_FALSE(is_uri(text)) << text;
}

}  // namespace
}  // namespace causeway::message
