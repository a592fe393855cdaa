// SPDX-License-Identifier: MIT
#include "net/handoff.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace causeway::net::detail {

namespace asio = boost::asio;

struct Waker::State {
  std::mutex mutex;
  bool woken = false;
  // Of the coroutine that waits; touched on its thread only, except for its executor.
  asio::steady_timer* timer = nullptr;
};

namespace {

// A coroutine destroyed while it waits (its loop is being taken down) must leave
// nothing for wake() to post to.
template <class State>
class Registration {
 public:
  explicit Registration(State& state) : state_(state) {}
  ~Registration() {
    const std::lock_guard lock(state_.mutex);
    state_.timer = nullptr;
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  State& state_;
};

}  // namespace

Waker::Waker() : state_(std::make_shared<State>()) {}
Waker::~Waker() = default;

void Waker::wake() const {
  const std::lock_guard lock(state_->mutex);
  if (state_->woken) return;
  state_->woken = true;
  if (state_->timer == nullptr) return;
  asio::post(state_->timer->get_executor(), [state = state_] {
    const std::lock_guard inner(state->mutex);
    if (state->timer != nullptr) state->timer->cancel();
  });
}

Task<bool> Waker::wait(std::optional<std::chrono::milliseconds> limit) const {
  const std::shared_ptr<State> state = state_;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const Registration<State> registration(*state);
  timer.expires_at(limit ? asio::steady_timer::clock_type::now() + *limit : asio::steady_timer::time_point::max());
  {
    const std::lock_guard lock(state->mutex);
    if (state->woken) co_return true;
    state->timer = &timer;
  }
  // A wake() from now on posts to this thread, so it runs after the wait has begun.
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  const std::lock_guard lock(state->mutex);
  co_return state->woken;
}

}  // namespace causeway::net::detail
