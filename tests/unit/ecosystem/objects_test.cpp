// SPDX-License-Identifier: MIT
#include "ecosystem/registers/objects.hpp"

#include <gtest/gtest.h>

#include "pki/digest.hpp"

namespace causeway::ecosystem {
namespace {

Bytes object(std::uint64_t size, std::size_t piece) {
  ObjectSource source(size);
  Bytes all, buffer(piece);
  while (const std::size_t count = source.fill(buffer)) all.insert(all.end(), buffer.begin(), buffer.begin() + count);
  return all;
}

TEST(Objects, AreTheSameInPiecesOfAnySize) {
  const Bytes whole = object(1003, 4096);
  EXPECT_EQ(whole.size(), 1003U);
  EXPECT_EQ(object(1003, 8), whole);
  EXPECT_EQ(object(1003, 64), whole);
}

TEST(Objects, BeginAsLargerOnesDo) {
  const Bytes large = object(5000, 512);
  const Bytes small = object(77, 512);
  EXPECT_TRUE(std::equal(small.begin(), small.end(), large.begin()));
  // The first word of splitmix64 from seed 0 is 0xe220a8397b1dcdaf.
  EXPECT_EQ(to_hex(ByteView(large).first(8)), "afcd1d7b39a820e2");
}

TEST(Objects, HaveAHashThatAnyoneCanCompute) {
  EXPECT_EQ(object_sha256(100'003), to_hex(pki::digest(pki::DigestAlgorithm::sha256, object(100'003, 8))));
  EXPECT_EQ(object_sha256(0), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Objects, SizesHaveUnits) {
  EXPECT_EQ(*parse_object_size("0"), 0U);
  EXPECT_EQ(*parse_object_size("200M"), 200'000'000U);
  EXPECT_EQ(*parse_object_size("3Ki"), 3072U);
  EXPECT_EQ(*parse_object_size("1000G"), 1'000'000'000'000U);
  for (const char* text :
       {"", "M", "-1", "1001G", "99999999999999999999", "1 M", "1T", "0x10", "18446744073709551615G"}) {
    EXPECT_FALSE(parse_object_size(text)) << text;
  }
}

}  // namespace
}  // namespace causeway::ecosystem
