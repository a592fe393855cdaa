// SPDX-License-Identifier: MIT
// Statements that are asked once, and their rows as values. For this library and requests/ only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/utf8.hpp"
#include "store/database.hpp"

namespace causeway::centralserver {

// PostgreSQL takes neither octets that are not UTF-8 nor NUL as text.
inline bool is_database_text(std::string_view text) {
  return text.find('\0') == std::string_view::npos && is_utf8(text);
}

template <class Argument>
bool may_stand_in_a_row(const Argument& argument) {
  if constexpr (std::is_convertible_v<const Argument&, std::string_view>)
    return is_database_text(argument);
  else
    return true;
}

// `read` makes a Result of the row that stands ready.
template <class Read>
auto read_bound_rows(store::Database& database, std::string_view sql, Read read,
                     std::span<const store::Parameter> parameters)
    -> Result<std::vector<typename std::invoke_result_t<Read, const store::Statement&>::Value>> {
  std::vector<typename std::invoke_result_t<Read, const store::Statement&>::Value> rows;
  auto statement = database.prepare(sql);
  if (!statement) return statement.error();
  if (auto bound = (*statement)->bind(parameters); !bound) return bound.error();
  for (;;) {
    auto ready = (*statement)->next();
    if (!ready) return ready.error();
    if (!*ready) return rows;
    auto row = read(**statement);
    if (!row) return row.error();
    rows.push_back(*std::move(row));
  }
}

template <class Read, class... Arguments>
auto read_rows(store::Database& database, std::string_view sql, Read read, const Arguments&... arguments) {
  const std::array<store::Parameter, sizeof...(Arguments)> parameters{store::Parameter(arguments)...};
  return read_bound_rows(database, sql, std::move(read), parameters);
}

// The first row of a SELECT, if there is one. Texts come from requests: what no database takes
// as text stands in no row, and is no fault of the database.
template <class Read, class... Arguments>
auto read_row(store::Database& database, std::string_view sql, Read read, const Arguments&... arguments)
    -> Result<std::optional<typename std::invoke_result_t<Read, const store::Statement&>::Value>> {
  using Row = std::optional<typename std::invoke_result_t<Read, const store::Statement&>::Value>;
  if (!(... && may_stand_in_a_row(arguments))) return Row();
  auto rows = read_rows(database, sql, std::move(read), arguments...);
  if (!rows) return rows.error();
  return rows->empty() ? Row() : Row(std::move(rows->front()));
}

template <class... Arguments>
Result<void> run(store::Database& database, std::string_view sql, const Arguments&... arguments) {
  auto statement = database.prepare(sql);
  if (!statement) return statement.error();
  return (*statement)->run(arguments...);
}

inline Result<std::int64_t> read_integer(const store::Statement& row) { return row.integer(0); }
inline Result<std::string> read_text(const store::Statement& row) { return std::string(row.text(0)); }

// For an INSERT that ends in RETURNING id; 0 when nothing was inserted.
template <class... Arguments>
Result<std::int64_t> insert(store::Database& database, std::string_view sql, const Arguments&... arguments) {
  auto ids = read_rows(database, sql, read_integer, arguments...);
  if (!ids) return ids.error();
  return ids->empty() ? 0 : ids->front();
}

// Whether there is a row at all.
template <class... Arguments>
Result<bool> exists(store::Database& database, std::string_view sql, const Arguments&... arguments) {
  auto row = read_row(database, sql, read_integer, arguments...);
  if (!row) return row.error();
  return row->has_value();
}

inline Bytes octets_of(const store::Statement& row, int column) {
  const ByteView view = row.octets(column);
  return {view.begin(), view.end()};
}
inline std::optional<std::string> optional_text(const store::Statement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return std::string(row.text(column));
}
inline store::Parameter nullable(const std::optional<std::string>& text) {
  return text ? store::Parameter(*text) : store::Parameter(nullptr);
}
inline store::Parameter nullable(const std::optional<Bytes>& octets) {
  return octets ? store::Parameter(*octets) : store::Parameter(nullptr);
}

}  // namespace causeway::centralserver
