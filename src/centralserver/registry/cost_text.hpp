// SPDX-License-Identifier: MIT
// How costs stand in the database and in X-Road's texts. For this library and api/ only.
#pragma once

#include <string_view>

#include "globalconf/shared_parameters.hpp"

namespace causeway::centralserver {

inline std::string_view cost_text(globalconf::CostType cost) {
  switch (cost) {
    case globalconf::CostType::free:
      return "FREE";
    case globalconf::CostType::paid:
      return "PAID";
    case globalconf::CostType::undefined:
      break;
  }
  return "UNDEFINED";
}

inline globalconf::CostType cost_of(std::string_view text) {
  if (text == "FREE") return globalconf::CostType::free;
  return text == "PAID" ? globalconf::CostType::paid : globalconf::CostType::undefined;
}

}  // namespace causeway::centralserver
