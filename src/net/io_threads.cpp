// SPDX-License-Identifier: MIT
#include "net/io_threads.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <thread>

#include "base/log.hpp"

namespace causeway::net {

namespace {

struct Place {
  const void* owner = nullptr;
  std::size_t index = 0;
};
thread_local Place this_thread_place;

using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

struct Loop {
  boost::asio::io_context context{1};
  Guard work{context.get_executor()};
  std::thread thread;
};

// An exception that reaches the loop is a bug in one handler; the other connections
// of the thread must not pay for it.
void run(boost::asio::io_context& context) {
  for (;;) {
    try {
      context.run();
      return;
    } catch (const std::exception& bug) {
      log::error("event loop: {}", bug.what());
    }
  }
}

}  // namespace

struct IoThreads::State {
  std::vector<std::unique_ptr<Loop>> loops;
  boost::asio::io_context signals{1};
};

IoThreads::IoThreads(std::size_t count) : state_(std::make_unique<State>()) {
  // Writes to a closed pipe or socket are reported where they happen.
  std::signal(SIGPIPE, SIG_IGN);
  if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
  for (std::size_t i = 0; i < count; ++i) state_->loops.push_back(std::make_unique<Loop>());
  for (std::size_t i = 0; i < count; ++i) {
    state_->loops[i]->thread = std::thread([owner = state_.get(), i] {
      this_thread_place = {owner, i};
      run(owner->loops[i]->context);
    });
  }
}

IoThreads::~IoThreads() {
  stop();
  for (auto& loop : state_->loops) loop->thread.join();
}

std::size_t IoThreads::size() const { return state_->loops.size(); }

boost::asio::io_context& IoThreads::at(std::size_t index) { return state_->loops.at(index)->context; }

boost::asio::io_context& IoThreads::current() { return at(current_index()); }

std::size_t IoThreads::current_index() const {
  return this_thread_place.owner == state_.get() ? this_thread_place.index : 0;
}

void IoThreads::run_until_signal() {
  boost::asio::signal_set signals(state_->signals, SIGINT, SIGTERM);
  signals.async_wait([this](const boost::system::error_code& failure, int) {
    if (!failure) state_->signals.stop();
  });
  state_->signals.run();
}

void IoThreads::stop() {
  state_->signals.stop();
  for (auto& loop : state_->loops) loop->context.stop();
}

}  // namespace causeway::net
