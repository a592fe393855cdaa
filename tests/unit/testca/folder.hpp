// SPDX-License-Identifier: MIT
// A development CA in a folder that ends with the test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "testca/test_ca.hpp"

namespace causeway::testca {

using namespace std::chrono_literals;

inline const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

class WithTestCa : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        std::filesystem::temp_directory_path() / ("causeway-testca-" + std::to_string(getpid()) + "-" + test->name());
    auto made = TestCa::create(folder_, {.name = "Dev", .ec_keys = true}, kNoon);
    ASSERT_TRUE(made) << made.error().text;
    ca_ = *std::move(made);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  static pki::DistinguishedName subject(std::string_view text) { return *pki::DistinguishedName::parse(text); }
  pki::Certificate issued(std::string_view name = "CN=x", IssueKind kind = IssueKind::sign) {
    return *ca_->issue(subject(name), key_.public_key(), kind, {}, kNoon);
  }

  std::filesystem::path folder_;
  std::unique_ptr<TestCa> ca_;
  pki::PrivateKey key_ = *pki::PrivateKey::generate_ec();
};

}  // namespace causeway::testca
