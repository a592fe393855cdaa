// SPDX-License-Identifier: MIT
#include "supervision/child_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "domain/fault_code.hpp"

extern char** environ;

namespace causeway::supervision {
namespace {

constexpr std::size_t kWords = 2000;  // octets kept of what a program says
constexpr int kLookMillis = 100;

void close_file(int& file) {
  if (file >= 0) ::close(std::exchange(file, -1));
}

}  // namespace

Result<ChildProgram> ChildProgram::start(const std::vector<std::string>& arguments, std::chrono::seconds time,
                                         std::function<bool()> keep_going) {
  ChildProgram program(arguments.front(), Clock::now() + time, std::move(keep_going));
  int input[2], words[2];
  if (::pipe2(input, O_CLOEXEC) != 0) return program.failed(std::strerror(errno));
  program.input_ = input[1];
  if (::pipe2(words, O_CLOEXEC) != 0) {
    ::close(input[0]);
    return program.failed(std::strerror(errno));
  }
  program.words_from_ = words[0];
  ::fcntl(program.input_, F_SETFL, O_NONBLOCK);
  ::fcntl(program.words_from_, F_SETFL, O_NONBLOCK);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, words[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, words[1], STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  sigemptyset(&none);
  sigemptyset(&usual);
  for (const int signal : {SIGPIPE, SIGHUP, SIGUSR1, SIGINT, SIGTERM}) sigaddset(&usual, signal);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> list;
  for (const std::string& argument : arguments) list.push_back(const_cast<char*>(argument.c_str()));
  list.push_back(nullptr);
  const int error = ::posix_spawn(&program.child_, list.front(), &actions, &attributes, list.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(input[0]);
  ::close(words[1]);
  if (error != 0) {
    program.child_ = -1;
    return program.failed(std::strerror(error));
  }
  return program;
}

ChildProgram::ChildProgram(ChildProgram&& other) noexcept
    : name_(std::move(other.name_)),
      until_(other.until_),
      keep_going_(std::move(other.keep_going_)),
      child_(std::exchange(other.child_, -1)),
      input_(std::exchange(other.input_, -1)),
      words_from_(std::exchange(other.words_from_, -1)),
      words_(std::move(other.words_)) {}

ChildProgram::~ChildProgram() {
  close_file(input_);
  close_file(words_from_);
  if (child_ <= 0) return;
  ::kill(-child_, SIGKILL);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Fault ChildProgram::failed(const std::string& how) const {
  return fault(FaultCode::io_error, name_ + ": " + how + (words_.empty() ? "" : ": " + words_));
}

void ChildProgram::take_words() {
  char buffer[1024];
  for (;;) {
    const ssize_t count = ::read(words_from_, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count == 0) close_file(words_from_);  // else it would be ready for ever
    if (count <= 0) break;
    words_.append(buffer, static_cast<std::size_t>(count));
    if (words_.size() > kWords) words_.erase(0, words_.size() - kWords);
  }
}

Result<void> ChildProgram::write(ByteView octets) {
  // SIGPIPE is ignored in all of this program: a child that has ended is EPIPE.
  while (!octets.empty()) {
    const ssize_t count = ::write(input_, octets.data(), octets.size());
    if (count >= 0) {
      octets = octets.subspan(static_cast<std::size_t>(count));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) {
      take_words();
      return failed("takes no more");
    }
    if (Clock::now() > until_) return failed("takes too long");
    if (!keep_going_()) return failed("was given up");
    pollfd ready[] = {{input_, POLLOUT, 0}, {words_from_, POLLIN, 0}};
    ::poll(ready, 2, kLookMillis);
    take_words();
  }
  return {};
}

Result<void> ChildProgram::wait() {
  close_file(input_);
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(child_, &status, WNOHANG);
    if (ended == child_) break;
    if (ended < 0 && errno != EINTR) return failed(std::strerror(errno));
    if (Clock::now() > until_) return failed("did not end in time");
    if (!keep_going_()) return failed("was given up");
    pollfd ready{words_from_, POLLIN, 0};
    ::poll(&ready, 1, kLookMillis);
    take_words();
  }
  take_words();
  ::kill(-child_, SIGKILL);  // what it may have left behind
  child_ = -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return failed("ended with " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status)));
}

}  // namespace causeway::supervision
