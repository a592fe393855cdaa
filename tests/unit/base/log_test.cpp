// SPDX-License-Identifier: MIT
#include "base/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway {
namespace {

TEST(Log, KeepsWhatAStrangerSentInOneLine) {
  log::start("test", "info");
  ::testing::internal::CaptureStderr();
  log::info("from peer: {}", "x\n2026-01-01 error [proxy] forged\r\x1b[2J");
  log::debug("not shown");
  const std::string written = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 1);
  EXPECT_EQ(written.find('\x1b'), std::string::npos);
  EXPECT_NE(written.find("info [test] from peer: x 2026"), std::string::npos);
}

TEST(Log, CutsEndlessText) {
  log::start("test", "info");
  ::testing::internal::CaptureStderr();
  log::info("{}", std::string(1000000, 'x'));
  EXPECT_LT(::testing::internal::GetCapturedStderr().size(), 10000U);
}

}  // namespace
}  // namespace causeway
