// SPDX-License-Identifier: MIT
#include "securityserver/proxy_status.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

TEST(ProxyStatus, WhatWasToldIsRead) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory / "proxy-status.json";
  ProxyStatusFile file(path);
  file.tell({.messages = 1'000'000'000'000, .signatures = 20}, {.records = 30, .flushes = 4});
  // A shorter text leaves nothing of the longer one.
  file.tell({.messages = 7, .signatures = 2}, {.records = 30, .flushes = 5});
  const auto status = load_proxy_status(path);
  ASSERT_TRUE(status) << status.error().text;
  EXPECT_EQ(status->signing, (SigningCounts{.messages = 7, .signatures = 2}));
  EXPECT_EQ(status->log, (LogCounts{.records = 30, .flushes = 5}));
  EXPECT_LT(now() - status->updated, std::chrono::minutes(5));
}

TEST(ProxyStatus, IsThereBeforeTheFirstMessage) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory / "proxy-status.json";
  ProxyStatusFile(path).tell({}, {});
  const auto status = load_proxy_status(path);
  ASSERT_TRUE(status) << status.error().text;
  EXPECT_EQ(status->log, LogCounts());
}

TEST(ProxyStatus, NothingIsWrittenWhileNothingHappens) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory / "proxy-status.json";
  ProxyStatusFile file(path);
  file.tell({.messages = 1, .signatures = 1}, {});
  ASSERT_TRUE(write_file_atomically(path, "another text").ok());
  file.tell({.messages = 1, .signatures = 1}, {});
  EXPECT_EQ(*read_file(path), "another text");
}

TEST(ProxyStatus, AnotherFileIsAFault) {
  const testing::TemporaryDirectory directory;
  const std::string path = directory / "proxy-status.json";
  EXPECT_EQ(load_proxy_status(path).error().code, "io_error");
  for (const std::string_view text : {"", "{}", "[]", R"({"updated": "2026-03-01T10:00:00Z", "signing": 1})"}) {
    ASSERT_TRUE(write_file_atomically(path, text).ok());
    EXPECT_EQ(load_proxy_status(path).error().code, "invalid_message") << text;
  }
}

}  // namespace
}  // namespace causeway::securityserver
