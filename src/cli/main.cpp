// SPDX-License-Identifier: MIT
#include <csignal>

#include "cli/commands.hpp"

int main(int argc, char** argv) {
  using namespace causeway::cli;
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<Command> commands;
  return run_commands(std::move(commands), argc, argv);
}
