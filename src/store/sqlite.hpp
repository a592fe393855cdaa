// SPDX-License-Identifier: MIT
// SQLite as the engine of a Database: one file, write-ahead log, nothing to install.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "store/database.hpp"

namespace causeway::store {

struct SqliteOptions {
  bool read_only = false;
  // True: COMMIT returns when the data is on disk. False: a power cut may lose the last
  // transactions, never the consistency of the file.
  bool durable = true;
  // How long to wait for another connection's write lock.
  std::chrono::milliseconds busy_timeout{5000};
};

// Creates the file (mode 0600) unless read_only. ":memory:" is a database of its own.
Result<std::unique_ptr<Database>> open_sqlite(const std::string& path, SqliteOptions options = {});

}  // namespace causeway::store
