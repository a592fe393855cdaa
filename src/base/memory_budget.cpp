// SPDX-License-Identifier: MIT
#include "base/memory_budget.hpp"

namespace causeway {

MemoryBudget& MemoryBudget::of_process() {
  static MemoryBudget budget(512UL << 20);
  return budget;
}

bool MemoryBudget::Share::hold(std::size_t octets) {
  const long long wanted = static_cast<long long>(octets) - static_cast<long long>(kFree);
  if (wanted <= held_) return true;
  // A little more at once than is needed: a message comes in many pieces.
  const long long more = wanted - held_ + static_cast<long long>(kFree);
  if (budget_.left_.fetch_sub(more) < more) {
    budget_.left_ += more;
    return false;
  }
  held_ += more;
  return true;
}

}  // namespace causeway
