// SPDX-License-Identifier: MIT
#include "store/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>
#include <vector>

#include "base/handle.hpp"
#include "domain/fault_code.hpp"

namespace causeway::store {
namespace {

using Connection = Handle<sqlite3, &sqlite3_close_v2>;
using Prepared = Handle<sqlite3_stmt, &sqlite3_finalize>;

Fault fault_of(sqlite3* connection, std::string_view doing) {
  Fault fault =
      causeway::fault(FaultCode::database_error,
                      std::string(doing) + ": " + (connection ? sqlite3_errmsg(connection) : "out of memory"));
  if (connection && sqlite3_errcode(connection) == SQLITE_CONSTRAINT) fault.code += ".constraint";
  if (connection && sqlite3_errcode(connection) == SQLITE_BUSY) fault.code += ".busy";
  return fault;
}

// The place of each parameter in the caller's list: "$3" or "?3" is the third, a bare
// "?" the next. SQLite itself takes "$3" for a name and numbers it by appearance.
Result<std::vector<std::size_t>> places_of(sqlite3_stmt* statement) {
  std::vector<std::size_t> places;
  const int count = sqlite3_bind_parameter_count(statement);
  for (int i = 1; i <= count; ++i) {
    std::size_t place = static_cast<std::size_t>(i);
    if (const char* name = sqlite3_bind_parameter_name(statement, i)) {
      const char* end = name + std::strlen(name);
      const auto [stop, error] = std::from_chars(name + 1, end, place);
      if (error != std::errc{} || stop != end || place == 0)
        return fault(FaultCode::database_error, std::string("parameter ") + name + " is not a number");
    }
    places.push_back(place - 1);
  }
  return places;
}

class SqliteStatement : public Statement {
 public:
  SqliteStatement(sqlite3* connection, Prepared statement, std::vector<std::size_t> places)
      : connection_(connection), statement_(std::move(statement)), places_(std::move(places)) {}

  Result<void> bind(std::span<const Parameter> parameters) override {
    reset();
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (places_[i] >= parameters.size())
        return fault(FaultCode::database_error, "a statement was given too few parameters");
      if (bind_one(static_cast<int>(i + 1), parameters[places_[i]].value()) != SQLITE_OK)
        return fault_of(connection_, "cannot bind a parameter");
    }
    return {};
  }

  Result<bool> next() override {
    const int outcome = sqlite3_step(statement_.get());
    if (outcome == SQLITE_ROW) return true;
    if (outcome == SQLITE_DONE) {
      reset();
      return false;
    }
    Fault fault = fault_of(connection_, "SQL statement failed");
    reset();
    return fault;
  }

  Result<void> enqueue() override {
    auto row = next();
    reset();
    if (!row) return row.error();
    return {};
  }

  void reset() override { sqlite3_reset(statement_.get()); }

  bool is_null(int column) const override { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_.get(), column); }
  double real(int column) const override { return sqlite3_column_double(statement_.get(), column); }
  std::string_view text(int column) const override {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return text ? std::string_view(text, size(column)) : std::string_view();
  }
  ByteView octets(int column) const override {
    const auto* octets = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
    return octets ? ByteView(octets, size(column)) : ByteView();
  }

 private:
  std::size_t size(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  }

  // Texts and octets are copied by SQLite: the caller's may be gone before the last row.
  int bind_one(int index, const Parameter::Value& value) {
    sqlite3_stmt* const to = statement_.get();
    switch (value.index()) {
      case 1:
        return sqlite3_bind_int64(to, index, std::get<1>(value));
      case 2:
        return sqlite3_bind_double(to, index, std::get<2>(value));
      case 3: {
        const auto text = std::get<3>(value);
        return sqlite3_bind_text64(to, index, text.data() ? text.data() : "", text.size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8);
      }
      case 4: {
        const auto octets = std::get<4>(value);
        return octets.empty() ? sqlite3_bind_zeroblob(to, index, 0)
                              : sqlite3_bind_blob64(to, index, octets.data(), octets.size(), SQLITE_TRANSIENT);
      }
      default:
        return sqlite3_bind_null(to, index);
    }
  }

  sqlite3* connection_;
  Prepared statement_;
  std::vector<std::size_t> places_;
};

class SqliteDatabase : public Database {
 public:
  explicit SqliteDatabase(Connection connection) : connection_(std::move(connection)) {}

  Engine engine() const override { return Engine::sqlite; }

  Result<std::unique_ptr<Statement>> prepare(std::string_view sql) override {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &statement, nullptr) != SQLITE_OK)
      return fault_of(connection_.get(), "cannot prepare SQL");
    Prepared prepared(statement);
    auto places = places_of(prepared.get());
    if (!places) return places.error();
    return std::unique_ptr<Statement>(
        std::make_unique<SqliteStatement>(connection_.get(), std::move(prepared), *std::move(places)));
  }

  Result<void> execute(std::string_view sql) override {
    if (sqlite3_exec(connection_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return fault_of(connection_.get(), "SQL failed");
  }

  std::int64_t changes() const override { return sqlite3_changes64(connection_.get()); }

  // Takes the write lock at once: a lock taken halfway could fail without waiting.
  std::string_view begin_statement() const override { return "BEGIN IMMEDIATE"; }

 private:
  Connection connection_;
};

// SQLite would create the file readable by all; -wal and -shm inherit its mode. One that is
// there is not opened: closing it would take from this process the locks of its other
// connections, as POSIX has it, and whoever closes the database then deletes the log they use.
Result<void> create_private(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) return {};
  if (file < 0) return fault(FaultCode::database_error, "cannot open database " + path + ": " + std::strerror(errno));
  ::close(file);
  return {};
}

// Of connections that turn a new file to it at once all but one are refused without waiting:
// each holds a lock that the others need.
Result<void> use_write_ahead_log(sqlite3* connection, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    const int done = sqlite3_exec(connection, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (done == SQLITE_OK) return {};
    if (done != SQLITE_BUSY || std::chrono::steady_clock::now() > until)
      return fault_of(connection, "no write-ahead log");
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
}

}  // namespace

Result<std::unique_ptr<Database>> open_sqlite(const std::string& path, SqliteOptions options) {
  if (!options.read_only && path != ":memory:")
    if (auto created = create_private(path); !created) return created.error();
  sqlite3* handle = nullptr;
  const int flags =
      (options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) | SQLITE_OPEN_NOMUTEX;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Connection connection(handle);
  if (opened != SQLITE_OK) return fault_of(handle, "cannot open database " + path);
  sqlite3_busy_timeout(handle, static_cast<int>(options.busy_timeout.count()));
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  auto database = std::make_unique<SqliteDatabase>(std::move(connection));
  if (!options.read_only)
    if (auto used = use_write_ahead_log(handle, options.busy_timeout); !used)
      return used.error().while_doing("database " + path);
  std::string settings = "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";
  settings += options.durable ? " PRAGMA synchronous = FULL;" : " PRAGMA synchronous = NORMAL;";
  if (auto set = database->execute(settings); !set) return set.error().while_doing("database " + path);
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace causeway::store
