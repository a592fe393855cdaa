// SPDX-License-Identifier: MIT
#include "ecosystem/server_processes.hpp"

#include <signal.h>

#include <boost/json.hpp>

#include "base/files.hpp"

namespace causeway::ecosystem {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxFile = 64 * 1024;

}  // namespace

std::map<std::string, pid_t> server_processes(const std::filesystem::path& server) {
  std::map<std::string, pid_t> processes;
  const auto text = read_file(server / "run" / "pids.json", kMaxFile);
  if (!text) return processes;
  boost::system::error_code error;
  const json::value told = json::parse(*text, error);
  if (error || !told.is_object()) return processes;
  for (const char* name : {"signer", "admin", "proxy", "center"}) {
    const json::value* pid = told.as_object().if_contains(name);
    if (pid != nullptr && pid->is_int64()) processes[name] = static_cast<pid_t>(pid->as_int64());
  }
  return processes;
}

void hasten(const std::filesystem::path& server, const std::string& process) {
  const auto processes = server_processes(server);
  if (const auto found = processes.find(process); found != processes.end()) ::kill(found->second, SIGHUP);
}

}  // namespace causeway::ecosystem
