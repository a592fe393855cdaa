// SPDX-License-Identifier: MIT
// Work that nobody waits for, so that those who are waited for do not feel it.
#pragma once

#include <chrono>
#include <optional>

#include "base/processor_times.hpp"

namespace causeway {

// From now on the calling thread, and those it starts, give way to others that want the
// processor: for work that nobody waits for. Cannot be taken back.
void work_in_background();

// A low priority is not enough where two processors are one core: there others are slowed down by
// whatever runs beside them. So while others want the processor as well, which shows in how long
// this thread waits for it, it takes no more than a tenth; when nobody does, all it can get.
class BackgroundPace {
 public:
  // Of the calling thread, which alone uses it.
  BackgroundPace() : before_(times_.look()) {}

  // Between two pieces of the work, of a millisecond or less: may sleep for some tenths of a second.
  void give_way();

 private:
  ProcessorTimes times_;
  std::optional<ProcessorTimes::Times> before_;
  std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace causeway
