// SPDX-License-Identifier: MIT
// The tables of the registry as the database describes them, for dumps.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/database.hpp"

namespace causeway::centralserver {

struct RegistryTable {
  std::string_view name;
  std::string_view order;    // of rows, so that a row comes after those of its table that it refers to
  bool is_numbered = false;  // has an id that the database gives out
};

// All of them; each after those it refers to.
std::span<const RegistryTable> registry_tables();
const RegistryTable* registry_table(std::string_view name);

enum class ColumnKind { number, text, octets };
struct RegistryColumn {
  std::string name;
  ColumnKind kind;
};
// None: there is no such table.
Result<std::vector<RegistryColumn>> columns_of(store::Database& database, const RegistryTable& table);

// The highest id that was given out, of a row that may be gone; no id is given twice.
Result<std::int64_t> last_number(store::Database& database, const RegistryTable& table);
Result<void> set_last_number(store::Database& database, const RegistryTable& table, std::int64_t number);

}  // namespace causeway::centralserver
