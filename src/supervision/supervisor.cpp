// SPDX-License-Identifier: MIT
#include "supervision/supervisor.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"

namespace causeway::supervision {
namespace {

using Clock = std::chrono::steady_clock;

// Between looks; a child's end is told by a signal at once.
constexpr std::chrono::milliseconds kTick{20}, kQuietTick{1000};

Fault system_fault(std::string_view doing) {
  return fault(FaultCode::io_error, std::string(doing) + ": " + std::strerror(errno));
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return "signal " + std::to_string(WTERMSIG(status));
  return "exit code " + std::to_string(WEXITSTATUS(status));
}

// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(const char* program, char* const* arguments, pid_t parent) {
  // The death of the supervisor, however it comes, ends its children.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(1);
  // Ctrl-C in a terminal reaches the supervisor alone, which then stops all in order.
  ::setpgid(0, 0);
  // Until it heeds them: by default either would end it. What they ask for is done at every start.
  for (const int signal : {SIGHUP, SIGUSR1}) ::signal(signal, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execv(program, arguments);
  ::_exit(127);
}

Result<pid_t> start(const std::string& program, const SupervisedProcess& service) {
  std::vector<std::string> words{"causeway"};
  words.insert(words.end(), service.arguments.begin(), service.arguments.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(program.c_str(), arguments.data(), parent);
  if (pid < 0) return system_fault("fork");
  return pid;
}

// Signals that are waited for instead of interrupting.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&set_, signal);
    // SIGUSR1 is of no use here, but must not end a child before it ignores it.
    sigset_t held = set_;
    sigaddset(&held, SIGUSR1);
    ::sigprocmask(SIG_BLOCK, &held, &earlier_);
  }
  ~Signals() { ::sigprocmask(SIG_SETMASK, &earlier_, nullptr); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int wait(std::chrono::milliseconds time) const {
    const timespec limit{static_cast<time_t>(time.count() / 1000), static_cast<long>(time.count() % 1000 * 1'000'000)};
    const int signal = ::sigtimedwait(&set_, nullptr, &limit);
    return signal > 0 ? signal : 0;
  }

 private:
  sigset_t set_{}, earlier_{};
};

struct Process {
  const SupervisedProcess* service;
  pid_t pid = -1;
  bool ready = false;
  Clock::time_point started{}, due{};  // due: when to start it, if it does not run
  std::chrono::milliseconds pause{0};
};

class Supervisor {
 public:
  Supervisor(const std::vector<SupervisedProcess>& services, const SupervisorOptions& options) : options_(options) {
    for (const SupervisedProcess& service : services) processes_.push_back({.service = &service});
  }

  SupervisionEnd run() {
    const Signals signals;
    for (int signal = 0; signal != SIGTERM && signal != SIGINT;
         signal = signals.wait(all_ready() ? kQuietTick : kTick)) {
      if (options_.ends_itself && options_.ends_itself()) {
        end_ = SupervisionEnd::itself;
        break;
      }
      if (signal == SIGHUP) send_all(SIGHUP);
      reap();
      start_due();
      look_for_readiness();
      write_pids();
    }
    log::info("stopping");
    stop(signals);
    write_pids();
    return end_;
  }

 private:
  void start_due() {
    for (Process& process : processes_) {
      if (process.pid > 0 || Clock::now() < process.due) continue;
      Result<pid_t> pid = start(options_.program, *process.service);
      if (!pid) {
        log::error("{}: {}", process.service->name, pid.error().text);
        process.due = Clock::now() + options_.longest_pause;
        continue;
      }
      process.pid = *pid;
      process.started = Clock::now();
      process.ready = !process.service->ready;
    }
  }

  void reap() {
    int status = 0;
    for (pid_t pid = ::waitpid(-1, &status, WNOHANG); pid > 0; pid = ::waitpid(-1, &status, WNOHANG)) {
      const auto process = std::ranges::find(processes_, pid, &Process::pid);
      if (process == processes_.end()) continue;
      process->pid = -1;
      process->ready = false;
      const bool settled = Clock::now() - process->started >= options_.settled;
      process->pause =
          settled ? options_.first_pause : std::clamp(process->pause * 2, options_.first_pause, options_.longest_pause);
      process->due = Clock::now() + process->pause;
      if (!stopping_)
        log::error("{} ended with {}; it is started again in {} ms", process->service->name, how_it_ended(status),
                   process->pause.count());
    }
  }

  void look_for_readiness() {
    for (Process& process : processes_)
      if (process.pid > 0 && !process.ready && process.service->ready()) process.ready = true;
  }

  bool all_ready() const {
    return std::ranges::all_of(processes_, [](const Process& process) { return process.pid > 0 && process.ready; });
  }

  void send_all(int signal) const {
    for (const Process& process : processes_)
      if (process.pid > 0) ::kill(process.pid, signal);
  }

  // One after the other, the last first: who is stopped may still need the ones before.
  void stop(const Signals& signals) {
    stopping_ = true;
    const auto until = Clock::now() + options_.stop_grace;
    for (auto process = processes_.rbegin(); process != processes_.rend(); ++process) {
      if (process->pid > 0) ::kill(process->pid, SIGTERM);
      while (process->pid > 0 && Clock::now() < until) {
        wait_stopping(signals);
        reap();
      }
    }
    send_all(SIGKILL);
    while (std::ranges::any_of(processes_, [](const Process& process) { return process.pid > 0; })) {
      wait_stopping(signals);
      reap();
    }
  }

  // Whoever wants it stopped wants more than that it ends by itself.
  void wait_stopping(const Signals& signals) {
    const int signal = signals.wait(kTick);
    if (signal == SIGTERM || signal == SIGINT) end_ = SupervisionEnd::signal;
  }

  void write_pids() {
    boost::json::object pids{{"supervisor", ::getpid()}, {"ready", all_ready()}};
    for (const Process& process : processes_)
      pids[process.service->name] = process.pid > 0 ? boost::json::value(process.pid) : boost::json::value(nullptr);
    std::string text = boost::json::serialize(pids) + "\n";
    if (text == written_) return;
    if (auto done = write_file_atomically(options_.run_directory / "pids.json", text); !done)
      log::error("{}", done.error().text);
    if (all_ready() && !was_ready_) log::info("ready");
    was_ready_ = all_ready();
    written_ = std::move(text);
  }

  const SupervisorOptions& options_;
  std::vector<Process> processes_;
  std::string written_;
  bool stopping_ = false, was_ready_ = false;
  SupervisionEnd end_ = SupervisionEnd::signal;
};

}  // namespace

Result<SupervisionEnd> supervise(const std::vector<SupervisedProcess>& services, const SupervisorOptions& options) {
  if (auto made = make_directories(options.run_directory); !made) return made.error();
  std::error_code error;
  std::filesystem::permissions(options.run_directory, std::filesystem::perms::owner_all, error);
  if (error) return fault(FaultCode::io_error, options.run_directory.string() + ": " + error.message());
  const int lock = ::open(options.run_directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (lock < 0) return system_fault(options.run_directory.string());
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return fault(FaultCode::io_error, "another server runs in " + options.run_directory.string());
  }
  const SupervisionEnd end = Supervisor(services, options).run();
  ::close(lock);
  return end;
}

}  // namespace causeway::supervision
