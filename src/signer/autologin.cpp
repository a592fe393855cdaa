// SPDX-License-Identifier: MIT
#include "signer/autologin.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>

#include "base/files.hpp"
#include "domain/fault_code.hpp"

namespace causeway::signer {
namespace {

constexpr std::size_t kMaxText = 65536;
constexpr int kScriptGivesUp = 127;
constexpr std::chrono::seconds kScriptTime{10};
constexpr std::string_view kDefaultToken = "0";

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

// Ours or root's, and without the permissions of `forbidden`.
Result<void> check_owner(const std::filesystem::path& path, mode_t forbidden) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return fault(FaultCode::io_error, path.string() + ": " + std::strerror(errno));
  if (!S_ISREG(info.st_mode)) return fault(FaultCode::access_denied, path.string() + " is not a file");
  if (info.st_uid != ::geteuid() && info.st_uid != 0)
    return fault(FaultCode::access_denied, path.string() + " belongs to another user");
  if ((info.st_mode & forbidden) != 0)
    return fault(FaultCode::access_denied, path.string() + " is open to other users; its mode must be " +
                                               ((forbidden & S_IRGRP) != 0 ? "0600" : "0700 or 0755"));
  return {};
}

// The script's standard output, and its exit status; killed after kScriptTime.
struct ScriptRun {
  std::string output;
  int status = -1;
};

Result<std::string> read_output(int fd, std::chrono::steady_clock::time_point until) {
  std::string output;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    pollfd wait{fd, POLLIN, 0};
    if (left.count() <= 0 || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0) {
      if (left.count() > 0 && errno == EINTR) continue;
      wipe(output);
      return fault(FaultCode::io_error, "did not end in time");
    }
    char buffer[4096];
    const ssize_t count = ::read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return output;
    output.append(buffer, static_cast<std::size_t>(count));
    ::explicit_bzero(buffer, sizeof buffer);
    if (output.size() > kMaxText) {
      wipe(output);
      return fault(FaultCode::io_error, "wrote too much");
    }
  }
}

Result<ScriptRun> run_script(const std::filesystem::path& script) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fault(FaultCode::io_error, std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  const std::string path = script.string();
  char* arguments[] = {const_cast<char*>(path.c_str()), nullptr};
  pid_t child = -1;
  // The signals that the signer holds back, or ignored at its start, are nothing to the script.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int signal : {SIGHUP, SIGUSR1}) sigaddset(&usual, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  const int failed = ::posix_spawn(&child, path.c_str(), &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (failed != 0) {
    ::close(ends[0]);
    return fault(FaultCode::io_error, path + ": " + std::strerror(failed));
  }
  Result<std::string> output = read_output(ends[0], std::chrono::steady_clock::now() + kScriptTime);
  ::close(ends[0]);
  if (!output) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!output) return output.error().while_doing(path);
  return ScriptRun{*std::move(output), WIFEXITED(status) ? WEXITSTATUS(status) : -1};
}

Result<AutologinAnswer> answer_from(std::string text) {
  Result<std::vector<TokenPin>> pins = parse_pins(text);
  wipe(text);
  if (!pins) return pins.error();
  return AutologinAnswer{*std::move(pins), false};
}

Result<AutologinAnswer> ask_script(const std::filesystem::path& script) {
  if (auto safe = check_owner(script, S_IWGRP | S_IWOTH); !safe) return safe.error();
  Result<ScriptRun> run = run_script(script);
  if (!run) return run.error();
  if (run->status == kScriptGivesUp) return AutologinAnswer{{}, true};
  if (run->status != 0)
    return fault(FaultCode::io_error, script.string() + " ended with " + std::to_string(run->status));
  return answer_from(std::move(run->output));
}

}  // namespace

Result<std::vector<TokenPin>> parse_pins(std::string_view text) {
  const std::vector<std::string_view> lines = lines_of(text);
  std::vector<TokenPin> pins;
  if (lines.size() == 1) {
    pins.push_back({std::string(kDefaultToken), Secret(lines.front())});
    return pins;
  }
  for (const std::string_view line : lines) {
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos)
      return fault(FaultCode::invalid_request, "with several lines each must be tokenId:pin");
    pins.push_back({std::string(line.substr(0, colon)), Secret(line.substr(colon + 1))});
  }
  return pins;
}

Result<AutologinAnswer> fetch_pins(const AutologinOptions& options) {
  std::error_code ignored;
  if (!options.script.empty() && std::filesystem::exists(options.script, ignored)) return ask_script(options.script);
  if (options.file.empty() || !std::filesystem::exists(options.file, ignored)) return AutologinAnswer{{}, true};
  if (auto safe = check_owner(options.file, S_IRWXG | S_IRWXO); !safe) return safe.error();
  Result<std::string> text = read_file(options.file, kMaxText);
  if (!text) return text.error();
  return answer_from(*std::move(text));
}

}  // namespace causeway::signer
