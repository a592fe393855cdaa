// SPDX-License-Identifier: MIT
#include "cli/command.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <exception>
#include <iostream>

#include "base/log.hpp"

namespace causeway::cli {

struct Command::State {
  std::shared_ptr<CLI::App> app;
  std::function<int()> run;
  std::vector<std::shared_ptr<State>> subcommands;

  // The innermost command named on the line.
  const State* chosen() const {
    for (const auto& sub : subcommands)
      if (sub->app->parsed()) return sub->chosen();
    return this;
  }
};

Command::Command(std::string name, std::string purpose) : state_(std::make_shared<State>()) {
  state_->app = std::make_shared<CLI::App>(std::move(purpose), std::move(name));
}
Command::~Command() = default;
Command::Command(Command&&) noexcept = default;

Command& Command::option(const std::string& name, std::string& value, const std::string& help, bool required) {
  auto* added = state_->app->add_option(name, value, help)->required(required);
  if (!value.empty()) added->capture_default_str();
  return *this;
}

Command& Command::option(const std::string& name, std::int64_t& value, const std::string& help, bool required) {
  state_->app->add_option(name, value, help)->required(required)->capture_default_str();
  return *this;
}

Command& Command::option(const std::string& name, std::vector<std::string>& values, const std::string& help,
                         bool required) {
  state_->app->add_option(name, values, help)->required(required);
  return *this;
}

Command& Command::flag(const std::string& name, bool& value, const std::string& help) {
  state_->app->add_flag(name, value, help);
  return *this;
}

Command& Command::example(const std::string& line) {
  std::string footer = state_->app->get_footer();
  footer += (footer.empty() ? "\nExample:\n  " : "\n  ") + line;
  state_->app->footer(footer);
  return *this;
}

Command& Command::internal() {
  state_->app->group("");
  return *this;
}

Command& Command::action(std::function<int()> run) {
  state_->run = std::move(run);
  return *this;
}

Command& Command::subcommand(Command command) {
  state_->app->add_subcommand(command.state_->app);
  state_->subcommands.push_back(std::move(command.state_));
  return *this;
}

void begin_server_process(const std::string& name) {
  for (const int signal : {SIGHUP, SIGUSR1}) std::signal(signal, SIG_IGN);
  log::start(name);
}

int run_commands(std::vector<Command> commands, int argc, char** argv) {
  Command root("causeway", "Secure data exchange between organisations and countries, compatible with X-Road 7.8");
  root.state_->app->set_version_flag("--version", "causeway " CAUSEWAY_VERSION);
  for (auto& command : commands) root.subcommand(std::move(command));
  try {
    root.state_->app->parse(argc, argv);
    const auto* chosen = root.state_->chosen();
    if (!chosen->run) {
      std::cout << chosen->app->help();
      return kUsage;
    }
    return chosen->run();
  } catch (const CLI::ParseError& error) {
    return root.state_->app->exit(error) == 0 ? kOk : kUsage;
  } catch (const std::exception& error) {
    std::cerr << "causeway: " << error.what() << "\n";
    return kFailed;
  }
}

}  // namespace causeway::cli
