// SPDX-License-Identifier: MIT
// A PostgreSQL server of a test's own: a new data directory, a Unix socket in it and no
// other address, gone when the test program ends.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "support/temporary_directory.hpp"

namespace causeway::testing {

// What fails here ends the test program: scripts/setup installs what is needed.
class PostgresServer {
 public:
  // The one of this test program, started when it is first asked for.
  static PostgresServer& shared();

  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // The connection string of a new, empty database.
  std::string new_database();
  const std::filesystem::path& socket_directory() const { return directory_.path(); }

  void start();
  void stop();  // ends all connections
  // The server takes no new connections, and does not refuse them either.
  void freeze();
  void thaw();

 private:
  std::string data() const { return directory_ / "data"; }

  TemporaryDirectory directory_;
  pid_t process_ = 0;  // 0: not running
  int databases_ = 0;
};

}  // namespace causeway::testing
