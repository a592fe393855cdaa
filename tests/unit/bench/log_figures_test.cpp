// SPDX-License-Identifier: MIT
#include "bench/log_figures.hpp"

#include <gtest/gtest.h>

#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::bench {
namespace {

TEST(LogFigures, TellSizeAndTimeOfALogInUse) {
  const testing::TemporaryDirectory directory;
  net::IoThreads threads(1);
  auto log = securityserver::MessageLog::open(threads, {.place = {.directory = directory.path().string()}});
  ASSERT_TRUE(log) << log.error().text;
  EXPECT_EQ(log_figures(directory.path()).error().code, "not_found");
  for (int i = 0; i < 30; ++i) {
    const auto id =
        net::block_on(threads.at(0), (*log)->append(securityserver::sample_record("message-" + std::to_string(i))));
    ASSERT_TRUE(id) << id.error().text;
  }
  ASSERT_TRUE((*log)->flush_index());
  const auto figures = log_figures(directory.path());
  ASSERT_TRUE(figures) << figures.error().text;
  EXPECT_EQ(figures->records, 30U);
  EXPECT_GT(figures->octets_per_record, 100);
  EXPECT_GT(figures->find.count(), 10U);
  EXPECT_EQ((*log)->counts().records, 30U);
  EXPECT_GE((*log)->counts().flushes, 1U);
}

}  // namespace
}  // namespace causeway::bench
