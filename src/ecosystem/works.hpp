// SPDX-License-Identifier: MIT
// Work that is done side by side.
#pragma once

#include <future>
#include <vector>

#include "base/result.hpp"

namespace causeway::ecosystem {

using Work = std::future<Result<void>>;

// The first fault, after all have ended.
inline Result<void> all_of(std::vector<Work> works) {
  Result<void> outcome;
  for (Work& work : works) {
    auto result = work.get();
    if (!result && outcome) outcome = result.error();
  }
  return outcome;
}

}  // namespace causeway::ecosystem
