// SPDX-License-Identifier: MIT
#include "ecosystem/registers/business.hpp"

#include <array>

#include "ecosystem/registers/names.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::array kMigrations = {store::Migration{1, "companies", R"(
CREATE TABLE company (
  code TEXT PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  legal_form TEXT NOT NULL,
  status TEXT NOT NULL,
  registered_date TEXT NOT NULL,
  share_capital_cents BIGINT NOT NULL,
  activity_code TEXT NOT NULL,
  activity TEXT NOT NULL,
  street TEXT NOT NULL,
  postal_code TEXT NOT NULL,
  town TEXT NOT NULL,
  region TEXT NOT NULL
);
CREATE INDEX company_name ON company (name_key, code);
CREATE TABLE board_member (
  company_code TEXT NOT NULL REFERENCES company (code),
  person_code TEXT NOT NULL,
  given_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  role TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (company_code, person_code)
);
CREATE INDEX board_member_person ON board_member (person_code);
)"}};

constexpr std::string_view kColumns =
    "code, name, legal_form, status, registered_date, share_capital_cents, activity_code, activity, street, "
    "postal_code, town, region";

Company company_of(const store::Statement& row) {
  const auto text = [&row](int column) { return std::string(row.text(column)); };
  return {.code = text(0),
          .name = text(1),
          .legal_form = text(2),
          .status = text(3),
          .registered_date = text(4),
          .share_capital_cents = row.integer(5),
          .activity_code = text(6),
          .activity = text(7),
          .address = {.street = text(8), .postal_code = text(9), .town = text(10), .region = text(11)}};
}

// All rows of a started statement.
template <class T, class Read>
Result<std::vector<T>> rows_of(store::Statement& statement, Read read) {
  std::vector<T> rows;
  for (;;) {
    const auto row = statement.next();
    if (!row) return row.error();
    if (!*row) return rows;
    rows.push_back(read(statement));
  }
}

Result<std::size_t> number_of(store::Statement& statement) {
  if (const auto row = statement.next(); !row) return row.error();
  const auto number = static_cast<std::size_t>(statement.integer(0));
  statement.reset();
  return number;
}

}  // namespace

Result<std::unique_ptr<BusinessRegister>> BusinessRegister::open(const std::string& file) {
  auto database = store::open_sqlite(file, {.durable = false});
  if (!database) return database.error();
  if (auto migrated = store::migrate(**database, kMigrations); !migrated) return migrated.error();
  std::unique_ptr<BusinessRegister> opened(new BusinessRegister(*std::move(database)));

  const std::string columns(kColumns);
  const std::array<std::pair<std::unique_ptr<store::Statement>*, std::string>, 8> statements = {{
      {&opened->add_,
       "INSERT INTO company (" + columns + ", name_key) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)"},
      {&opened->add_member_,
       "INSERT INTO board_member (company_code, person_code, given_name, surname, role, since) "
       "VALUES ($1,$2,$3,$4,$5,$6) ON CONFLICT DO NOTHING"},
      {&opened->size_, "SELECT count(*) FROM company"},
      {&opened->find_, "SELECT " + columns + " FROM company WHERE code = $1"},
      {&opened->search_, "SELECT " + columns +
                             " FROM company WHERE name_key >= $1 AND name_key < $2 ORDER BY name_key, code "
                             "LIMIT $3 OFFSET $4"},
      {&opened->count_, "SELECT count(*) FROM company WHERE name_key >= $1 AND name_key < $2"},
      {&opened->board_,
       "SELECT person_code, given_name, surname, role, since FROM board_member WHERE company_code = $1 "
       "ORDER BY role, since, person_code"},
      {&opened->places_,
       "SELECT company_code, name, role, since FROM board_member JOIN company ON company.code = company_code "
       "WHERE person_code = $1 ORDER BY company_code"},
  }};
  for (const auto& [statement, sql] : statements) {
    auto prepared = opened->database_->prepare(sql);
    if (!prepared) return prepared.error();
    *statement = *std::move(prepared);
  }
  return opened;
}

Result<void> BusinessRegister::add(const Company& company, const std::vector<BoardMember>& board) {
  const std::lock_guard lock(mutex_);
  const Address& at = company.address;
  auto added = add_->run(company.code, company.name, company.legal_form, company.status, company.registered_date,
                         company.share_capital_cents, company.activity_code, company.activity, at.street,
                         at.postal_code, at.town, at.region, search_key(company.name));
  for (const BoardMember& member : board) {
    if (!added) break;
    added = add_member_->run(company.code, member.person_code, member.given_name, member.surname, member.role,
                             member.since);
  }
  return added;
}

Result<std::size_t> BusinessRegister::size() {
  const std::lock_guard lock(mutex_);
  if (auto started = size_->start(); !started) return started.error();
  return number_of(*size_);
}

Result<std::optional<Company>> BusinessRegister::find(std::string_view code) {
  const std::lock_guard lock(mutex_);
  if (auto started = find_->start(code); !started) return started.error();
  auto rows = rows_of<Company>(*find_, company_of);
  if (!rows) return rows.error();
  if (rows->empty()) return std::optional<Company>();
  return std::optional(std::move(rows->front()));
}

Result<Page<Company>> BusinessRegister::search(std::string_view name, std::size_t offset, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  const std::string from = search_key(name), to = from + "{";
  if (auto started = count_->start(from, to); !started) return started.error();
  const auto total = number_of(*count_);
  if (!total) return total.error();
  if (auto started = search_->start(from, to, limit, offset); !started) return started.error();
  auto rows = rows_of<Company>(*search_, company_of);
  if (!rows) return rows.error();
  return Page<Company>{*std::move(rows), offset, *total};
}

Result<std::optional<std::vector<BoardMember>>> BusinessRegister::board(std::string_view code) {
  const auto company = find(code);
  if (!company) return company.error();
  if (!*company) return std::optional<std::vector<BoardMember>>();
  const std::lock_guard lock(mutex_);
  if (auto started = board_->start(code); !started) return started.error();
  auto rows = rows_of<BoardMember>(*board_, [](const store::Statement& row) {
    const auto text = [&row](int column) { return std::string(row.text(column)); };
    return BoardMember{text(0), text(1), text(2), text(3), text(4)};
  });
  if (!rows) return rows.error();
  return std::optional(*std::move(rows));
}

Result<std::vector<BoardPlace>> BusinessRegister::places_of(std::string_view person_code) {
  const std::lock_guard lock(mutex_);
  if (auto started = places_->start(person_code); !started) return started.error();
  return rows_of<BoardPlace>(*places_, [](const store::Statement& row) {
    const auto text = [&row](int column) { return std::string(row.text(column)); };
    return BoardPlace{text(0), text(1), text(2), text(3)};
  });
}

Result<BusinessRegister::Appointment> BusinessRegister::appoint(std::string_view code, const BoardMember& member) {
  const auto company = find(code);
  if (!company) return company.error();
  if (!*company) return Appointment::no_such_company;
  const std::lock_guard lock(mutex_);
  const auto added =
      add_member_->run(code, member.person_code, member.given_name, member.surname, member.role, member.since);
  if (!added) return added.error();
  return database_->changes() == 0 ? Appointment::already_on_board : Appointment::done;
}

}  // namespace causeway::ecosystem
