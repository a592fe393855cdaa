// SPDX-License-Identifier: MIT
#include "net/handoff.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/intrusive/list.hpp>

namespace causeway::net::detail {

namespace asio = boost::asio;

// What waits on one loop. A coroutine that a Waker keeps would outlive a loop that is taken
// down, so it goes with it, and nothing is left for wake() to post to.
class Waiting : public asio::execution_context::service {
 public:
  using key_type = Waiting;
  static asio::execution_context::id id;

  explicit Waiting(asio::execution_context& loop) : service(loop) {}
  void add(Waker& waker) { wakers_.push_back(waker); }

 private:
  using Member = boost::intrusive::member_hook<Waker, Waker::Place, &Waker::place_>;

  void shutdown() override {
    while (!wakers_.empty()) {
      const auto waker = wakers_.front().shared_from_this();
      waker->release();
    }
  }

  boost::intrusive::list<Waker, Member, boost::intrusive::constant_time_size<false>> wakers_;
};

asio::execution_context::id Waiting::id;

void Waker::wake() {
  woken_ = true;
  if (loop_ != nullptr) resume_soon();
}

bool Waker::woken() {
  const std::lock_guard lock(mutex_);
  return woken_;
}

Task<void> Waker::wait(std::optional<std::chrono::milliseconds> limit) {
  return limit ? suspend_for(*limit) : suspend();
}

Task<void> Waker::suspend_for(std::chrono::milliseconds limit) {
  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  timer.async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled) self->resume();
  });
  co_await suspend();
}

Task<void> Waker::suspend() {
  return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
      [this](Coroutine coroutine) { keep(std::move(coroutine)); }, asio::use_awaitable);
}

void Waker::keep(Coroutine coroutine) {
  auto& loop = static_cast<asio::io_context&>(asio::query(coroutine.get_executor(), asio::execution::context));
  if (auto slot = coroutine.get_cancellation_slot(); slot.is_connected()) {
    slot.assign([this](asio::cancellation_type) {
      const std::lock_guard lock(mutex_);
      if (loop_ != nullptr) resume_soon();
    });
  }
  coroutine_.emplace(std::move(coroutine));
  asio::use_service<Waiting>(loop).add(*this);
  const std::lock_guard lock(mutex_);
  loop_ = &loop;
  if (woken_) resume_soon();
}

// The lock that is held keeps the loop from going meanwhile.
void Waker::resume_soon() {
  asio::post(*loop_, [self = shared_from_this()] { self->resume(); });
}

void Waker::resume() {
  if (coroutine_) release()();
}

Waker::Coroutine Waker::release() {
  place_.unlink();
  Coroutine coroutine = *std::exchange(coroutine_, std::nullopt);
  const std::lock_guard lock(mutex_);
  loop_ = nullptr;
  return coroutine;
}

}  // namespace causeway::net::detail
