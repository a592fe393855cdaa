// SPDX-License-Identifier: MIT
#include "base/processor_times.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <utility>

namespace causeway {
namespace {

constexpr std::chrono::milliseconds kLook{5};
// Who waits for longer than this part of the time it runs has too little.
constexpr std::uint64_t kPart = 2;

}  // namespace

ProcessorTimes::ProcessorTimes() : schedstat_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {}

ProcessorTimes::~ProcessorTimes() {
  if (schedstat_ >= 0) ::close(schedstat_);
}

ProcessorTimes::ProcessorTimes(ProcessorTimes&& other) noexcept : schedstat_(std::exchange(other.schedstat_, -1)) {}

std::optional<ProcessorTimes::Times> ProcessorTimes::look() const {
  char text[64];
  const ssize_t length = schedstat_ < 0 ? -1 : ::pread(schedstat_, text, sizeof text, 0);
  if (length <= 0) return std::nullopt;
  Times times;
  const auto running = std::from_chars(text, text + length, times.running);
  if (running.ec != std::errc() || running.ptr == text + length) return std::nullopt;
  const auto waiting = std::from_chars(running.ptr + 1, text + length, times.waiting);
  if (waiting.ec != std::errc()) return std::nullopt;
  return times;
}

bool ProcessorDemand::is_high() {
  const auto at = std::chrono::steady_clock::now();
  if (at < next_look_) return high_;
  next_look_ = at + kLook;
  const auto times = times_.look();
  high_ = !times || !before_ || (times->waiting - before_->waiting) * kPart > times->running - before_->running;
  before_ = times;
  return high_;
}

}  // namespace causeway
