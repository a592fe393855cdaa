// SPDX-License-Identifier: MIT
#include <csignal>

#include "cli/commands.hpp"

int main(int argc, char** argv) {
  using namespace causeway::cli;
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<Command> commands;
  commands.push_back(up_command());
  commands.push_back(up_central_command());
  commands.push_back(up_registers_command());
  commands.push_back(central_server_command());
  commands.push_back(central_server_center_command());
  commands.push_back(security_server_command());
  commands.push_back(security_server_admin_command());
  commands.push_back(configuration_proxy_command());
  commands.push_back(signer_command());
  commands.push_back(ctl_command());
  commands.push_back(export_command());
  commands.push_back(plan_command());
  commands.push_back(apply_command());
  commands.push_back(verify_command());
  commands.push_back(bench_command());
  commands.push_back(test_ca_command());
  commands.push_back(security_server_proxy_command());
  commands.push_back(bench_load_command());
  commands.push_back(bench_registry_command());
  return run_commands(std::move(commands), argc, argv);
}
