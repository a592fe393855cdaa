// SPDX-License-Identifier: MIT
#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace causeway::log {
namespace {

spdlog::level::level_enum as_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

spdlog::logger& logger() {
  static spdlog::logger instance("causeway", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  return instance;
}

// What a stranger sent may stand in a line; it must not be able to start one.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, 8192));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return line;
}

}  // namespace

void start(std::string_view process, std::string_view level) {
  logger().set_level(spdlog::level::from_str(std::string(level)));
  logger().set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l [" + std::string(process) + "] %v");
  logger().flush_on(spdlog::level::debug);
}

bool enabled(Level level) { return logger().should_log(as_spdlog(level)); }

void write(Level level, std::string_view text) { logger().log(as_spdlog(level), one_line(text)); }

}  // namespace causeway::log
