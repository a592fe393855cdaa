// SPDX-License-Identifier: MIT
#include "base/round_thread.hpp"

#include <algorithm>

namespace causeway {
namespace {

// Clocks and condition variables overflow on what is as good as for ever.
constexpr std::chrono::milliseconds kLongest = std::chrono::hours(1);

}  // namespace

RoundThread::RoundThread(Round round) : round_(std::move(round)), thread_([this] { run(); }) {}

RoundThread::~RoundThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void RoundThread::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

bool RoundThread::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void RoundThread::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_ = false;
    lock.unlock();
    const auto wait = std::min(round_(), kLongest);
    lock.lock();
    wake_.wait_for(lock, wait, [this] { return stopping_ || woken_; });
  }
}

}  // namespace causeway
