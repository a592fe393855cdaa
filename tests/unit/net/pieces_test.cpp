// SPDX-License-Identifier: MIT
#include "net/pieces.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace causeway::net {
namespace {

std::vector<ByteView> views_of(const std::vector<std::string>& texts) {
  std::vector<ByteView> views;
  for (const std::string& text : texts) views.push_back(as_bytes(text));
  return views;
}

// What list() gives when so many parts have place.
std::string listed(const Pieces& pieces, std::size_t place) {
  std::vector<iovec> parts(place);
  std::string all;
  const std::size_t count = pieces.list(parts);
  for (std::size_t i = 0; i < count; ++i)
    all += std::string(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len) + "|";
  return all;
}

TEST(Pieces, AreListedWithoutEmptyOnes) {
  const std::vector<std::string> texts{"", "one", "", "two", "three", ""};
  const auto views = views_of(texts);
  EXPECT_EQ(listed(Pieces(views), 8), "one|two|three|");
  EXPECT_EQ(listed(Pieces(views), 2), "one|two|");
}

TEST(Pieces, AreEmptyWhenAllAreTaken) {
  const std::vector<std::string> texts{"", "one", "", "two"};
  const auto views = views_of(texts);
  Pieces pieces(views);
  pieces.take(2);
  EXPECT_EQ(listed(pieces, 8), "e|two|");
  pieces.take(2);
  EXPECT_EQ(listed(pieces, 8), "wo|");
  EXPECT_FALSE(pieces.empty());
  pieces.take(2);
  EXPECT_TRUE(pieces.empty());
  EXPECT_TRUE(Pieces({}).empty());
  EXPECT_TRUE(Pieces(views_of({"", ""})).empty());
}

TEST(Pieces, AreTakenTogetherWhereTheyLieOrCopied) {
  const std::vector<std::string> texts{"ab", "cdefghij", "k"};
  const auto views = views_of(texts);
  Pieces pieces(views);
  std::array<std::uint8_t, 4> memory{};
  const ByteView copied = pieces.take_together(memory);
  EXPECT_EQ(as_text(copied), "abcd");
  EXPECT_EQ(copied.data(), memory.data());
  const ByteView in_place = pieces.take_together(memory);
  EXPECT_EQ(as_text(in_place), "efgh");
  EXPECT_EQ(in_place.data(), as_bytes(texts[1]).data() + 2);
  EXPECT_EQ(as_text(pieces.take_together(memory)), "ijk");
  EXPECT_TRUE(pieces.empty());
}

}  // namespace
}  // namespace causeway::net
