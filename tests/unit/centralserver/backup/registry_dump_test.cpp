// SPDX-License-Identifier: MIT
#include "centralserver/backup/registry_dump.hpp"

#include <sstream>

#include "centralserver/backup/registry_tables.hpp"
#include "centralserver/registry/configuration_parts.hpp"
#include "centralserver/registry/query.hpp"
#include "globalconf/optional_parts.hpp"
#include "store/sqlite.hpp"
#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

std::string dump_of(const Registry& registry) {
  std::string text;
  const auto done = dump_registry(registry, [&](std::string_view line) -> Result<void> {
    text += line;
    return {};
  });
  EXPECT_TRUE(done) << done.error().text;
  return text;
}

Result<void> load(store::Database& database, const std::string& text) {
  std::istringstream in(text);
  return load_registry(database, [&in]() -> Result<std::optional<std::string>> {
    std::string line;
    if (!std::getline(in, line)) return std::optional<std::string>();
    return std::optional(line);
  });
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

class RegistryDumpTest : public RegistryTest {
 protected:
  void fill_all() {
    fill();
    ASSERT_EQ(in_change([](Change& change) { return add_member_class(change, {"NGO", "Gone"}); }), kDone);
    ASSERT_EQ(in_change([](Change& change) { return delete_member_class(change, "NGO"); }), kDone);
    ASSERT_TRUE(run(registry.database(),
                    "INSERT INTO trusted_anchor (instance, hash, document, created) VALUES ('FI', 'x', $1, 5)",
                    Bytes{0, 1, 255}));
  }
};
CAUSEWAY_ON_BOTH_ENGINES(RegistryDumpTest);

TEST_P(RegistryDumpTest, EveryTableIsNamed) {
  auto names = read_rows(
      registry.database(),
      registry.database().engine() == store::Engine::sqlite
          ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
          : "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()",
      read_text);
  ASSERT_TRUE(names) << names.error().text;
  EXPECT_EQ(names->size(), registry_tables().size() + 1);
  for (const std::string& name : *names)
    EXPECT_TRUE(name == "schema_migration" || registry_table(name) != nullptr) << name << " would not be backed up";
}

// A dump of either engine, loaded into either, dumps as it was.
TEST_P(RegistryDumpTest, ComesBackInEitherEngine) {
  fill_all();
  const std::string before = dump_of(registry);
  auto other = Registry::open(*store::open_sqlite(":memory:"));
  ASSERT_TRUE(other);
  const auto loaded = load(other->database(), before);
  ASSERT_TRUE(loaded) << loaded.error().text;
  EXPECT_EQ(dump_of(*other), before);
  // And back, over what was changed meanwhile.
  ASSERT_EQ(in_change([](Change& change) { return add_member(change, client_id("DEV/GOV/300"), "Later"); }), kDone);
  EXPECT_NE(dump_of(registry), before);
  const auto again = load(registry.database(), dump_of(*other));
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(dump_of(registry), before);
  // A number is not given twice, also where its row had gone before.
  auto change = Change::begin(registry, "admin");
  ASSERT_TRUE(change && add_member_class(*change, {"EDU", "Schools"}) && change->commit());
  auto id = read_row(registry.database(), "SELECT id FROM member_class WHERE code = 'EDU'", read_integer);
  EXPECT_EQ(**id, 4);
}

TEST_P(RegistryDumpTest, OfAnOlderProgramIsBroughtUpToDate) {
  fill_all();
  std::string old = replaced(dump_of(registry), R"("schema":6)", R"("schema":4)");
  const auto begin = old.find(R"({"table":"client_search")"), end = old.find(R"({"rows")");
  const auto rows = static_cast<std::int64_t>(std::count(old.begin() + static_cast<std::ptrdiff_t>(begin),
                                                         old.begin() + static_cast<std::ptrdiff_t>(end), '\n')) -
                    1;
  const std::int64_t all = std::stoll(old.substr(end + 8));
  old = old.substr(0, begin) + R"({"rows":)" + std::to_string(all - rows) + "}\n";
  const auto loaded = load(registry.database(), old);
  ASSERT_TRUE(loaded) << loaded.error().text;
  EXPECT_EQ(count(registry.database(), "client_search"), rows);
  // Before management requests were in the orders of their lists.
  EXPECT_TRUE(load(registry.database(), replaced(dump_of(registry), R"("schema":6)", R"("schema":5)")));
  EXPECT_EQ(count(registry.database(), "client_search"), rows);
}

TEST_P(RegistryDumpTest, WhatIsWrongChangesNothing) {
  fill_all();
  const std::string good = dump_of(registry);
  const auto rows = good.find(R"({"rows")");
  for (const std::string& bad : {std::string(),
                                 std::string("[]\n"),
                                 std::string("{}\n"),
                                 std::string("{\"format\":\"x\",\"schema\":1}\n"),
                                 replaced(good, R"("schema":6)", R"("schema":7)"),
                                 replaced(good, R"("schema":6)", R"("schema":0)"),
                                 replaced(good, R"("schema":6)", R"("schema":1)"),
                                 good.substr(0, rows),
                                 good.substr(0, rows + 3),
                                 good + "{}\n",
                                 good.substr(0, rows) + "{\"rows\":1}\n",
                                 replaced(good, "\"member_class\"", "\"sqlite_master\""),
                                 replaced(good, "\"member_class\"", "\"client\""),
                                 replaced(good, "\"description\"", "\"1; DROP\""),
                                 replaced(good, "\"GOV\"", "17"),
                                 replaced(good, "\"GOV\"", "\"COM\""),
                                 replaced(good, "\"GOV\"", "null"),
                                 replaced(good, "\"GOV\"", "\"a\\u0000b\""),
                                 replaced(good, "\"AAH/\"", "\"?\""),
                                 replaced(good, "[1,\"GOV\"", "[[[[[[1]]]]],\"GOV\""),
                                 replaced(good, "[1,\"GOV\",", "[1,"),
                                 replaced(good, R"({"table":"member_class")", R"({"tables":"member_class")")}) {
    const auto loaded = load(registry.database(), bad);
    ASSERT_FALSE(loaded) << bad.substr(0, 200);
    EXPECT_EQ(loaded.error().code, "invalid_archive") << loaded.error().text;
    EXPECT_EQ(dump_of(registry), good);
  }
}

}  // namespace
}  // namespace causeway::centralserver
