// SPDX-License-Identifier: MIT
#include "signer/autologin.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "signer_fixture.hpp"

namespace causeway::signer {
namespace {

namespace fs = std::filesystem;

TEST(Autologin, OneLineIsThePinOfTheSoftwareToken) {
  const auto pins = parse_pins("1:23\r\n\n");
  ASSERT_TRUE(pins.ok());
  ASSERT_EQ(pins->size(), 1U);
  EXPECT_EQ(pins->front().token_id, "0");
  EXPECT_EQ(pins->front().pin.view(), "1:23");
}

TEST(Autologin, SeveralLinesNameTheirTokens) {
  const auto pins = parse_pins("0:abc\n6A:d:e\n");
  ASSERT_TRUE(pins.ok());
  ASSERT_EQ(pins->size(), 2U);
  EXPECT_EQ((*pins)[1].token_id, "6A");
  EXPECT_EQ((*pins)[1].pin.view(), "d:e");
  EXPECT_FALSE(parse_pins("0:abc\nnothing\n").ok());
  EXPECT_FALSE(parse_pins("0:abc\n:nothing\n").ok());
}

TEST(Autologin, NothingSetUpMeansGivingUp) {
  const TemporaryDirectory directory;
  const auto answer = fetch_pins({.file = directory.path() / "autologin", .script = directory.path() / "script"});
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer->give_up);
}

TEST(Autologin, RefusesAFileThatOthersCanRead) {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "autologin";
  ASSERT_TRUE(write_file_atomically(file, "1234\n", 0600).ok());
  EXPECT_EQ(fetch_pins({.file = file, .script = {}})->pins.size(), 1U);
  fs::permissions(file, fs::perms(0640));
  EXPECT_EQ(fetch_pins({.file = file, .script = {}}).error().code, "access_denied");
}

TEST(Autologin, AsksTheScriptFirst) {
  const TemporaryDirectory directory;
  const fs::path file = directory.path() / "autologin", script = directory.path() / "fetch.sh";
  ASSERT_TRUE(write_file_atomically(file, "1234\n", 0600).ok());
  ASSERT_TRUE(write_file_atomically(script, "#!/bin/sh\necho from the script\n", 0700).ok());
  const auto answer = fetch_pins({.file = file, .script = script});
  ASSERT_TRUE(answer.ok());
  ASSERT_EQ(answer->pins.size(), 1U);
  EXPECT_EQ(answer->pins.front().pin.view(), "from the script");
}

TEST(Autologin, UnderstandsHowTheScriptEnds) {
  const TemporaryDirectory directory;
  const fs::path script = directory.path() / "fetch.sh";
  ASSERT_TRUE(write_file_atomically(script, "#!/bin/sh\nexit 127\n", 0700).ok());
  EXPECT_TRUE(fetch_pins({.file = {}, .script = script})->give_up);
  ASSERT_TRUE(write_file_atomically(script, "#!/bin/sh\nexit 1\n", 0700).ok());
  EXPECT_EQ(fetch_pins({.file = {}, .script = script}).error().code, "io_error");
  fs::permissions(script, fs::perms(0722));
  EXPECT_EQ(fetch_pins({.file = {}, .script = script}).error().code, "access_denied");
}

}  // namespace
}  // namespace causeway::signer
