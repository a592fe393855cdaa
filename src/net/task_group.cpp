// SPDX-License-Identifier: MIT
#include "net/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <mutex>

#include "base/log.hpp"

namespace causeway::net {

namespace asio = boost::asio;

struct TaskGroup::State {
  explicit State(asio::io_context& its) : context(its), end(its, asio::steady_timer::time_point::max()) {}

  asio::io_context& context;
  asio::steady_timer end;  // on the thread of `context`, as the next: expires when the group is to end
  bool ending = false;

  std::mutex mutex;
  std::condition_variable changed;
  std::size_t running = 0;
};

// A coroutine of the group, from when it was asked for until its frame is gone.
class TaskGroup::Presence {
 public:
  explicit Presence(std::shared_ptr<State> state) : state_(std::move(state)) {
    const std::lock_guard lock(state_->mutex);
    ++state_->running;
  }
  ~Presence() {
    if (!state_) return;
    const std::lock_guard lock(state_->mutex);
    --state_->running;
    state_->changed.notify_all();
  }
  Presence(Presence&&) noexcept = default;
  Presence& operator=(Presence&&) = delete;
  State* operator->() const { return state_.get(); }

 private:
  std::shared_ptr<State> state_;
};

namespace {

Task<void> contained(std::string what, Task<void> task, const bool& ending) {
  try {
    co_await std::move(task);
  } catch (const std::exception& bug) {
    if (!ending) log::error("{}: {}", what, bug.what());
  }
}

Task<void> wait_for(asio::steady_timer& end) { co_await end.async_wait(asio::as_tuple(asio::use_awaitable)); }

}  // namespace

TaskGroup::TaskGroup(asio::io_context& context) : state_(std::make_shared<State>(context)) {}

TaskGroup::~TaskGroup() { stop(); }

void TaskGroup::start(std::string what, Task<void> task) {
  net::spawn(state_->context, what, [group = Presence(state_), what, task = std::move(task)]() mutable {
    return run(std::move(group), std::move(what), std::move(task));
  });
}

Task<void> TaskGroup::run(Presence group, std::string what, Task<void> task) {
  using boost::asio::experimental::awaitable_operators::operator||;
  if (group->ending) co_return;
  auto ended = contained(std::move(what), std::move(task), group->ending) || wait_for(group->end);
  co_await std::move(ended);
}

void TaskGroup::stop() {
  asio::post(state_->context, [state = state_] {
    state->ending = true;
    state->end.expires_at(asio::steady_timer::time_point::min());
  });
  std::unique_lock lock(state_->mutex);
  // A loop that was stopped resumes nobody any more.
  while (state_->running > 0 && !state_->context.stopped()) {
    state_->changed.wait_for(lock, std::chrono::milliseconds(50));
  }
}

}  // namespace causeway::net
