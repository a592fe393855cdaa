// SPDX-License-Identifier: MIT
// Work that nobody waits for, so that those who are waited for do not feel it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace causeway {

// From now on the calling thread, and those it starts, give way to others that want the
// processor: for work that nobody waits for. Cannot be taken back.
void work_in_background();

// A low priority is not enough where two processors are one core: there others are slowed down by
// whatever runs beside them. So while others want the processor as well, which shows in how long
// this thread waits for it, it takes no more than a tenth; when nobody does, all it can get.
class BackgroundPace {
 public:
  // All calls from one thread.
  BackgroundPace();
  ~BackgroundPace();
  BackgroundPace(BackgroundPace&& other) noexcept;
  BackgroundPace& operator=(BackgroundPace&&) = delete;

  // Between two pieces of the work, of a millisecond or less: may sleep for some tenths of a second.
  void give_way();

 private:
  // Nanoseconds of the thread so far.
  struct Times {
    std::uint64_t running = 0, waiting = 0;
  };
  // Nothing where the system does not tell.
  std::optional<Times> look() const;

  int schedstat_;
  std::optional<Times> before_;
  std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace causeway
