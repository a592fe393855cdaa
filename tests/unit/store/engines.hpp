// SPDX-License-Identifier: MIT
// The same tests on both engines: each case has a database of its own.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "store/postgres.hpp"
#include "store/sqlite.hpp"
#include "support/postgres_server.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::testing {

class EngineTest : public ::testing::TestWithParam<store::Engine> {
 protected:
  EngineTest() {
    if (GetParam() == store::Engine::postgres) connection_ = PostgresServer::shared().new_database();
  }

  // Another connection to the database of this case.
  std::unique_ptr<store::Database> open() { return opened(false); }
  std::unique_ptr<store::Database> open_to_read() { return opened(true); }

  static std::int64_t count(store::Database& database, const std::string& table) {
    auto select = database.prepare("SELECT COUNT(*) FROM " + table);
    if (!select || !(*select)->start().ok() || !(*select)->next().ok()) return -1;
    return (*select)->integer(0);
  }

 private:
  std::unique_ptr<store::Database> opened(bool read_only) {
    auto database = GetParam() == store::Engine::postgres
                        ? store::open_postgres(connection_, {.schema = "tests", .read_only = read_only})
                        : store::open_sqlite(directory_ / "x.db", {.read_only = read_only});
    EXPECT_TRUE(database.ok()) << (database.ok() ? "" : database.error().text);
    return database.ok() ? *std::move(database) : nullptr;
  }

  TemporaryDirectory directory_;
  std::string connection_;
};

inline std::string name_of(store::Engine engine) { return engine == store::Engine::postgres ? "PostgreSQL" : "SQLite"; }

}  // namespace causeway::testing

#define CAUSEWAY_ON_BOTH_ENGINES(Fixture)                                                                         \
  INSTANTIATE_TEST_SUITE_P(Engines, Fixture,                                                                      \
                           ::testing::Values(causeway::store::Engine::sqlite, causeway::store::Engine::postgres), \
                           [](const auto& engine) { return causeway::testing::name_of(engine.param); })
