// SPDX-License-Identifier: MIT
#include "centralserver/configuration/generation_status.hpp"

#include <gtest/gtest.h>

namespace causeway::centralserver {
namespace {

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

TEST(GenerationStatus, ReadsBackWhatWasWritten) {
  const VersionStatus good{6, {}, kNoon, {}, "public/V6/1", kNoon}, bad{2, Fault{"a", "b"}, {}, kNoon, {}, {}};
  const GenerationStatus status{kNoon, {}, kNoon, Fault{"c", "d"}, {good, bad}};
  const auto read = generation_status_from_json(to_json(status));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(to_json(*read), to_json(status));
  EXPECT_EQ(read->versions.at(0).parts, "public/V6/1");
  EXPECT_EQ(read->versions.at(1).fault->code, "a");
  for (const char* garbage : {"", "{", "[]", "{}", R"({"attempted":1})"})
    EXPECT_EQ(generation_status_from_json(garbage).error().code, "malformed_configuration") << garbage;
}

TEST(GenerationStatus, IsGoodWithoutAnyFault) {
  GenerationStatus status;
  EXPECT_FALSE(status.good()) << "nothing was made";
  status.attempted = kNoon;
  status.versions.resize(2);
  EXPECT_TRUE(status.good());
  status.versions[1].fault = Fault{"a", "b"};
  EXPECT_FALSE(status.good());
  status.versions[1].fault.reset();
  status.fault = Fault{"a", "b"};
  EXPECT_FALSE(status.good());
}

}  // namespace
}  // namespace causeway::centralserver
