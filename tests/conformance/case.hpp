// SPDX-License-Identifier: MIT
// What a case is about, for the table in docs/conformance.md (scripts/conformance-table).
#pragma once

#include <gtest/gtest.h>

#include <string>

namespace causeway::conformance {

inline void describes(const std::string& behaviour) { ::testing::Test::RecordProperty("behaviour", behaviour); }

inline void expects(const std::string& situation, const std::string& fault) {
  describes(situation);
  ::testing::Test::RecordProperty("fault", fault);
}

}  // namespace causeway::conformance
