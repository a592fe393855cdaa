// SPDX-License-Identifier: MIT
#include "centralserver/server/processes.hpp"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include "base/exclusive_lock.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "centralserver/backup/restoration.hpp"
#include "centralserver/server/registry_access.hpp"
#include "centralserver/server/settings.hpp"
#include "domain/fault_code.hpp"
#include "supervision/listening.hpp"
#include "supervision/supervisor.hpp"

namespace causeway::centralserver {
namespace {

using supervision::SupervisionEnd;

constexpr std::chrono::seconds kRestorePause{5};

// The processes, until a signal, or until there is something to be restored.
Result<SupervisionEnd> run_processes() {
  // What is wrong with them is said once, here, and not by a process that is started again and again.
  const auto settings = CentralServerSettings::load(".");
  if (!settings) return settings.error();
  const std::string host = settings->admin.address;
  const std::uint16_t port = settings->admin.port;
  return supervision::supervise({{.name = "signer",
                                  .arguments = {"signer", "run", "--dir", "."},
                                  .ready = [] { return supervision::listens_at("run/signer.sock"); }},
                                 {.name = "center",
                                  .arguments = {"central-server-center", "--dir", "."},
                                  .ready = [host, port] { return supervision::listens_at(host, port); }}},
                                {.ends_itself = [] { return restore_is_decided("."); }});
}

}  // namespace

Result<void> finish_decided_restore(const std::filesystem::path& directory) {
  const bool decided = restore_is_decided(directory);
  for (;;) {
    auto finished = finish_restore(restore_place(directory));
    if (finished && decided) log::info("the backup is restored");
    if (finished || !store::is_temporary(finished.error())) return finished;
    log::error("a backup cannot be restored yet: {}", finished.error().text);
    std::this_thread::sleep_for(kRestorePause);
  }
}

Result<ExclusiveLock> lock_directory(const std::filesystem::path& directory) {
  if (auto made = make_directories(directory / "run"); !made) return made.error();
  auto taken = ExclusiveLock::take(directory / "run" / "processes.lock");
  if (!taken) return taken.error();
  if (!*taken) return fault(FaultCode::io_error, "another Central Server runs in " + directory.string());
  return std::move(**taken);
}

Result<void> run_central_server(const std::filesystem::path& directory) {
  if (::chdir(directory.c_str()) != 0)
    return fault(FaultCode::io_error, directory.string() + ": " + std::strerror(errno));
  const auto alone = lock_directory(".");
  if (!alone) return alone.error();
  for (;;) {
    // What cannot be restored is given up; the server goes on as it was.
    if (auto finished = finish_decided_restore("."); !finished) {
      log::error("the backup was not restored: {}", finished.error().text);
      if (restore_is_decided(".")) return finished;
    }
    auto ended = run_processes();
    if (!ended) return ended.error();
    if (*ended == SupervisionEnd::signal) return {};
  }
}

}  // namespace causeway::centralserver
