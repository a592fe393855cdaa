// SPDX-License-Identifier: MIT
#include "base/files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temporary_directory.hpp"

namespace causeway {
namespace {

using testing::TemporaryDirectory;

std::size_t entries(const TemporaryDirectory& directory) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(directory.path()), std::filesystem::directory_iterator()));
}

TEST(Files, AreReplacedWhole) {
  const TemporaryDirectory directory;
  const std::string content = std::string(200000, 'x') + '\0' + "end";
  ASSERT_TRUE(write_file_atomically(directory / "f", "old").ok());
  ASSERT_TRUE(write_file_atomically(directory / "f", content, 0600).ok());
  EXPECT_EQ(*read_file(directory / "f"), content);
  struct stat info{};
  ASSERT_EQ(::stat((directory / "f").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(entries(directory), 1U) << "no temporary file is left";
}

TEST(Files, SayWhichFileAndWhy) {
  const TemporaryDirectory directory;
  const Fault absent = read_file(directory / "absent").error();
  EXPECT_EQ(absent.code, "io_error");
  EXPECT_NE(absent.text.find("absent"), std::string::npos);
  EXPECT_FALSE(read_file(directory.path()).ok()) << "a directory";
  EXPECT_FALSE(write_file_atomically(directory / "absent/f", "x").ok());
  ASSERT_TRUE(make_directories(directory.path() / "d" / "e").ok());
  EXPECT_FALSE(write_file_atomically(directory / "d", "x").ok()) << "a directory stands there";
  EXPECT_EQ(entries(directory), 1U) << "no temporary file is left";
}

TEST(Files, LongerThanTheLimitAreRefused) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "f", "12345").ok());
  EXPECT_TRUE(read_file(directory / "f", 5).ok());
  EXPECT_FALSE(read_file(directory / "f", 4).ok());
  EXPECT_FALSE(read_file("/dev/zero", 1000).ok());
}

TEST(Files, DirectoriesAreMadeWithTheirParents) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(make_directories(directory.path() / "a" / "b").ok());
  EXPECT_TRUE(make_directories(directory.path() / "a" / "b").ok());
  ASSERT_TRUE(write_file_atomically(directory / "f", "x").ok());
  EXPECT_FALSE(make_directories(directory.path() / "f" / "g").ok());
}

}  // namespace
}  // namespace causeway
