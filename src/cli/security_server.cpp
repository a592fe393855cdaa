// SPDX-License-Identifier: MIT
#include <iostream>
#include <memory>

#include "cli/commands.hpp"
#include "securityserver/administration/administration.hpp"
#include "securityserver/administration/processes.hpp"

namespace causeway::cli {
namespace {

int outcome(const Result<void>& result) {
  if (result) return kOk;
  std::cerr << "causeway: " << result.error().code << ": " << result.error().text << "\n";
  return kFailed;
}

}  // namespace

Command security_server_command() {
  Command command("security-server", "run a Security Server: signer, administration and proxy");
  const auto directory = std::make_shared<std::string>(".");
  command.option("--dir", *directory, "its directory, with server.yaml, configuration-anchor.xml, conf.d/, signer/");
  command.action([directory] {
    begin_server_process("supervisor");
    return outcome(securityserver::run_security_server(*directory));
  });
  command.example("causeway security-server --dir /var/lib/causeway");
  return command;
}

Command security_server_admin_command() {
  Command command("security-server-admin", "the administration process of a Security Server");
  const auto directory = std::make_shared<std::string>(".");
  command.option("--dir", *directory, "the server's directory");
  command.action([directory] {
    begin_server_process("admin");
    return outcome(securityserver::run_admin(*directory));
  });
  command.internal();
  return command;
}

}  // namespace causeway::cli
