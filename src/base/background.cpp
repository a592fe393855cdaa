// SPDX-License-Identifier: MIT
#include "base/background.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <thread>
#include <utility>

namespace causeway {
namespace {

// Of 10 a thread gets about a tenth of what it would have got otherwise: little, but not
// nothing on a machine that is busy for hours.
constexpr int kNice = 10;

constexpr std::chrono::milliseconds kLook{5};
// Who waits for less than this part of the time it runs is alone.
constexpr std::uint64_t kAlone = 10;
// Rests that many times as long as it ran.
constexpr std::uint64_t kRest = 9;
constexpr std::chrono::nanoseconds kLongestRest = std::chrono::milliseconds(300);

}  // namespace

void work_in_background() {
  // Linux has it for each thread. Without it everything works, only less evenly.
  static_cast<void>(::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice));
}

BackgroundPace::BackgroundPace() : schedstat_(::open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)) {
  before_ = look();
}

BackgroundPace::~BackgroundPace() {
  if (schedstat_ >= 0) ::close(schedstat_);
}

BackgroundPace::BackgroundPace(BackgroundPace&& other) noexcept
    : schedstat_(std::exchange(other.schedstat_, -1)), before_(other.before_), next_look_(other.next_look_) {}

std::optional<BackgroundPace::Times> BackgroundPace::look() const {
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

void BackgroundPace::give_way() {
  const auto at = std::chrono::steady_clock::now();
  if (at < next_look_) return;
  const auto times = look();
  if (times && before_) {
    const std::uint64_t ran = times->running - before_->running, waited = times->waiting - before_->waiting;
    if (waited > ran / kAlone)
      std::this_thread::sleep_for(std::min(std::chrono::nanoseconds(kRest * ran), kLongestRest));
  }
  before_ = look();
  next_look_ = std::chrono::steady_clock::now() + kLook;
}

}  // namespace causeway
