// SPDX-License-Identifier: MIT
#include "net/coroutines.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log.hpp"

namespace causeway::net {

namespace asio = boost::asio;

namespace {

Task<void> note_exception(Task<void> work, std::exception_ptr& thrown) {
  try {
    co_await std::move(work);
  } catch (...) {
    thrown = std::current_exception();
  }
}

Task<void> wait_on(asio::steady_timer& timer) { co_await timer.async_wait(asio::as_tuple(asio::use_awaitable)); }

}  // namespace

void detail::start(asio::io_context& context, std::string what, Task<void> task) {
  asio::co_spawn(context, std::move(task), [what = std::move(what)](const std::exception_ptr& thrown) {
    if (!thrown) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& bug) {
      log::error("{}: {}", what, bug.what());
    } catch (...) {
      log::error("{}: unknown exception", what);
    }
  });
}

Task<bool> detail::ends_within(std::chrono::milliseconds limit, Task<void> work) {
  using boost::asio::experimental::awaitable_operators::operator||;
  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  std::exception_ptr thrown;
  auto ended = note_exception(std::move(work), thrown) || wait_on(timer);
  const auto first = co_await std::move(ended);
  if (first.index() == 1) co_return false;
  if (thrown) std::rethrow_exception(thrown);
  co_return true;
}

Task<void> sleep_for(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace causeway::net
