// SPDX-License-Identifier: MIT
// One line per event on standard error: time, level, process, text.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace causeway::log {

enum class Level { debug, info, warn, error };

// `process` stands in every line; `level` as "debug", "info", "warn", "error".
void start(std::string_view process, std::string_view level = "info");
bool enabled(Level level);
void write(Level level, std::string_view text);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::warn)) write(Level::warn, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::error)) write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace causeway::log
