// SPDX-License-Identifier: MIT
#include "base/background.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

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

void BackgroundPace::give_way() {
  const auto at = std::chrono::steady_clock::now();
  if (at < next_look_) return;
  const auto times = times_.look();
  if (times && before_) {
    const std::uint64_t ran = times->running - before_->running, waited = times->waiting - before_->waiting;
    if (waited > ran / kAlone)
      std::this_thread::sleep_for(std::min(std::chrono::nanoseconds(kRest * ran), kLongestRest));
  }
  before_ = times_.look();
  next_look_ = std::chrono::steady_clock::now() + kLook;
}

}  // namespace causeway
