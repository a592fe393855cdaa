// SPDX-License-Identifier: MIT
// A coroutine run to its end, on the thread of the test.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "net/task.hpp"

namespace causeway::testing {

template <class T>
T run_task(net::Task<T> task) {
  boost::asio::io_context context(1);
  std::optional<T> result;
  const auto keep = [&]() -> net::Task<void> { result.emplace(co_await std::move(task)); };
  boost::asio::co_spawn(context, keep, [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  context.run();
  return *std::move(result);
}

}  // namespace causeway::testing
