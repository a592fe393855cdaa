// SPDX-License-Identifier: MIT
#include "base/spool.hpp"

#include <gtest/gtest.h>

#include "support/temporary_directory.hpp"

namespace causeway {
namespace {

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 251);
  return bytes;
}

Spool filled(const Bytes& content, std::size_t memory_limit, std::size_t piece) {
  Spool spool(memory_limit);
  for (std::size_t at = 0; at < content.size(); at += piece)
    EXPECT_TRUE(spool.append(ByteView(content).subspan(at, std::min(piece, content.size() - at))).ok());
  return spool;
}

TEST(Spool, GivesBackWhatWasAppendedOnEitherSideOfTheLimit) {
  for (const std::size_t size : {0, 1, 99, 100, 101, 5000}) {
    const Bytes content = pattern(size);
    const Spool spool = filled(content, 100, 7);
    EXPECT_EQ(spool.size(), size);
    EXPECT_EQ(spool.in_memory(), size <= 100) << size;
    EXPECT_EQ(*spool.read_all(size), content);
  }
}

TEST(Spool, ReadersStandAtPlacesOfTheirOwn) {
  const Bytes content = pattern(1000);
  for (const std::size_t limit : {100, 10000}) {
    const Spool spool = filled(content, limit, 1000);
    Bytes piece(300);
    EXPECT_EQ(*spool.read_at(900, piece), 100U);
    EXPECT_EQ(piece[0], content[900]);
    EXPECT_EQ(*spool.read_at(5, piece), 300U);
    EXPECT_EQ(piece[299], content[304]);
    EXPECT_EQ(*spool.read_at(1000, piece), 0U);
    EXPECT_EQ(*spool.read_at(1UL << 40, piece), 0U);
  }
}

TEST(Spool, RefusesToReadMoreThanAsked) {
  const Spool spool = filled(pattern(1000), 100, 10);
  EXPECT_FALSE(spool.read_all(999).ok());
}

TEST(Spool, CanBeMoved) {
  const Bytes content = pattern(1000);
  for (const std::size_t limit : {100, 10000}) {
    Spool first = filled(content, limit, 1000);
    Spool second = std::move(first);
    EXPECT_EQ(*second.read_all(1000), content);
    Spool third(limit);
    ASSERT_TRUE(third.append(pattern(500)).ok());
    third = std::move(second);
    EXPECT_EQ(*third.read_all(1000), content);
    ASSERT_TRUE(third.append(pattern(10)).ok());
    EXPECT_EQ(third.size(), 1010U);
  }
}

TEST(Spool, LeavesNothingInItsDirectory) {
  const testing::TemporaryDirectory directory;
  Spool::set_directory(directory.path());
  {
    const Spool spool = filled(pattern(1000), 100, 1000);
    EXPECT_FALSE(spool.in_memory());
    EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
  }
  Spool::set_directory(directory / "absent");
  Spool spool(10);
  const auto failed = spool.append(pattern(100));
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, "io_error");
  Spool::set_directory("/tmp");
}

}  // namespace
}  // namespace causeway
