// SPDX-License-Identifier: MIT
// How long a thread had a processor, and how long it waited for one.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace causeway {

// Of the thread that made it and that alone uses it.
class ProcessorTimes {
 public:
  // Nanoseconds since the thread began.
  struct Times {
    std::uint64_t running = 0;
    std::uint64_t waiting = 0;  // ready to run, while others ran
  };

  ProcessorTimes();
  ~ProcessorTimes();
  ProcessorTimes(ProcessorTimes&& other) noexcept;
  ProcessorTimes& operator=(ProcessorTimes&&) = delete;

  // Some microseconds. Nothing where the system does not tell.
  std::optional<Times> look() const;

 private:
  int schedstat_;
};

// Tells whether processors are what a thread has too little of.
class ProcessorDemand {
 public:
  // Of the calling thread, which alone uses it.
  ProcessorDemand() : before_(times_.look()) {}

  // Whether the thread lately waited for a processor longer than half of the time it had one. Looks
  // every few milliseconds. True where the system does not tell.
  bool is_high();

 private:
  ProcessorTimes times_;
  std::optional<ProcessorTimes::Times> before_;
  std::chrono::steady_clock::time_point next_look_{};
  bool high_ = false;
};

}  // namespace causeway
