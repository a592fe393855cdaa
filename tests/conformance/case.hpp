// SPDX-License-Identifier: MIT
// What a case is about, for the table in docs/conformance.md (scripts/conformance-table).
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace causeway::conformance {

namespace detail {

inline void record(const std::string& name, const std::string& value) { ::testing::Test::RecordProperty(name, value); }

// What the running case has recorded under `name` so far.
inline std::string recorded(const std::string& name) {
  const auto* result = ::testing::UnitTest::GetInstance()->current_test_info()->result();
  for (int i = 0; i < result->test_property_count(); ++i)
    if (result->GetTestProperty(i).key() == name) return result->GetTestProperty(i).value();
  return "";
}

}  // namespace detail

// A message that is served.
inline void describes(const std::string& behaviour) { detail::record("behaviour", behaviour); }

// Another outcome: a fault code, or in words what else happens. Gives it back, so that a
// case states it once and asserts the same.
inline std::string expects(const std::string& situation, const std::string& outcome) {
  describes(situation);
  detail::record("outcome", outcome);
  return outcome;
}

// One more outcome of the same case.
inline std::string also_expects(const std::string& outcome) {
  const std::string before = detail::recorded("outcome");
  detail::record("outcome", (before.empty() ? "served" : before) + " | " + outcome);
  return outcome;
}

}  // namespace causeway::conformance
