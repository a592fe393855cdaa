// SPDX-License-Identifier: MIT
// One value handed from any thread to a coroutine that waits for it.
#pragma once

#include <boost/asio/use_awaitable.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "net/task.hpp"

namespace boost::asio {
class io_context;
}

namespace causeway::net {

namespace detail {

class Waiting;

// Resumes one coroutine, once. It is kept here while it waits: that takes no timer, and
// resuming it one entry in the queue of its loop.
class Waker : public std::enable_shared_from_this<Waker> {
 public:
  Waker() = default;
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

 protected:
  ~Waker() = default;
  void wake();  // with `mutex_` held
  bool woken();
  // Returns when woken, after `limit`, or when the waiting work is cancelled.
  Task<void> wait(std::optional<std::chrono::milliseconds> limit);

  std::mutex mutex_;

 private:
  friend Waiting;
  using Coroutine = boost::asio::async_result<boost::asio::use_awaitable_t<>, void()>::handler_type;
  using Place = boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  Task<void> suspend();
  Task<void> suspend_for(std::chrono::milliseconds limit);
  void keep(Coroutine coroutine);
  void resume_soon();
  void resume();
  Coroutine release();

  bool woken_ = false;
  boost::asio::io_context* loop_ = nullptr;  // of the coroutine that waits
  // On the thread of that loop only.
  std::optional<Coroutine> coroutine_;
  Place place_;  // among all that wait there
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
  bool complete(T value) const { return state_->complete(std::move(value)); }

  // Once, by one coroutine. Empty when `limit` passed first; what is completed later
  // is dropped with the last handle.
  Task<std::optional<T>> wait(std::optional<std::chrono::milliseconds> limit = std::nullopt) const {
    return State::take(state_, limit);
  }

 private:
  class State : public detail::Waker {
   public:
    bool complete(T value) {
      const std::lock_guard lock(mutex_);
      if (completed_) return false;
      completed_ = true;
      value_.emplace(std::move(value));
      wake();
      return true;
    }

    static Task<std::optional<T>> take(std::shared_ptr<State> state, std::optional<std::chrono::milliseconds> limit) {
      if (!state->woken()) co_await state->wait(limit);
      const std::lock_guard lock(state->mutex_);
      co_return std::exchange(state->value_, std::nullopt);
    }

   private:
    bool completed_ = false;
    std::optional<T> value_;
  };
  std::shared_ptr<State> state_;
};

}  // namespace causeway::net
