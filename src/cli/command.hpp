// SPDX-License-Identifier: MIT
// The shape of a command: options, subcommands, a help with an example, an exit code.
// CLI11 stays behind it, in one file.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace causeway::cli {

// Exit codes that scripts can use.
inline constexpr int kOk = 0;
inline constexpr int kFailed = 1;  // the thing asked for did not succeed
inline constexpr int kUsage = 2;   // the command line is wrong

class Command {
 public:
  Command(std::string name, std::string purpose);
  ~Command();
  Command(Command&&) noexcept;

  // `name` as on the command line: "--dir", "-d,--dir", or without dashes for a positional.
  Command& option(const std::string& name, std::string& value, const std::string& help, bool required = false);
  Command& option(const std::string& name, std::int64_t& value, const std::string& help, bool required = false);
  Command& option(const std::string& name, std::vector<std::string>& values, const std::string& help,
                  bool required = false);
  Command& flag(const std::string& name, bool& value, const std::string& help);
  // Shown at the end of --help, as a line one can paste.
  Command& example(const std::string& line);
  // Not listed: a process that another command starts.
  Command& internal();
  // What it does; without an action a command needs one of its subcommands.
  Command& action(std::function<int()> run);
  Command& subcommand(Command command);

 private:
  friend int run_commands(std::vector<Command> commands, int argc, char** argv);
  struct State;
  std::shared_ptr<State> state_;
};

// What every process of a server does first: its log has `name`, and a SIGHUP or SIGUSR1 that
// comes before it is heeded does not end it, as it would by default.
void begin_server_process(const std::string& name);

// Parses and runs; prints usage mistakes in one line.
int run_commands(std::vector<Command> commands, int argc, char** argv);

}  // namespace causeway::cli
