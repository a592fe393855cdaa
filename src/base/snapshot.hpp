// SPDX-License-Identifier: MIT
// A shared immutable value that is replaced whole: readers keep what they took.
//
// A mutex held for the copy of a pointer: std::atomic<std::shared_ptr> of libstdc++ 12
// spins on the same occasion, unlocks relaxed, and is nothing ThreadSanitizer can follow.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace causeway {

template <class T>
class Snapshot {
 public:
  Snapshot() = default;
  explicit Snapshot(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  // Null before the first set().
  std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void set(std::shared_ptr<const T> value) {
    const std::lock_guard lock(mutex_);
    value_.swap(value);  // the old one is destroyed outside of readers' way, by `value`
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
};

}  // namespace causeway
