// SPDX-License-Identifier: MIT
// What fuzz targets hold a parser to, besides not crashing.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

#include "net/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace causeway::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// The result of work that waits for nothing outside.
template <class T>
T run(net::Task<T> work) {
  boost::asio::io_context loop(1);
  std::optional<T> result;
  boost::asio::co_spawn(loop, std::move(work), [&result](std::exception_ptr failed, T value) {
    if (!failed) result.emplace(std::move(value));
  });
  loop.run();
  require(result.has_value());
  return *std::move(result);
}

}  // namespace causeway::fuzz
