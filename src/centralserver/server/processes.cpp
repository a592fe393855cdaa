// SPDX-License-Identifier: MIT
#include "centralserver/server/processes.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "centralserver/server/settings.hpp"
#include "domain/fault_code.hpp"
#include "supervision/listening.hpp"
#include "supervision/supervisor.hpp"

namespace causeway::centralserver {

Result<void> run_central_server(const std::filesystem::path& directory) {
  if (::chdir(directory.c_str()) != 0)
    return fault(FaultCode::io_error, directory.string() + ": " + std::strerror(errno));
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
                                {});
}

}  // namespace causeway::centralserver
