// SPDX-License-Identifier: MIT
// The processes of an ecosystem: all of them children of this one, none of which
// outlives it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace causeway::ecosystem {

struct Child {
  std::string name;  // for people: "EE ss1"
  pid_t pid = -1;
  std::filesystem::path log;  // its standard output and error
};

// Used by one thread: the kernel ends a child when the thread that started it ends.
class Children {
 public:
  // `program`: empty for this one.
  explicit Children(std::string program = {});
  ~Children();  // stop_all()
  Children(const Children&) = delete;
  Children& operator=(const Children&) = delete;

  // Runs the program with `arguments`, in a process group of its own, so that
  // Ctrl-C in the terminal reaches only this process, which then stops all in order.
  // `log` is appended to. io_error.
  Result<pid_t> start(const std::string& name, const std::vector<std::string>& arguments,
                      const std::filesystem::path& log);

  // Children that ended by themselves since the last call, with what became of them.
  struct Ended {
    Child child;
    std::string how;  // "exit code 1", "signal 9"
  };
  std::vector<Ended> reap();

  const std::vector<Child>& running() const { return running_; }

  // SIGTERM to all, last started first; SIGKILL to the group of whoever is still there
  // after `grace`. Returns when none is left.
  void stop_all(std::chrono::milliseconds grace = std::chrono::seconds{10});

 private:
  std::string program_;
  std::vector<Child> running_;
};

// Processes below `pid`, itself included, by /proc: parents before children.
std::vector<pid_t> process_tree(pid_t pid);
// The first word after the program's name on its command line that is no option, of each
// direct child: {"proxy", 1234}.
struct NamedProcess {
  std::string name;
  pid_t pid;
};
std::vector<NamedProcess> children_of(pid_t pid);
// Proportional set size of these processes together, in octets: shared pages count once.
std::uint64_t proportional_memory(const std::vector<pid_t>& pids);

}  // namespace causeway::ecosystem
