// SPDX-License-Identifier: MIT
#include "bench/memory_watch.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "ecosystem/children.hpp"

namespace causeway::bench {
namespace {

constexpr std::chrono::milliseconds kPause{250};

}  // namespace

MemoryWatch::MemoryWatch(std::vector<ProcessGroup> groups) : groups_(std::move(groups)), thread_([this] { run(); }) {}

MemoryWatch::~MemoryWatch() { stop(); }

std::uint64_t MemoryWatch::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  return largest_;
}

void MemoryWatch::run() {
  for (;;) {
    look();
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, kPause, [this] { return stopping_; })) return;
  }
}

void MemoryWatch::look() {
  for (const ProcessGroup& group : groups_) largest_ = std::max(largest_, ecosystem::proportional_memory(group));
}

}  // namespace causeway::bench
