// SPDX-License-Identifier: MIT
#include "base/clock.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace causeway {
namespace {

std::int64_t millis(std::string_view text) {
  auto time = parse_iso(text);
  return time ? to_unix_millis(*time) : -1;
}

TEST(Clock, WritesIsoInUtc) {
  const TimePoint time = from_unix_millis(1772359200007);
  EXPECT_EQ(to_iso_seconds(time), "2026-03-01T10:00:00Z");
  EXPECT_EQ(to_iso_millis(time), "2026-03-01T10:00:00.007Z");
  EXPECT_EQ(to_iso_millis(from_unix_millis(-1)), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(to_iso_seconds(from_unix_millis(951782400000)), "2000-02-29T00:00:00Z");
}

TEST(Clock, ReadsOffsetsAndFractions) {
  EXPECT_EQ(millis("2026-03-01T10:00:00Z"), 1772359200000);
  EXPECT_EQ(millis("2026-03-01T12:00:00+02:00"), 1772359200000);
  EXPECT_EQ(millis("2026-03-01T04:30:00-05:30"), 1772359200000);
  EXPECT_EQ(millis("2026-03-01T10:00:00.5Z"), 1772359200500);
  EXPECT_EQ(millis("2026-03-01T10:00:00.123456789012Z"), 1772359200123);
  EXPECT_EQ(millis("2026-03-01T10:00Z"), 1772359200000);
}

TEST(Clock, RefusesWhatIsNoMoment) {
  for (const char* text :
       {"", "2026-03-01", "2026-03-01T10:00:00", "2026-03-01 10:00:00Z", "2026-02-29T10:00:00Z", "2026-13-01T10:00:00Z",
        "2026-00-01T10:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T10:60:00Z", "2026-03-01T10:00:61Z",
        "2026-03-01T10:00:00.Z", "2026-03-01T10:00:00+2:00", "2026-03-01T10:00:00+02", "2026-03-01T10:00:00+02:60",
        "2026-03-01T10:00:00+19:00", "2026-03-01T10:00:00Zx", "26-03-01T10:00:00Z", "-026-03-01T10:00:00Z"})
    EXPECT_EQ(parse_iso(text).ok(), false) << text;
}

TEST(Clock, AMomentBeyondTheRangeIsTheLastOne) {
  EXPECT_GT(*parse_iso("9999-12-31T23:59:59.999999Z"), *parse_iso("2262-01-01T00:00:00Z"));
  EXPECT_LT(*parse_iso("0001-01-01T00:00:00Z"), *parse_iso("1679-01-01T00:00:00Z"));
  EXPECT_GT(from_unix_millis(std::numeric_limits<std::int64_t>::max()), now());
  EXPECT_LT(from_unix_millis(std::numeric_limits<std::int64_t>::min()), now());
}

TEST(Clock, TextsComeBackAsTheyWere) {
  for (std::int64_t at = -9000000000000; at < 9000000000000; at += 123456789012)
    EXPECT_EQ(millis(to_iso_millis(from_unix_millis(at))), at);
}

}  // namespace
}  // namespace causeway
