// SPDX-License-Identifier: MIT
#include "store/postgres.hpp"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <vector>

#include "base/handle.hpp"
#include "domain/fault_code.hpp"

namespace causeway::store {
namespace {

using Connection = Handle<PGconn, &PQfinish>;
using Rows = Handle<PGresult, &PQclear>;
using Clock = std::chrono::steady_clock;

// Types in the server's catalogue, the same in all versions.
constexpr Oid kBytea = 17;
constexpr int kOldestServer = 110000;
// The server says itself that a statement took too long; only a server that hangs does not.
constexpr std::chrono::seconds kGrace{5};
// Statements under way at once, and prepared ones that are kept for the next who asks.
constexpr int kQueued = 200;
constexpr std::size_t kPrepared = 64;

Fault unavailable(std::string_view why) {
  return {"database_error.unavailable", "the database is not available: " + std::string(why)};
}

// On one line, as libpq's messages are not.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, text.find_last_not_of(" \n") + 1));
  std::ranges::replace(line, '\n', ' ');
  return line;
}

// By SQLSTATE, appendix A of PostgreSQL's documentation.
std::string_view kind_of(std::string_view state) {
  if (state.starts_with("23")) return ".constraint";
  if (state == "40001" || state == "40P01" || state == "55P03") return ".busy";
  if (state == "57014") return ".timeout";
  if (state.starts_with("08") || state.starts_with("57P")) return ".unavailable";
  return "";
}

Fault fault_of(const PGresult* result, std::string_view doing) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  Fault fault = causeway::fault(FaultCode::database_error,
                                std::string(doing) + ": " + one_line(text ? text : PQresultErrorMessage(result)));
  if (!state) return fault;
  fault.text += " (" + std::string(state) + ")";
  fault.code += kind_of(state);
  return fault;
}

bool is_fine(const PGresult* result) {
  const auto status = PQresultStatus(result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

// A statement as the server knows it.
struct Prepared {
  std::string name;
  std::vector<Oid> types;  // of its parameters
};

// Parameters in the form that libpq takes. Numbers go as text, which the server reads as
// whatever type it wants there; octets as they are.
class Values {
 public:
  Result<void> add(const Parameter::Value& value, Oid type) {
    std::optional<std::string> text;
    bool binary = false;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
      text = std::to_string(*integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
      char buffer[64];
      text = std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, *real).ptr);
    } else if (const auto* characters = std::get_if<std::string_view>(&value)) {
      text = std::string(*characters);
      binary = type == kBytea;
      if (!binary && text->find('\0') != std::string::npos)
        return fault(FaultCode::database_error, "PostgreSQL cannot store a text with a NUL in it");
    } else if (const auto* octets = std::get_if<ByteView>(&value)) {
      text = std::string(octets->begin(), octets->end());
      binary = true;
    }
    values_.push_back(std::move(text));
    formats_.push_back(binary ? 1 : 0);
    return {};
  }
  void clear() {
    values_.clear();
    formats_.clear();
  }

  bool send(PGconn* connection, const std::string& name) const {
    std::vector<const char*> pointers;
    std::vector<int> lengths;
    for (const auto& value : values_) {
      pointers.push_back(value ? value->c_str() : nullptr);
      lengths.push_back(value ? static_cast<int>(value->size()) : 0);
    }
    return PQsendQueryPrepared(connection, name.c_str(), static_cast<int>(pointers.size()), pointers.data(),
                               lengths.data(), formats_.data(), 0) == 1;
  }

 private:
  std::vector<std::optional<std::string>> values_;
  std::vector<int> formats_;
};

class PostgresDatabase : public Database {
 public:
  PostgresDatabase(Connection connection, std::chrono::milliseconds statement_timeout)
      : connection_(std::move(connection)), patience_(statement_timeout + kGrace) {
    PQsetnonblocking(connection_.get(), 1);
    PQsetNoticeReceiver(connection_.get(), [](void*, const PGresult*) {}, nullptr);
  }

  Engine engine() const override { return Engine::postgres; }
  std::int64_t changes() const override { return changes_; }
  std::string_view begin_statement() const override { return "BEGIN"; }

  Result<std::unique_ptr<Statement>> prepare(std::string_view sql) override;
  Result<void> execute(std::string_view sql) override;

  Result<Rows> run(const Prepared& statement, const Values& values);
  Result<void> enqueue(const Prepared& statement, const Values& values);

 private:
  Result<std::shared_ptr<const Prepared>> prepared(const std::string& sql);
  Result<void> forget_unused();
  Result<Rows> ask(std::string_view doing, bool sent);
  Result<void> settle();
  Result<void> settle_queued(Clock::time_point until);
  Result<void> flush(Clock::time_point until);
  Result<void> wait(short events, Clock::time_point until);
  Result<Rows> answer(Clock::time_point until);
  Result<Rows> last_answer(std::string_view doing, Clock::time_point until);
  void note_changes(PGresult* result);
  Fault lose(std::string_view why);
  Clock::time_point limit() const { return Clock::now() + patience_; }

  Connection connection_;  // null when it is lost
  const std::chrono::milliseconds patience_;
  std::map<std::string, std::shared_ptr<const Prepared>> prepared_;  // by SQL
  std::uint64_t names_given_ = 0;
  int queued_ = 0;
  std::int64_t changes_ = 0;
};

class PostgresStatement : public Statement {
 public:
  PostgresStatement(PostgresDatabase& database, std::shared_ptr<const Prepared> prepared)
      : database_(database), prepared_(std::move(prepared)) {}

  Result<void> bind(std::span<const Parameter> parameters) override {
    reset();
    values_.clear();
    if (parameters.size() < prepared_->types.size())
      return fault(FaultCode::database_error, "a statement was given too few parameters");
    for (std::size_t i = 0; i < prepared_->types.size(); ++i)
      if (auto added = values_.add(parameters[i].value(), prepared_->types[i]); !added) return added;
    return {};
  }

  Result<bool> next() override {
    decoded_.clear();
    if (!rows_) {
      auto rows = database_.run(*prepared_, values_);
      if (!rows) return rows.error();
      rows_ = *std::move(rows);
      row_ = -1;
    }
    if (++row_ < PQntuples(rows_.get())) return true;
    reset();
    return false;
  }

  Result<void> enqueue() override { return database_.enqueue(*prepared_, values_); }

  void reset() override {
    rows_.reset();
    decoded_.clear();
  }

  bool is_null(int column) const override { return PQgetisnull(rows_.get(), row_, column) == 1; }

  std::int64_t integer(int column) const override {
    const std::string_view text = raw(column);
    if (text == "t") return 1;
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  double real(int column) const override {
    const std::string_view text = raw(column);
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }

  std::string_view text(int column) const override {
    if (PQftype(rows_.get(), column) != kBytea) return raw(column);
    const ByteView view = octets(column);
    return {reinterpret_cast<const char*>(view.data()), view.size()};
  }

  ByteView octets(int column) const override {
    const std::string_view text = raw(column);
    if (PQftype(rows_.get(), column) != kBytea) return as_bytes(text);
    const auto [place, is_new] = decoded_.try_emplace(column);
    if (is_new && text.size() > 2)  // "\x", then hexadecimal
      if (auto octets = from_hex(text.substr(2))) place->second = *std::move(octets);
    return place->second;
  }

 private:
  std::string_view raw(int column) const {
    return {PQgetvalue(rows_.get(), row_, column), static_cast<std::size_t>(PQgetlength(rows_.get(), row_, column))};
  }

  PostgresDatabase& database_;
  std::shared_ptr<const Prepared> prepared_;
  Values values_;
  Rows rows_;  // null until the first next()
  int row_ = -1;
  mutable std::map<int, Bytes> decoded_;  // columns of the row that stands ready
};

Fault PostgresDatabase::lose(std::string_view why) {
  Fault fault = unavailable(why);
  connection_.reset();
  return fault;
}

Result<void> PostgresDatabase::wait(short events, Clock::time_point until) {
  pollfd socket{PQsocket(connection_.get()), events, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0) return lose("the server does not answer");
    const int ready = ::poll(&socket, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return lose("its socket cannot be polled");
    if (ready > 0) break;
  }
  if ((socket.revents & ~POLLOUT) != 0 && PQconsumeInput(connection_.get()) != 1)
    return lose(one_line(PQerrorMessage(connection_.get())));
  return {};
}

Result<void> PostgresDatabase::flush(Clock::time_point until) {
  for (;;) {
    const int left = PQflush(connection_.get());
    if (left == 0) return {};
    if (left < 0) return lose(one_line(PQerrorMessage(connection_.get())));
    // Also reads: a server that cannot say something does not listen either.
    if (auto waited = wait(POLLIN | POLLOUT, until); !waited) return waited;
  }
}

// Null when a statement has nothing more to say.
Result<Rows> PostgresDatabase::answer(Clock::time_point until) {
  while (PQisBusy(connection_.get()) == 1)
    if (auto waited = wait(POLLIN, until); !waited) return waited.error();
  return Rows(PQgetResult(connection_.get()));
}

// What the last of several statements said, or the first fault.
Result<Rows> PostgresDatabase::last_answer(std::string_view doing, Clock::time_point until) {
  Rows last;
  std::optional<Fault> failed;
  for (;;) {
    auto rows = answer(until);
    if (!rows) return failed ? *failed : rows.error();
    if (!*rows) break;
    if (!is_fine(rows->get()) && !failed) failed = fault_of(rows->get(), doing);
    last = *std::move(rows);
  }
  if (PQstatus(connection_.get()) == CONNECTION_BAD) return lose(failed ? failed->text : "the connection was lost");
  if (failed) return *failed;
  if (last) note_changes(last.get());
  return last;
}

void PostgresDatabase::note_changes(PGresult* result) {
  if (std::string_view(PQcmdStatus(result)).starts_with("SELECT")) return;
  const std::string_view changed = PQcmdTuples(result);
  if (!changed.empty()) std::from_chars(changed.data(), changed.data() + changed.size(), changes_);
}

Result<Rows> PostgresDatabase::ask(std::string_view doing, bool sent) {
  if (!sent) {
    const std::string why = one_line(PQerrorMessage(connection_.get()));
    if (PQstatus(connection_.get()) == CONNECTION_BAD) return lose(why);
    return fault(FaultCode::database_error, std::string(doing) + ": " + why);
  }
  const auto until = limit();
  if (auto flushed = flush(until); !flushed) return flushed.error();
  return last_answer(doing, until);
}

// Waits for all that was queued; the first fault among it.
Result<void> PostgresDatabase::settle() {
  if (!connection_) return unavailable("the connection was lost");
  if (queued_ == 0) return {};
  auto settled = settle_queued(limit());
  queued_ = 0;
  if (connection_ && PQexitPipelineMode(connection_.get()) != 1) return lose("the pipeline does not end");
  return settled;
}

Result<void> PostgresDatabase::settle_queued(Clock::time_point until) {
  if (PQpipelineSync(connection_.get()) != 1) return lose(one_line(PQerrorMessage(connection_.get())));
  if (auto flushed = flush(until); !flushed) return flushed;
  std::optional<Fault> failed;
  for (;;) {
    auto rows = answer(until);
    if (!rows) return failed ? *failed : rows.error();
    if (PQstatus(connection_.get()) == CONNECTION_BAD)
      return lose(*rows ? fault_of(rows->get(), "a queued statement failed").text : "the connection was lost");
    if (!*rows) continue;  // the end of one statement
    const auto status = PQresultStatus(rows->get());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (!is_fine(rows->get()) && status != PGRES_PIPELINE_ABORTED && !failed)
      failed = fault_of(rows->get(), "SQL statement failed");
  }
  if (failed) return *failed;
  return {};
}

Result<void> PostgresDatabase::enqueue(const Prepared& statement, const Values& values) {
  if (!connection_) return unavailable("the connection was lost");
  if (queued_ == 0 && PQenterPipelineMode(connection_.get()) != 1)
    return fault(FaultCode::database_error, "a statement cannot be queued while rows are read");
  ++queued_;
  if (!values.send(connection_.get(), statement.name)) return lose(one_line(PQerrorMessage(connection_.get())));
  return queued_ < kQueued ? Result<void>() : settle();
}

Result<Rows> PostgresDatabase::run(const Prepared& statement, const Values& values) {
  if (auto settled = settle(); !settled) return settled.error();
  return ask("SQL statement failed", values.send(connection_.get(), statement.name));
}

Result<void> PostgresDatabase::execute(std::string_view sql) {
  auto settled = settle();
  // To give up a transaction needs no success of what was queued in it.
  if (!settled && (!connection_ || sql != "ROLLBACK")) return settled;
  // The server would answer COMMIT of a failed transaction with a rollback, as a success.
  const bool in_vain = sql == "COMMIT" && PQtransactionStatus(connection_.get()) == PQTRANS_INERROR;
  const std::string text(in_vain ? "ROLLBACK" : sql);
  auto done = ask("SQL failed", PQsendQuery(connection_.get(), text.c_str()) == 1);
  if (!done) return done.error();
  if (in_vain)
    return fault(FaultCode::database_error, "nothing was committed: a statement of the transaction had failed");
  return {};
}

// Frees what the server keeps for statements that nobody has in hand.
Result<void> PostgresDatabase::forget_unused() {
  if (prepared_.size() < kPrepared) return {};
  std::string sql;
  std::erase_if(prepared_, [&](const auto& known) {
    if (known.second.use_count() > 1) return false;
    sql += "DEALLOCATE " + known.second->name + ";";
    return true;
  });
  return sql.empty() ? Result<void>() : execute(sql);
}

Result<std::shared_ptr<const Prepared>> PostgresDatabase::prepared(const std::string& sql) {
  if (auto settled = settle(); !settled) return settled.error();
  if (const auto known = prepared_.find(sql); known != prepared_.end()) return known->second;
  if (auto forgotten = forget_unused(); !forgotten) return forgotten.error();
  auto statement = std::make_shared<Prepared>();
  statement->name = "causeway_" + std::to_string(++names_given_);
  PGconn* const connection = connection_.get();
  auto made =
      ask("cannot prepare SQL", PQsendPrepare(connection, statement->name.c_str(), sql.c_str(), 0, nullptr) == 1);
  if (!made) return made.error();
  auto described = ask("cannot prepare SQL", PQsendDescribePrepared(connection, statement->name.c_str()) == 1);
  if (!described) return described.error();
  for (int i = 0; i < PQnparams(described->get()); ++i) statement->types.push_back(PQparamtype(described->get(), i));
  prepared_.emplace(sql, statement);
  return std::shared_ptr<const Prepared>(std::move(statement));
}

Result<std::unique_ptr<Statement>> PostgresDatabase::prepare(std::string_view sql) {
  auto statement = prepared(std::string(sql));
  if (!statement) return statement.error();
  return std::unique_ptr<Statement>(std::make_unique<PostgresStatement>(*this, *std::move(statement)));
}

Result<Connection> connect(const std::string& connection, const PostgresOptions& options) {
  if (auto checked = check_connection_string(connection); !checked) return checked.error();
  const std::string connect_timeout = std::to_string(options.connect_timeout.count());
  // What stands before the string may be said otherwise in it; a peer that is gone without
  // a word is noticed within half a minute.
  const char* const names[] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                               "keepalives_count", "tcp_user_timeout", "fallback_application_name",
                               "dbname",           "client_encoding",  nullptr};
  const char* const values[] = {connect_timeout.c_str(), "10",   "5",    "3", "30000", "causeway",
                                connection.c_str(),      "UTF8", nullptr};
  Connection made(PQconnectdbParams(names, values, 1));
  if (!made) return unavailable("out of memory");
  if (PQstatus(made.get()) != CONNECTION_OK) return unavailable(one_line(PQerrorMessage(made.get())));
  if (PQserverVersion(made.get()) < kOldestServer)
    return fault(FaultCode::database_error, "PostgreSQL 11 or newer is needed");
  return made;
}

std::string settings_of(const PostgresOptions& options) {
  std::string sql = "SET bytea_output = 'hex'; SET extra_float_digits = 1; SET lock_timeout = " +
                    std::to_string(options.lock_timeout.count()) +
                    "; SET statement_timeout = " + std::to_string(options.statement_timeout.count());
  if (options.read_only) sql += "; SET default_transaction_read_only = on";
  if (!options.durable) sql += "; SET synchronous_commit = off";
  return sql;
}

std::string quoted(std::string_view identifier) {
  std::string text = "\"";
  for (const char c : identifier) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

// Asks first: CREATE SCHEMA IF NOT EXISTS wants the right to make it though it is there.
Result<void> use_schema(Database& database, const PostgresOptions& options) {
  if (options.schema.empty()) return {};
  auto select = database.prepare("SELECT 1 FROM pg_namespace WHERE nspname = $1");
  if (!select) return select.error();
  if (auto started = (*select)->start(options.schema); !started) return started;
  auto there = (*select)->next();
  if (!there) return there.error();
  if (!*there && !options.read_only)
    // Of two that make it at once one is refused, for all that: it is there then.
    if (auto made = database.execute("CREATE SCHEMA IF NOT EXISTS " + quoted(options.schema));
        !made && made.error().code != "database_error.constraint")
      return made;
  return database.execute("SET search_path TO " + quoted(options.schema));
}

}  // namespace

// libpq's own words about a connection string repeat parts of it, perhaps of a password.
Result<void> check_connection_string(const std::string& connection) {
  char* words = nullptr;
  PQconninfoOption* const options = PQconninfoParse(connection.c_str(), &words);
  PQfreemem(words);
  if (!options)
    return fault(FaultCode::database_error,
                 "the connection string is none that libpq can read: \"host=... dbname=... user=...\", or "
                 "\"postgresql://user@host/database\"");
  PQconninfoFree(options);
  return {};
}

Result<std::unique_ptr<Database>> open_postgres(const std::string& connection, const PostgresOptions& options) {
  auto connected = connect(connection, options);
  if (!connected) return connected.error();
  auto database = std::make_unique<PostgresDatabase>(*std::move(connected), options.statement_timeout);
  if (auto set = database->execute(settings_of(options)); !set) return set.error();
  if (auto used = use_schema(*database, options); !used) return used.error().while_doing("schema " + options.schema);
  return std::unique_ptr<Database>(std::move(database));
}

}  // namespace causeway::store
