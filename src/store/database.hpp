// SPDX-License-Identifier: MIT
// What the rest of the program sees of a database: connections, prepared statements,
// transactions. The engine behind it (store/sqlite.hpp, store/postgres.hpp) is chosen where
// it is opened.
//
// SQL is written so that both SQLite and PostgreSQL take it: parameters are $1, $2, ...,
// new keys come back through RETURNING. All faults are database_error, with the engine's
// words. What a caller may act on has its own code:
//   database_error.constraint   a broken UNIQUE, NOT NULL, CHECK or reference
//   database_error.busy         others hold a lock, or the transaction lost against another
//                               one: it can be tried again
//   database_error.timeout      the server took longer than it may
//   database_error.unavailable  no connection, or it was lost; what was under way may have
//                               been done or not. It stays lost: open another
// After a fault a transaction can only be rolled back.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::store {

enum class Engine { sqlite, postgres };

// Whether it may pass by itself: busy, timeout, unavailable.
bool is_temporary(const Fault& fault);
bool is_unavailable(const Fault& fault);

// A value on its way into a statement. It only refers to texts and octets: they must
// live until the statement was run or asked for its last row.
class Parameter {
 public:
  using Value = std::variant<std::nullptr_t, std::int64_t, double, std::string_view, ByteView>;

  Parameter(std::nullptr_t) : value_(nullptr) {}
  template <class Integer, std::enable_if_t<std::is_integral_v<Integer>, int> = 0>
  Parameter(Integer value) : value_(static_cast<std::int64_t>(value)) {}
  Parameter(double value) : value_(value) {}
  Parameter(const char* text) : value_(std::string_view(text)) {}
  Parameter(std::string_view text) : value_(text) {}
  Parameter(const std::string& text) : value_(std::string_view(text)) {}
  Parameter(ByteView octets) : value_(octets) {}
  Parameter(const Bytes& octets) : value_(ByteView(octets)) {}

  const Value& value() const { return value_; }

 private:
  Value value_;
};

// A prepared statement. Belongs to its connection, which must outlive it; used by one
// thread at a time, as often as wanted.
class Statement {
 public:
  virtual ~Statement() = default;

  // Runs a statement to its end, passing over rows.
  template <class... Arguments>
  Result<void> run(const Arguments&... arguments) {
    if (auto started = start(arguments...); !started) return started;
    for (;;) {
      auto row = next();
      if (!row) return row.error();
      if (!*row) return {};
    }
  }

  // As run(), within a transaction and for a statement without rows; but a server may be
  // sent many before it answers, and tell of a fault only with a later statement or COMMIT.
  template <class... Arguments>
  Result<void> queue(const Arguments&... arguments) {
    if (auto started = start(arguments...); !started) return started;
    return enqueue();
  }

  // Begins anew with these parameters; then next() for each row.
  template <class... Arguments>
  Result<void> start(const Arguments&... arguments) {
    const std::array<Parameter, sizeof...(Arguments)> parameters{Parameter(arguments)...};
    return bind(parameters);
  }
  // Parameters that the statement does not use are passed over.
  virtual Result<void> bind(std::span<const Parameter> parameters) = 0;
  // Runs what was bound, see queue().
  virtual Result<void> enqueue() = 0;

  // True: a row stands ready. False: there are no more, and locks are given back.
  virtual Result<bool> next() = 0;
  // Gives up the rows not read, and with them the read lock.
  virtual void reset() = 0;

  // Columns of the row that stands ready, from 0. NULL reads as 0 or empty; views hold
  // until the next call on this statement.
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual ByteView octets(int column) const = 0;
};

// A connection, used by one thread at a time.
class Database {
 public:
  virtual ~Database() = default;

  // For the few statements that the two engines need in different words.
  virtual Engine engine() const = 0;
  virtual Result<std::unique_ptr<Statement>> prepare(std::string_view sql) = 0;
  // Several statements without parameters.
  virtual Result<void> execute(std::string_view sql) = 0;
  // Rows changed by the last INSERT, UPDATE or DELETE.
  virtual std::int64_t changes() const = 0;
  // How this engine begins a transaction that will write.
  virtual std::string_view begin_statement() const = 0;
};

// Rolls back unless commit() succeeded.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database) {
    if (auto begun = database.execute(database.begin_statement()); !begun) return begun.error();
    return Transaction(database);
  }
  ~Transaction() { roll_back(); }
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Result<void> commit() {
    auto done = database_->execute("COMMIT");
    if (done) database_ = nullptr;
    return done;
  }
  void roll_back() {
    if (database_) (void)database_->execute("ROLLBACK").ok();
    database_ = nullptr;
  }

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace causeway::store
