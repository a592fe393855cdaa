// SPDX-License-Identifier: MIT
// What the rows have to be that somebody looks for: a WHERE that is put together, with its
// parameters. For this library only.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "centralserver/registry/paging.hpp"
#include "centralserver/registry/query.hpp"

namespace causeway::centralserver {

class Conditions {
 public:
  using Value = std::variant<std::int64_t, std::string>;

  // Of a statement to this engine.
  explicit Conditions(store::Engine engine) : engine_(engine) {}

  void add(std::string_view sql);
  // "$" in `sql` stands for the value; there is one.
  void add(std::string_view sql, Value value);
  // Nothing is found.
  void none() { add("1 = 0"); }
  // One of the columns, which are in lower case, has the text somewhere, in whatever case; or
  // `otherwise` holds. Of a blank text nothing is asked.
  void contains(std::initializer_list<std::string_view> columns, std::string_view text,
                std::string_view otherwise = {});
  // One of the values; none of them: all are.
  void any_of(std::string_view column, const std::vector<std::string>& values);

  bool empty() const { return sql_.empty(); }
  std::string where() const { return sql_.empty() ? "" : " WHERE " + sql_; }
  // Behind ORDER BY, of a page whose parameters follow the others: paged_values().
  std::string limit() const;
  // They live as long as this and nothing is added.
  std::vector<store::Parameter> values() const;
  std::vector<store::Parameter> paged_values(const Paging& paging) const;

  // Of a text that a person looks for: whether it says nothing; whether `lower_case_text` has it.
  static bool is_blank(std::string_view text);
  static bool is_in(std::string_view text, std::string_view lower_case_text);

 private:
  std::string placeholder(Value value);
  // Whether a column has the text; the text is a parameter.
  std::string has_in_it(std::string_view column, std::string_view wanted) const;

  store::Engine engine_;
  std::string sql_;
  std::vector<Value> values_;
};

// How many rows `from` has of those.
Result<std::int64_t> count_of(store::Database& database, std::string_view from, const Conditions& conditions);

}  // namespace causeway::centralserver
