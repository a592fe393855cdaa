// SPDX-License-Identifier: MIT
#include "centralserver/registry/kept_statements.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace causeway::centralserver {
namespace {

// Searches are put together from what is asked for; the others are fewer.
constexpr std::size_t kMostTexts = 1000;

// Those that nobody uses at the moment, by their text. One text has several when it is asked
// while an earlier answer is still being read.
using Unused = std::unordered_map<std::string, std::vector<std::unique_ptr<store::Statement>>>;

// Goes back to the unused ones when it is done with.
class LentStatement : public store::Statement {
 public:
  LentStatement(std::unique_ptr<store::Statement> statement, std::weak_ptr<Unused> home, std::string sql)
      : statement_(std::move(statement)), home_(std::move(home)), sql_(std::move(sql)) {}
  ~LentStatement() override {
    const auto home = home_.lock();
    if (!home) return;
    statement_->reset();
    if (home->size() > kMostTexts) home->clear();
    (*home)[sql_].push_back(std::move(statement_));
  }

  Result<void> bind(std::span<const store::Parameter> parameters) override { return statement_->bind(parameters); }
  Result<void> enqueue() override { return statement_->enqueue(); }
  Result<bool> next() override { return statement_->next(); }
  void reset() override { statement_->reset(); }
  bool is_null(int column) const override { return statement_->is_null(column); }
  std::int64_t integer(int column) const override { return statement_->integer(column); }
  double real(int column) const override { return statement_->real(column); }
  std::string_view text(int column) const override { return statement_->text(column); }
  ByteView octets(int column) const override { return statement_->octets(column); }

 private:
  std::unique_ptr<store::Statement> statement_;
  std::weak_ptr<Unused> home_;
  std::string sql_;
};

class KeepingDatabase : public store::Database {
 public:
  explicit KeepingDatabase(std::unique_ptr<store::Database> database) : database_(std::move(database)) {}

  store::Engine engine() const override { return database_->engine(); }
  Result<std::unique_ptr<store::Statement>> prepare(std::string_view sql) override {
    std::string text(sql);
    auto& kept = (*unused_)[text];
    std::unique_ptr<store::Statement> statement;
    if (kept.empty()) {
      auto prepared = database_->prepare(sql);
      if (!prepared) return prepared.error();
      statement = *std::move(prepared);
    } else {
      statement = std::move(kept.back());
      kept.pop_back();
    }
    return std::unique_ptr<store::Statement>(
        std::make_unique<LentStatement>(std::move(statement), unused_, std::move(text)));
  }
  Result<void> execute(std::string_view sql) override { return database_->execute(sql); }
  std::int64_t changes() const override { return database_->changes(); }
  std::string_view begin_statement() const override { return database_->begin_statement(); }

 private:
  std::unique_ptr<store::Database> database_;
  std::shared_ptr<Unused> unused_ = std::make_shared<Unused>();  // gone before the connection
};

}  // namespace

std::unique_ptr<store::Database> keep_statements(std::unique_ptr<store::Database> database) {
  return std::make_unique<KeepingDatabase>(std::move(database));
}

}  // namespace causeway::centralserver
