// SPDX-License-Identifier: MIT
#include "securityserver/administration/processes.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/parameters.hpp"
#include "domain/fault_code.hpp"
#include "supervision/listening.hpp"
#include "supervision/supervisor.hpp"

namespace causeway::securityserver {

using supervision::listens_at;

Result<void> run_security_server(const std::filesystem::path& directory) {
  if (::chdir(directory.c_str()) != 0)
    return fault(FaultCode::io_error, directory.string() + ": " + std::strerror(errno));
  const Result<Parameters> parameters = Parameters::load("conf.d");
  if (!parameters) return parameters.error();
  const auto port = static_cast<std::uint16_t>(parameters->number("proxy.client-http-port", 8080));
  const std::string host = parameters->text("proxy.connector-host", "0.0.0.0");
  std::vector<supervision::SupervisedProcess> services{
      {.name = "signer",
       .arguments = {"signer", "run", "--dir", "."},
       .ready = [] { return listens_at("run/signer.sock"); }},
      {.name = "admin",
       .arguments = {"security-server-admin", "--dir", "."},
       .ready = [] { return ::access("run/admin-status.json", F_OK) == 0; }},
      {.name = "proxy", .arguments = {"security-server-proxy", "--conf", "."}, .ready = {}}};
  if (port != 0) services.back().ready = [host, port] { return listens_at(host, port); };
  // What an earlier run left says nothing about this one.
  ::unlink("run/admin-status.json");
  auto ended = supervision::supervise(services, {});
  return ended ? Result<void>() : Result<void>(ended.error());
}

}  // namespace causeway::securityserver
