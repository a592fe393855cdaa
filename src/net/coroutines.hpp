// SPDX-License-Identifier: MIT
// Starting, delaying and limiting coroutines.
#pragma once

#include <chrono>
#include <exception>
#include <future>
#include <optional>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "domain/fault_code.hpp"
#include "net/task.hpp"

namespace boost::asio {
class io_context;
}

namespace causeway::net {

namespace detail {

void start(boost::asio::io_context& context, std::string what, Task<void> task);
// False when `limit` passed first. The work has ended in either case.
Task<bool> ends_within(std::chrono::milliseconds limit, Task<void> work);

template <class Body>
Task<void> own(Body body) {
  co_await body();
}

template <class T>
Task<void> keep(Task<T> work, std::optional<T>& into) {
  into.emplace(co_await std::move(work));
}

template <class T>
Task<void> promise_result(Task<T> work, std::promise<T> into) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
      into.set_value();
    } else {
      into.set_value(co_await std::move(work));
    }
  } catch (...) {
    into.set_exception(std::current_exception());
  }
}

}  // namespace detail

// Runs `body`, a callable that gives a Task<void>, on the thread of `context`; may be
// called from any thread. The coroutine owns the callable and so everything it
// captured. An exception is logged under `what` and ends the coroutine. One that uses
// what others own belongs into a TaskGroup.
template <class Body>
void spawn(boost::asio::io_context& context, std::string what, Body body) {
  detail::start(context, std::move(what), detail::own(std::move(body)));
}

Task<void> sleep_for(std::chrono::milliseconds time);

// The result of `work`, or io_error when it takes longer than `limit`: then its
// pending waits are cancelled and it has ended before this returns. Work that waits
// for something that cannot be cancelled is waited for.
template <class T>
Task<Result<T>> with_deadline(std::chrono::milliseconds limit, std::string what, Task<Result<T>> work) {
  std::optional<Result<T>> result;
  const bool in_time = co_await detail::ends_within(limit, detail::keep(std::move(work), result));
  if (!in_time || !result) {
    co_return fault(FaultCode::io_error, what + " took longer than " + std::to_string(limit.count()) + " ms");
  }
  co_return std::move(*result);
}

// Runs `task` on the thread of `context` and blocks the caller, which must be another
// thread, until it ends; its exceptions come out here.
template <class T>
T block_on(boost::asio::io_context& context, Task<T> task) {
  std::promise<T> promise;
  std::future<T> result = promise.get_future();
  detail::start(context, "block_on", detail::promise_result(std::move(task), std::move(promise)));
  return result.get();
}

}  // namespace causeway::net
