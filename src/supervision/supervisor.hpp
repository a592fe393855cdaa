// SPDX-License-Identifier: MIT
// The processes of a server, children of this one. Each is started again when it ends, the
// others go on meanwhile.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace causeway::supervision {

// One process to keep running.
struct SupervisedProcess {
  std::string name;                    // "signer", in run/pids.json and log lines
  std::vector<std::string> arguments;  // of this program
  // Whether it serves by now; empty: from its start.
  std::function<bool()> ready;
};

struct SupervisorOptions {
  std::filesystem::path run_directory = "run";  // of pids.json, made with mode 0700
  std::string program = "/proc/self/exe";
  std::chrono::milliseconds first_pause{100};  // before a restart; doubles to `longest_pause`
  std::chrono::milliseconds longest_pause{30'000};
  std::chrono::milliseconds settled{60'000};     // who lived this long is restarted at once
  std::chrono::milliseconds stop_grace{12'000};  // then SIGKILL
  // Asked every second; when it says yes, the services are stopped as by a signal. Empty: never.
  std::function<bool()> ends_itself = {};
};

// Starts `services` in their order and keeps them running until SIGTERM or SIGINT, then
// stops them, the last first. SIGHUP is passed on to all; services begin with SIGHUP and
// SIGUSR1 ignored, so that neither ends one that does not heed it yet. `pids.json` in the run
// directory says {"supervisor", "ready", and each service's name: its process}.
// io_error when another supervisor works on the directory. What ended it:
enum class SupervisionEnd { signal, itself };
Result<SupervisionEnd> supervise(const std::vector<SupervisedProcess>& services, const SupervisorOptions& options);

}  // namespace causeway::supervision
