// SPDX-License-Identifier: MIT
#include "ecosystem/state.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::ecosystem {
namespace {

TEST(State, OfANewDirectoryIsEmpty) {
  const testing::TemporaryDirectory directory;
  const auto state = read_state(directory / "state.json");
  ASSERT_TRUE(state);
  EXPECT_FALSE(state->complete);
  EXPECT_EQ(state->base_port, 0);
}

TEST(State, IsReadAsItWasWritten) {
  const testing::TemporaryDirectory directory;
  const std::string file = directory / "state.json";
  ASSERT_TRUE(write_state(file, {.federation = true, .base_port = 65000, .planned_centre = true, .complete = true}));
  const auto state = read_state(file);
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->federation);
  EXPECT_EQ(state->base_port, 65000);
  EXPECT_TRUE(state->complete);
}

TEST(State, RefusesAFileThatIsNoneOfOurs) {
  const testing::TemporaryDirectory directory;
  const std::string file = directory / "state.json";
  for (const char* text : {"", "[]", "{}", R"({"version":2,"federation":true,"base_port":1,"complete":true})",
                           R"({"version":1,"federation":1,"base_port":1,"complete":true})",
                           R"({"version":1,"federation":true,"base_port":70000,"complete":true})"}) {
    ASSERT_TRUE(write_file_atomically(file, text));
    EXPECT_FALSE(read_state(file)) << text;
  }
}

}  // namespace
}  // namespace causeway::ecosystem
