// SPDX-License-Identifier: MIT
#include "base/mapped_file.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway {
namespace {

TEST(MappedFile, HoldsTheContent) {
  const testing::TemporaryDirectory directory;
  const std::string content = std::string(200000, 'x') + '\0' + "end";
  ASSERT_TRUE(write_file_atomically(directory / "f", content));
  auto file = MappedFile::open(directory / "f");
  ASSERT_TRUE(file) << file.error().text;
  const MappedFile moved = *std::move(file);
  EXPECT_EQ(as_text(moved.bytes()), content);
  // What replaces the file does not reach who has it open.
  ASSERT_TRUE(write_file_atomically(directory / "f", "other"));
  EXPECT_EQ(as_text(moved.bytes()), content);
}

TEST(MappedFile, MayBeEmpty) {
  const testing::TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "f", ""));
  const auto file = MappedFile::open(directory / "f");
  ASSERT_TRUE(file);
  EXPECT_TRUE(file->bytes().empty());
}

TEST(MappedFile, SaysWhichFileAndWhy) {
  const testing::TemporaryDirectory directory;
  const auto absent = MappedFile::open(directory / "absent");
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().code, "io_error");
  EXPECT_NE(absent.error().text.find("absent: No such file"), std::string::npos);
  EXPECT_FALSE(MappedFile::open(directory.path())) << "a directory";
}

}  // namespace
}  // namespace causeway
