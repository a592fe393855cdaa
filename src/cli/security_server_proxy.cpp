// SPDX-License-Identifier: MIT
#include <memory>

#include "cli/commands.hpp"
#include "securityserver/proxy.hpp"

namespace causeway::cli {

Command security_server_proxy_command() {
  auto directory = std::make_shared<std::string>();
  Command command("security-server-proxy", "The data plane of a Security Server (started by security-server)");
  command.internal().option("--conf", *directory, "directory of the Security Server", true).action([directory] {
    return securityserver::run_proxy(*directory);
  });
  return command;
}

}  // namespace causeway::cli
