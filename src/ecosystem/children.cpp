// SPDX-License-Identifier: MIT
#include "ecosystem/children.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "domain/fault_code.hpp"

namespace causeway::ecosystem {
namespace {

using namespace std::chrono_literals;

std::string own_program() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "/proc/self/exe" : path.string();
}

// Only what may be called between fork and exec. Does not return.
[[noreturn]] void become(const char* program, char* const* arguments, pid_t parent, int log) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::_exit(127);  // it ended before the kernel knew
  // What this process blocks or ignores is no business of the child's.
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int signal : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGHUP}) ::signal(signal, SIG_DFL);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::execv(program, arguments);
  ::_exit(127);
}

std::string how_it_ended(int status) {
  return WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                             : fmt::format("exit code {}", WEXITSTATUS(status));
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<pid_t> direct_children(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code error;
  // A child stands in the list of the thread that started it.
  for (const auto& task : std::filesystem::directory_iterator(fmt::format("/proc/{}/task", pid), error)) {
    std::istringstream list(content_of(task.path() / "children"));
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

}  // namespace

Children::Children(std::string program) : program_(program.empty() ? own_program() : std::move(program)) {}
Children::~Children() { stop_all(); }

Result<pid_t> Children::start(const std::string& name, const std::vector<std::string>& arguments,
                              const std::filesystem::path& log) {
  std::error_code error;
  std::filesystem::create_directories(log.parent_path(), error);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
  if (file < 0)
    return fault(FaultCode::io_error, fmt::format("cannot write {}: {}", log.string(), std::strerror(errno)));

  std::vector<std::string> texts{"causeway"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);

  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(program_.c_str(), pointers.data(), parent, file);
  const int reason = errno;
  ::close(file);
  if (pid < 0) return fault(FaultCode::io_error, fmt::format("cannot start {}: {}", name, std::strerror(reason)));
  ::setpgid(pid, pid);  // by both, so that neither has to wait for the other
  running_.push_back({name, pid, log});
  return pid;
}

std::vector<Children::Ended> Children::reap() {
  std::vector<Ended> ended;
  std::erase_if(running_, [&ended](const Child& child) {
    int status = 0;
    if (::waitpid(child.pid, &status, WNOHANG) != child.pid) return false;
    ended.push_back({child, how_it_ended(status)});
    return true;
  });
  return ended;
}

void Children::stop_all(std::chrono::milliseconds grace) {
  for (auto child = running_.rbegin(); child != running_.rend(); ++child) ::kill(child->pid, SIGTERM);
  const auto until = std::chrono::steady_clock::now() + grace;
  while (!running_.empty() && std::chrono::steady_clock::now() < until) {
    (void)reap();
    if (!running_.empty()) std::this_thread::sleep_for(5ms);
  }
  for (const Child& child : running_) {
    // A supervisor's children may be in groups of their own.
    for (const pid_t pid : process_tree(child.pid)) ::kill(pid, SIGKILL);
    ::kill(-child.pid, SIGKILL);
    ::waitpid(child.pid, nullptr, 0);
  }
  running_.clear();
}

std::vector<pid_t> process_tree(pid_t pid) {
  std::vector<pid_t> tree{pid};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    for (const pid_t child : direct_children(tree[i])) tree.push_back(child);
  }
  return tree;
}

std::vector<NamedProcess> children_of(pid_t pid) {
  std::vector<NamedProcess> named;
  for (const pid_t child : direct_children(pid)) {
    std::istringstream line(content_of(fmt::format("/proc/{}/cmdline", child)));
    std::string word, name;
    std::getline(line, word, '\0');
    while (name.empty() && std::getline(line, word, '\0')) {
      if (!word.starts_with('-')) name = word;
    }
    named.push_back({name, child});
  }
  return named;
}

std::uint64_t proportional_memory(const std::vector<pid_t>& pids) {
  std::uint64_t total = 0;
  for (const pid_t pid : pids) {
    std::istringstream lines(content_of(fmt::format("/proc/{}/smaps_rollup", pid)));
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("Pss:")) continue;
      std::uint64_t kilobytes = 0;
      const auto digits = line.find_first_of("0123456789");
      if (digits != std::string::npos) std::from_chars(line.data() + digits, line.data() + line.size(), kilobytes);
      total += kilobytes * 1024;
    }
  }
  return total;
}

}  // namespace causeway::ecosystem
