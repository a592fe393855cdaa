// SPDX-License-Identifier: MIT
#include "pki/parse_cache.hpp"

#include <gtest/gtest.h>

namespace causeway::pki {
namespace {

TEST(ParseCache, RemembersWhatTwoThreadsHaveReadAtOnce) {
  ParseCache<int> cache;
  const Bytes bytes(1000, 1);
  cache.put(bytes, std::make_shared<int>(1));
  cache.put(bytes, std::make_shared<int>(2));
  ASSERT_NE(cache.find(bytes), nullptr);
  EXPECT_EQ(*cache.find(bytes), 1);
  EXPECT_EQ(cache.find(Bytes(1000, 2)), nullptr);
}

TEST(ParseCache, ForgetsWhatWasNotUsedForTwoGenerations) {
  ParseCache<int> cache;
  const Bytes used(10, 1), unused(10, 2);
  cache.put(used, std::make_shared<int>(1));
  cache.put(unused, std::make_shared<int>(2));
  for (int i = 0; i < 2500; ++i) {
    cache.put(to_bytes(std::to_string(i)), std::make_shared<int>(i));
    ASSERT_NE(cache.find(used), nullptr);
  }
  EXPECT_EQ(cache.find(unused), nullptr);
}

}  // namespace
}  // namespace causeway::pki
