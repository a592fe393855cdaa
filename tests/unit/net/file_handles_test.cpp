// SPDX-License-Identifier: MIT
#include "net/file_handles.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

namespace causeway::net {
namespace {

TEST(FileHandles, CountsWhatIsOpen) {
  const std::size_t before = free_file_handles();
  ASSERT_GT(before, 20U);
  std::vector<int> files;
  for (int i = 0; i < 10; ++i) files.push_back(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(free_file_handles(), before - 10);
  for (const int file : files) ::close(file);
  EXPECT_EQ(free_file_handles(), before);
}

TEST(FileHandles, KeepsSomeFree) {
  const std::size_t free = free_file_handles();
  EXPECT_TRUE(FileHandles().take(0, 1));
  EXPECT_TRUE(FileHandles().take(free - 2, 1));
  EXPECT_FALSE(FileHandles().take(free + 1, 1));
}

TEST(FileHandles, GivesNoMoreThanItsShareBetweenTwoCounts) {
  const std::size_t free = free_file_handles();
  FileHandles handles;
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(handles.take(free - 8, 2)) << i;
  EXPECT_FALSE(handles.take(free - 8, 2));
}

}  // namespace
}  // namespace causeway::net
