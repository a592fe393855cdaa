// SPDX-License-Identifier: MIT
#include "centralserver/registry/conditions.hpp"

#include <bit>

#include "base/utf8.hpp"

namespace causeway::centralserver {
namespace {

// In fields nothing is a control character; in the text of all of them a line end stands between.
bool can_be_in_a_field(std::string_view text) {
  return is_database_text(text) && text.find('\n') == std::string_view::npos;
}

std::string pattern(std::string_view text) {
  std::string out = "%";
  for (const char c : lower_case(text)) {
    if (c == '\\' || c == '%' || c == '_') out += '\\';
    out += c;
  }
  return out + "%";
}

}  // namespace

bool Conditions::is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == text.npos; }

bool Conditions::is_in(std::string_view text, std::string_view lower_case_text) {
  return can_be_in_a_field(text) && lower_case_text.find(lower_case(text)) != lower_case_text.npos;
}

void Conditions::add(std::string_view sql) {
  if (!sql_.empty()) sql_ += " AND ";
  sql_ += sql;
}

std::string Conditions::placeholder(Value value) {
  values_.push_back(std::move(value));
  return "$" + std::to_string(values_.size());
}

void Conditions::add(std::string_view sql, Value value) {
  const auto mark = sql.find('$');
  if (const auto* const text = std::get_if<std::string>(&value); text && !is_database_text(*text)) return none();
  add(std::string(sql.substr(0, mark)) + placeholder(std::move(value)) + std::string(sql.substr(mark + 1)));
}

void Conditions::contains(std::initializer_list<std::string_view> columns, std::string_view text,
                          std::string_view otherwise) {
  if (is_blank(text)) return;
  if (!can_be_in_a_field(text)) return none();
  const std::string wanted = placeholder(engine_ == store::Engine::postgres ? lower_case(text) : pattern(text));
  std::string any(otherwise);
  for (const std::string_view column : columns) any += (any.empty() ? "" : " OR ") + has_in_it(column, wanted);
  add("(" + any + ")");
}

// PostgreSQL takes half as long again for LIKE, and believes that next to nothing is like a text.
std::string Conditions::has_in_it(std::string_view column, std::string_view wanted) const {
  const std::string of(column), text(wanted);
  return engine_ == store::Engine::postgres ? "STRPOS(" + of + ", " + text + ") > 0"
                                            : of + " LIKE " + text + " ESCAPE '\\'";
}

void Conditions::any_of(std::string_view column, const std::vector<std::string>& values) {
  if (values.empty()) return;
  std::vector<std::string> known;
  for (const std::string& each : values)
    if (is_database_text(each)) known.push_back(each);
  if (known.empty()) return none();
  // A power of two of them: every number is a statement that is kept.
  known.resize(std::bit_ceil(known.size()), known.back());
  std::string list;
  for (std::string& each : known) list += (list.empty() ? "" : ", ") + placeholder(std::move(each));
  add(std::string(column) + " IN (" + list + ")");
}

std::vector<store::Parameter> Conditions::values() const {
  std::vector<store::Parameter> out;
  for (const Value& value : values_)
    out.push_back(std::visit([](const auto& each) { return store::Parameter(each); }, value));
  return out;
}

std::string Conditions::limit() const {
  const auto number = [&](std::size_t place) { return "$" + std::to_string(values_.size() + place); };
  return " LIMIT " + number(1) + " OFFSET " + number(2);
}

std::vector<store::Parameter> Conditions::paged_values(const Paging& paging) const {
  auto all = values();
  all.emplace_back(paging.limit);
  all.emplace_back(paging.rows_before());
  return all;
}

Result<std::int64_t> count_of(store::Database& database, std::string_view from, const Conditions& conditions) {
  auto counts = read_bound_rows(database, "SELECT COUNT(*) FROM " + std::string(from) + conditions.where(),
                                read_integer, conditions.values());
  if (!counts) return counts.error();
  return counts->front();
}

}  // namespace causeway::centralserver
