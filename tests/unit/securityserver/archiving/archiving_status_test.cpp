// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archiving_status.hpp"

#include <gtest/gtest.h>

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

TEST(ArchivingStatusTest, IsReadAsItWasWritten) {
  const ArchivingStatus status{.updated = kNoon,
                               .archiving = {.running = true,
                                             .last_run = kNoon - 1min,
                                             .last_success = kNoon - 6h,
                                             .next_run = kNoon + 6h,
                                             .fault = Fault{"mlog.archive_disk_full", "take archives away"}},
                               .cleaning = {.next_run = kNoon + 12h},
                               .archived_until = 7001,
                               .archives = 3,
                               .damaged = 2,
                               .transfer = Fault{"io_error", "no such host"},
                               .first_kept = 5000};
  const auto read = read_archiving_status(to_json(status));
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(to_json(*read), to_json(status));
  EXPECT_TRUE(read->archiving.running);
  EXPECT_EQ(read->archiving.last_success, kNoon - 6h);
  EXPECT_EQ(read->archiving.fault->code, "mlog.archive_disk_full");
  EXPECT_EQ(read->archived_until, 7001U);
  EXPECT_EQ(read->damaged, 2U);
  EXPECT_EQ(read->transfer->text, "no such host");
  EXPECT_FALSE(read->cleaning.last_run);
  EXPECT_EQ(read->cleaning.next_run, kNoon + 12h);
  EXPECT_EQ(read->first_kept, 5000U);
}

TEST(ArchivingStatusTest, RefusesWhatIsNone) {
  for (const char* text : {"", "{", "[]", "{}", "{\"updated\": 1}", "{\"updated\": \"2026-03-01T12:00:00Z\"}"})
    EXPECT_EQ(read_archiving_status(text).error().code, "invalid_message") << text;
}

}  // namespace
}  // namespace causeway::securityserver
