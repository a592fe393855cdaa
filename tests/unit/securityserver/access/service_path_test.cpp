// SPDX-License-Identifier: MIT
#include "securityserver/access/service_path.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace causeway::securityserver {
namespace {

std::string normalised(std::string_view raw) {
  auto path = normalise_service_path(raw);
  return path ? *path : path.error().code;
}

TEST(ServicePath, ResolvesDotSegments) {
  EXPECT_EQ(normalised(""), "");
  EXPECT_EQ(normalised("/"), "/");
  EXPECT_EQ(normalised("/a/b/c"), "/a/b/c");
  EXPECT_EQ(normalised("/a/./b"), "/a/b");
  EXPECT_EQ(normalised("/a/b/../c"), "/a/c");
  EXPECT_EQ(normalised("/a/b/../../c"), "/c");
  EXPECT_EQ(normalised("/a/b/.."), "/a/");
  EXPECT_EQ(normalised("/a/."), "/a/");
  EXPECT_EQ(normalised("/a/..b/c."), "/a/..b/c.");
  EXPECT_EQ(normalised("/."), "/");
}

TEST(ServicePath, ResolvesEncodedDotSegments) {
  EXPECT_EQ(normalised("/a/%2e/b"), "/a/b");
  EXPECT_EQ(normalised("/a/b/%2E%2e/c"), "/a/c");
  EXPECT_EQ(normalised("/a/b%2f..%2fc"), "/a/c");
}

TEST(ServicePath, KeepsWhatGoesAboveTheRootAndCallsItMisleading) {
  for (const char* raw : {"/../c/d", "/a/../../c/d", "/a/../%2e%2e/c/d", "/..", "/a/../.."}) {
    const std::string path = normalised(raw);
    EXPECT_TRUE(path.starts_with("/..")) << raw << " -> " << path;
    EXPECT_TRUE(is_misleading(path)) << raw;
  }
}

TEST(ServicePath, SeesThroughDoubleEncoding) {
  EXPECT_EQ(normalised("/a/%252e%252e/b"), "/a/../b");
  EXPECT_TRUE(is_misleading(normalised("/a/%252e%252e/b")));
  EXPECT_EQ(normalised("/a%252fb"), "/a/b");
  EXPECT_EQ(normalised("/a/%25252e"), "/a/%2e") << "a third level stays encoded";
}

TEST(ServicePath, AnyTwoDotsAreMisleading) {
  EXPECT_TRUE(is_misleading("/a..b"));
  EXPECT_TRUE(is_misleading("/a/..."));
  EXPECT_FALSE(is_misleading("/a.b/.c/d."));
}

TEST(ServicePath, KeepsLeadingDoubleSlashesVisible) {
  for (const char* raw : {"//a/b", "/%2Fa/b", "/%2fa", "///a", "//", "/%252Fa"}) {
    const std::string path = normalised(raw);
    EXPECT_TRUE(is_misleading(path)) << raw << " -> " << path;
  }
}

TEST(ServicePath, CollapsesInnerSlashes) {
  EXPECT_EQ(normalised("/a//b"), "/a/b");
  EXPECT_EQ(normalised("/a%2F%2Fb///"), "/a/b/");
  EXPECT_EQ(normalised("/.//a"), "/a");
}

TEST(ServicePath, AHyphenMayBeEncoded) { EXPECT_EQ(normalised("/a%2db%2Dc-d"), "/a-b-c-d"); }

TEST(ServicePath, EncodedQueryAndFragmentSignsEndThePath) {
  EXPECT_EQ(normalised("/a%3Fb"), "/a");
  EXPECT_EQ(normalised("/a%23b"), "/a");
  EXPECT_EQ(normalised("/a%3Fb=%5B1%5D%23c%3F"), "/a");
  EXPECT_EQ(normalised("/a%3Fb%20"), "internal_error");
  EXPECT_EQ(normalised("/a%23b%23c"), "internal_error");
}

TEST(ServicePath, FailsWhereXRoadFails) {
  for (const char* raw : {"/a b",   "/a?b",  "/a#b",  "/a[",      "/%",          "/%4",      "/%zz",   "/\xc3\xa4",
                          "/a%20b", "/a%5B", "/a%7B", "/a%25",    "/a%252",      "/a%25zz",  "/a%00b", "/a%0Ab",
                          "/a%7F",  "/a%22", "/a%5C", "/a%C2%A0", "/a%E2%80%A8", "/a%C2%85", "a/b"})
    EXPECT_EQ(normalised(raw), "internal_error") << raw;
}

TEST(ServicePath, DecodesCharactersBeyondAscii) {
  EXPECT_EQ(normalised("/%C3%A4/%E2%82%AC/%F0%9F%98%80"), "/\u00e4/\u20ac/\U0001f600");
  EXPECT_EQ(normalised("/%25C3%25A4"), "/\u00e4");
}

TEST(ServicePath, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(normalised("/%FF"), "/\ufffd");
  EXPECT_EQ(normalised("/%C3"), "/\ufffd");
  EXPECT_EQ(normalised("/%E2%82x"), "/\ufffdx");
  EXPECT_EQ(normalised("/%C0%AF"), "/\ufffd\ufffd") << "an overlong slash is none";
  EXPECT_EQ(normalised("/%ED%A0%80"), "/\ufffd\ufffd\ufffd") << "half a surrogate pair";
  EXPECT_EQ(normalised("/%25C0%25AF"), "/\ufffd\ufffd");
}

TEST(ServicePath, NeverLeavesADotSegmentInAPathThatIsNotMisleading) {
  std::mt19937 random(20260301);
  const std::string_view pieces[] = {"/", ".", "..", "a", "%2e", "%2f", "%252e", "%252f", "%25", "2e", "%3f", "-"};
  for (int i = 0; i < 200000; ++i) {
    std::string raw = "/";
    for (std::size_t n = random() % 8; n > 0; --n) raw += pieces[random() % std::size(pieces)];
    const auto path = normalise_service_path(raw);
    if (!path || is_misleading(*path)) continue;
    ASSERT_EQ(path->front(), '/') << raw;
    ASSERT_EQ(path->find("/../"), std::string::npos) << raw;
    ASSERT_FALSE(path->ends_with("/..")) << raw;
  }
}

}  // namespace
}  // namespace causeway::securityserver
