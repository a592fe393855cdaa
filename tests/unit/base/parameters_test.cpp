// SPDX-License-Identifier: MIT
#include "base/parameters.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway {
namespace {

using testing::TemporaryDirectory;

TEST(Parameters, LaterFilesWinAndLocalIniComesLast) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "a.ini", "[p]\na=1\nb=1\nc=1\n").ok());
  ASSERT_TRUE(write_file_atomically(directory / "local.ini", "[p]\nc=local\n").ok());
  ASSERT_TRUE(write_file_atomically(directory / "z.ini", "[p]\nb=2\nc=2\n").ok());
  ASSERT_TRUE(write_file_atomically(directory / "ignored.txt", "nonsense").ok());
  auto parameters = Parameters::load(directory.path());
  ASSERT_TRUE(parameters.ok());
  EXPECT_EQ(parameters->text("p.a", ""), "1");
  EXPECT_EQ(parameters->text("p.b", ""), "2");
  EXPECT_EQ(parameters->text("p.c", ""), "local");
  EXPECT_EQ(parameters->text("p.d", "default"), "default");
}

TEST(Parameters, AnAbsentDirectoryMeansAllDefaults) {
  const TemporaryDirectory directory;
  auto parameters = Parameters::load(directory.path() / "absent");
  ASSERT_TRUE(parameters.ok());
  EXPECT_EQ(parameters->number("p.a", 7), 7);
}

TEST(Parameters, ABrokenFileIsNamed) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomically(directory / "broken.ini", "nonsense").ok());
  auto parameters = Parameters::load(directory.path());
  ASSERT_FALSE(parameters.ok());
  EXPECT_NE(parameters.error().text.find("broken.ini"), std::string::npos);
}

TEST(Parameters, AreReadAsTheTypeAskedFor) {
  const Parameters parameters({{"n", "42"}, {"negative", "-1"}, {"t", "TRUE"}, {"f", "false"}});
  EXPECT_EQ(parameters.number("n", 0), 42);
  EXPECT_EQ(parameters.number("negative", 0), -1);
  EXPECT_TRUE(parameters.flag("t", false));
  EXPECT_FALSE(parameters.flag("f", true));
  EXPECT_EQ(parameters.millis("n", std::chrono::milliseconds{1}), std::chrono::milliseconds{42});
  EXPECT_EQ(parameters.seconds("absent", std::chrono::seconds{3}), std::chrono::seconds{3});
}

TEST(Parameters, WhatCannotBeReadCountsAsNotSet) {
  const Parameters parameters({{"n", "42s"}, {"big", "99999999999999999999"}, {"empty", ""}, {"b", "yes"}});
  EXPECT_EQ(parameters.number("n", 7), 7);
  EXPECT_EQ(parameters.number("big", 7), 7);
  EXPECT_EQ(parameters.number("empty", 7), 7);
  EXPECT_TRUE(parameters.flag("b", true));
}

}  // namespace
}  // namespace causeway
