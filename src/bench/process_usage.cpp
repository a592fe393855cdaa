// SPDX-License-Identifier: MIT
#include "bench/process_usage.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace causeway::bench {
namespace {

std::string content_of(pid_t pid, std::string_view file) {
  std::ifstream in(fmt::format("/proc/{}/{}", pid, file), std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::uint64_t octets_of(pid_t pid, std::string_view field) {
  std::istringstream lines(content_of(pid, "status"));
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(field)) continue;
    std::istringstream value(line.substr(field.size()));
    std::uint64_t kilobytes = 0;
    value >> kilobytes;
    return kilobytes * 1024;
  }
  return 0;
}

}  // namespace

CpuTime cpu_time(const std::vector<pid_t>& pids) {
  std::uint64_t user_ticks = 0, system_ticks = 0;
  for (const pid_t pid : pids) {
    const std::string stat = content_of(pid, "stat");
    const std::size_t name_end = stat.rfind(')');  // the name may hold anything
    if (name_end == std::string::npos) continue;
    std::istringstream fields(stat.substr(name_end + 1));
    std::string skipped;
    for (int i = 3; i < 14; ++i) fields >> skipped;  // up to field 13 of proc(5)
    std::uint64_t user = 0, system = 0;
    fields >> user >> system;
    user_ticks += user;
    system_ticks += system;
  }
  const auto second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  return {static_cast<double>(user_ticks) / second, static_cast<double>(system_ticks) / second};
}

std::uint64_t resident_memory(pid_t pid) { return octets_of(pid, "VmRSS:"); }
std::uint64_t peak_memory(pid_t pid) { return octets_of(pid, "VmHWM:"); }

void forget_peak(pid_t pid) { std::ofstream(fmt::format("/proc/{}/clear_refs", pid)) << "5\n"; }

}  // namespace causeway::bench
