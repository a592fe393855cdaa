// SPDX-License-Identifier: MIT
#include "centralserver/backup/registry_dump.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <vector>

#include "base/bytes.hpp"
#include "centralserver/backup/registry_tables.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/schema.hpp"
#include "store/migrations.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;

constexpr const char* kFormat = "causeway registry 1";

json::value as_json(const store::Statement& row, int column, ColumnKind kind) {
  if (row.is_null(column)) return nullptr;
  if (kind == ColumnKind::number) return row.integer(column);
  if (kind == ColumnKind::octets) return json::string(to_base64(row.octets(column)));
  return json::string(row.text(column));
}

std::string line_of(const json::value& value) { return json::serialize(value) + "\n"; }

std::string names_of(const std::vector<RegistryColumn>& columns) {
  std::string names;
  for (const RegistryColumn& each : columns) names += (names.empty() ? "" : ", ") + each.name;
  return names;
}

// How many rows.
Result<std::int64_t> dump_table(store::Database& database, const RegistryTable& table, const DumpSink& sink) {
  auto columns = columns_of(database, table);
  if (!columns) return columns.error();
  json::object head{{"table", table.name}};
  json::array& names = head["columns"].emplace_array();
  for (const RegistryColumn& each : *columns) names.emplace_back(each.name);
  if (table.is_numbered) {
    auto last = last_number(database, table);
    if (!last) return last.error();
    head["last"] = *last;
  }
  if (auto said = sink(line_of(head)); !said) return said.error();
  auto rows = database.prepare("SELECT " + names_of(*columns) + " FROM " + std::string(table.name) + " ORDER BY " +
                               std::string(table.order));
  if (!rows) return rows.error();
  if (auto started = (*rows)->start(); !started) return started.error();
  for (std::int64_t count = 0;; ++count) {
    auto ready = (*rows)->next();
    if (!ready) return ready.error();
    if (!*ready) return count;
    json::array row;
    for (std::size_t i = 0; i < columns->size(); ++i)
      row.push_back(as_json(**rows, static_cast<int>(i), (*columns)[i].kind));
    if (auto said = sink(line_of(row)); !said) return said.error();
  }
}

// Reads a dump into tables that are empty.
class Loading {
 public:
  Loading(store::Database& database, const DumpSource& source) : database_(database), source_(source) {}

  // The number of the schema that the dump was made of.
  Result<std::size_t> begin() {
    auto head = next_line();
    if (!head) return head.error();
    const json::object* const object = head->if_object();
    const json::value* const format = object ? object->if_contains("format") : nullptr;
    const json::value* const schema = object ? object->if_contains("schema") : nullptr;
    if (!format || *format != kFormat || !schema || !schema->is_int64()) return wrong("it is no dump of a registry");
    const auto known = static_cast<std::int64_t>(registry_migrations().size());
    if (schema->get_int64() < 1 || schema->get_int64() > known)
      return wrong("it has schema number " + std::to_string(schema->get_int64()) + ", this program knows " +
                   std::to_string(known) + ": it was written by a newer version");
    return static_cast<std::size_t>(schema->get_int64());
  }

  Result<void> load() {
    for (;;) {
      auto line = next_line();
      if (!line) return line.error();
      if (const json::array* const row = line->if_array()) {
        if (auto added = add(*row); !added) return at_line(added.error());
        continue;
      }
      const json::object* const object = line->if_object();
      if (!object) return wrong("a line that is neither a table nor a row");
      if (auto done = finish_table(); !done) return at_line(done.error());
      if (object->contains("rows")) return end(object->at("rows"));
      if (auto begun = begin_table(*object); !begun) return at_line(begun.error());
    }
  }

 private:
  Fault wrong(std::string why) const { return {"invalid_archive", std::move(why)}; }
  Fault at_line(const Fault& why) const {
    Fault told = why.while_doing("line " + std::to_string(line_) + " of the registry");
    // A row that the tables cannot take; whether the database is there is another matter.
    if (why.code.starts_with("database_error") && !store::is_temporary(why)) told.code = "invalid_archive";
    return told;
  }

  Result<json::value> next_line() {
    ++line_;
    auto text = source_();
    if (!text) return text.error();
    if (!*text) return at_line(wrong("it breaks off"));
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 3;
    json::value value = json::parse(**text, error, {}, options);
    if (error) return at_line(wrong("it is no JSON"));
    return value;
  }

  Result<void> begin_table(const json::object& head) {
    const json::value* const name = head.if_contains("table");
    const json::value* const columns = head.if_contains("columns");
    const json::value* const last = head.if_contains("last");
    if (!name || !name->is_string() || !columns || !columns->is_array()) return wrong("a table without its names");
    table_ = registry_table(std::string_view(name->get_string()));
    if (!table_ || std::ranges::find(seen_, table_) != seen_.end())
      return wrong("there is no table " + json::serialize(*name) + ", or it was there before");
    seen_.push_back(table_);
    last_ = last && last->is_int64() ? last->get_int64() : 0;
    auto known = columns_of(database_, *table_);
    if (!known) return known.error();
    columns_.clear();
    for (const json::value& each : columns->get_array()) {
      const auto column =
          std::ranges::find_if(*known, [&](const RegistryColumn& one) { return each == json::string(one.name); });
      if (column == known->end()) return wrong("the table has no column " + json::serialize(each));
      columns_.push_back(*column);
    }
    if (columns_.size() != known->size()) return wrong("the table has other columns");
    std::string places;
    for (std::size_t i = 1; i <= columns_.size(); ++i) places += (i == 1 ? "$" : ", $") + std::to_string(i);
    auto prepared = database_.prepare("INSERT INTO " + std::string(table_->name) + " (" + names_of(columns_) +
                                      ") VALUES (" + places + ")");
    if (!prepared) return prepared.error();
    insert_ = *std::move(prepared);
    return {};
  }

  Result<void> add(const json::array& row) {
    if (!table_ || row.size() != columns_.size()) return wrong("a row that fits no table");
    std::vector<Bytes> octets(row.size());
    std::vector<store::Parameter> parameters;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const ColumnKind kind = columns_[i].kind;
      if (row[i].is_null()) {
        parameters.emplace_back(nullptr);
      } else if (kind == ColumnKind::number && row[i].is_int64()) {
        parameters.emplace_back(row[i].get_int64());
      } else if (kind != ColumnKind::number && row[i].is_string()) {
        const std::string_view text = row[i].get_string();
        if (kind == ColumnKind::octets) {
          auto decoded = from_base64(text);
          if (!decoded) return wrong("octets that are not in base64");
          octets[i] = *std::move(decoded);
          parameters.emplace_back(octets[i]);
        } else if (is_database_text(text)) {
          parameters.emplace_back(text);
        } else {
          return wrong("a text that no database takes");
        }
      } else {
        return wrong("column " + columns_[i].name + " takes no such value");
      }
    }
    ++rows_;
    if (auto bound = insert_->bind(parameters); !bound) return bound;
    return insert_->enqueue();
  }

  Result<void> finish_table() {
    insert_.reset();
    return table_ && table_->is_numbered ? set_last_number(database_, *table_, last_) : Result<void>();
  }

  // A dump is whole: every table of its time, every row.
  Result<void> end(const json::value& rows) {
    if (rows != rows_) return at_line(wrong("rows are missing"));
    for (const RegistryTable& each : registry_tables()) {
      auto columns = columns_of(database_, each);
      if (!columns) return columns.error();
      if (!columns->empty() && std::ranges::find(seen_, &each) == seen_.end())
        return at_line(wrong("the table " + std::string(each.name) + " is missing"));
    }
    auto more = source_();
    if (!more) return more.error();
    return *more ? Result<void>(at_line(wrong("something follows its end"))) : Result<void>();
  }

  store::Database& database_;
  const DumpSource& source_;
  std::size_t line_ = 0;
  std::int64_t rows_ = 0;
  std::vector<const RegistryTable*> seen_;
  // The one that is being filled.
  const RegistryTable* table_ = nullptr;
  std::vector<RegistryColumn> columns_;
  std::int64_t last_ = 0;
  std::unique_ptr<store::Statement> insert_;
};

Result<void> drop_tables(store::Database& database) {
  std::string sql;
  const auto tables = registry_tables();
  for (auto each = tables.rbegin(); each != tables.rend(); ++each)
    sql += "DROP TABLE IF EXISTS " + std::string(each->name) + ";";
  return database.execute(sql + "DROP TABLE IF EXISTS schema_migration;");
}

}  // namespace

Result<void> dump_registry(const Registry& registry, const DumpSink& sink) {
  auto snapshot = RegistrySnapshot::take(registry);
  if (!snapshot) return snapshot.error();
  auto said = sink(line_of(json::object{{"format", kFormat}, {"schema", registry_migrations().size()}}));
  std::int64_t rows = 0;
  for (const RegistryTable& table : registry_tables()) {
    if (!said) return said;
    auto count = dump_table(registry.database(), table, sink);
    if (!count) return count.error();
    rows += *count;
  }
  return said ? sink(line_of(json::object{{"rows", rows}})) : said;
}

Result<void> load_registry(store::Database& database, const DumpSource& source) {
  Loading loading(database, source);
  auto transaction = store::Transaction::begin(database);
  if (!transaction) return transaction.error();
  auto schema = loading.begin();
  if (!schema) return schema.error();
  if (auto dropped = drop_tables(database); !dropped) return dropped;
  if (auto made = store::migrate_within(database, registry_migrations().first(*schema)); !made) return made;
  if (auto loaded = loading.load(); !loaded) return loaded;
  if (auto migrated = store::migrate_within(database, registry_migrations()); !migrated) return migrated;
  return transaction->commit();
}

}  // namespace causeway::centralserver
