// SPDX-License-Identifier: MIT
// One value handed from any thread to a coroutine that waits for it.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "net/task.hpp"

namespace causeway::net {

namespace detail {

class Waker {
 public:
  Waker();
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;
  void wake() const;
  Task<bool> wait(std::optional<std::chrono::milliseconds> limit) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace detail

// Copies are handles to the same value. complete() may be called from any thread and
// at any time, also when nobody waits (any more); the waiting coroutine is resumed on
// its own thread.
template <class T>
class Handoff {
 public:
  Handoff() : state_(std::make_shared<State>()) {}

  // The first call counts; false for later ones.
  bool complete(T value) const {
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->completed) return false;
      state_->completed = true;
      state_->value.emplace(std::move(value));
    }
    state_->waker.wake();
    return true;
  }

  // Once, by one coroutine. Empty when `limit` passed first; what is completed later
  // is dropped with the last handle.
  Task<std::optional<T>> wait(std::optional<std::chrono::milliseconds> limit = std::nullopt) const {
    const std::shared_ptr<State> state = state_;
    co_await state->waker.wait(limit);
    const std::lock_guard lock(state->mutex);
    std::optional<T> value = std::move(state->value);
    state->value.reset();
    co_return value;
  }

 private:
  struct State {
    std::mutex mutex;
    bool completed = false;
    std::optional<T> value;
    detail::Waker waker;
  };
  std::shared_ptr<State> state_;
};

}  // namespace causeway::net
