// SPDX-License-Identifier: MIT
#include "support/postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <vector>

namespace causeway::testing {
namespace {

using Arguments = std::vector<std::string>;
constexpr std::chrono::seconds kPatience{120};

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL for the tests: %s (scripts/setup installs it)\n", why.c_str());
  std::abort();
}

// PostgreSQL does not run as root.
const passwd* unprivileged_user() {
  if (::geteuid() != 0) return nullptr;
  for (const char* name : {"postgres", "nobody"})
    if (const passwd* user = ::getpwnam(name)) return user;
  give_up("no user to run it as");
}

std::filesystem::path programs() {
  std::filesystem::path newest;
  int version = 0;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib/postgresql", absent)) {
    const int its_version = std::atoi(entry.path().filename().c_str());
    if (its_version > version && std::filesystem::exists(entry.path() / "bin/initdb")) {
      version = its_version;
      newest = entry.path() / "bin";
    }
  }
  if (newest.empty()) give_up("no server in /usr/lib/postgresql");
  return newest;
}

pid_t run(const std::string& program, Arguments arguments, const std::string& log) {
  arguments.insert(arguments.begin(), programs() / program);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const passwd* const user = unprivileged_user();
  const pid_t parent = ::getpid(), child = ::fork();
  if (child < 0) give_up("cannot fork");
  if (child > 0) return child;
  if (user && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
    ::_exit(126);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // it does not outlive a test that is killed
  if (::getppid() != parent) ::_exit(126);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(file, 1);
  ::dup2(file, 2);
  if (::chdir("/") != 0) ::_exit(126);
  ::execv(pointers[0], pointers.data());
  ::_exit(127);
}

void run_to_the_end(const std::string& program, const Arguments& arguments, const std::string& log) {
  int status = 0;
  if (::waitpid(run(program, arguments, log), &status, 0) < 0 || status != 0) {
    std::ifstream words(log);
    std::fprintf(stderr, "%s\n", std::string(std::istreambuf_iterator<char>(words), {}).c_str());
    give_up(program + " failed");
  }
}

}  // namespace

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

PostgresServer::PostgresServer() {
  if (const passwd* user = unprivileged_user())
    if (::chown(directory_.path().c_str(), user->pw_uid, user->pw_gid) != 0) give_up("cannot chown");
  run_to_the_end("initdb",
                 {"-D", data(), "-U", "causeway", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"},
                 directory_ / "initdb.log");
  start();
}

PostgresServer::~PostgresServer() {
  if (process_ != 0) stop();
}

void PostgresServer::start() {
  process_ = run("postgres",
                 {"-D", data(), "-k", directory_.path(), "-c", "listen_addresses=", "-c", "fsync=off", "-c",
                  "shared_buffers=16MB", "-c", "max_wal_size=64MB"},
                 directory_ / "server.log");
  const auto until = std::chrono::steady_clock::now() + kPatience;
  // The last line of this file says so.
  for (std::string line, last;; last.clear()) {
    std::ifstream state(data() + "/postmaster.pid");
    while (std::getline(state, line)) last = line;
    if (last.starts_with("ready")) return;
    if (::waitpid(process_, nullptr, WNOHANG) != 0) give_up("the server ended at once");
    if (std::chrono::steady_clock::now() > until) give_up("the server does not become ready");
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

void PostgresServer::stop() {
  ::kill(process_, SIGINT);  // "fast": does not wait for connections
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

void PostgresServer::freeze() { ::kill(process_, SIGSTOP); }
void PostgresServer::thaw() { ::kill(process_, SIGCONT); }

std::string PostgresServer::new_database() {
  const std::string name = "test_" + std::to_string(++databases_);
  run_to_the_end("createdb", {"-h", directory_.path(), "-U", "causeway", name}, directory_ / "createdb.log");
  return "host=" + directory_.path().string() + " user=causeway dbname=" + name;
}

}  // namespace causeway::testing
