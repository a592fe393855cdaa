// SPDX-License-Identifier: MIT
#include "ecosystem/registers/population.hpp"

#include <array>

#include "ecosystem/registers/names.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::array kMigrations = {store::Migration{1, "people", R"(
CREATE TABLE person (
  code TEXT PRIMARY KEY NOT NULL,
  given_name TEXT NOT NULL,
  surname TEXT NOT NULL,
  given_name_key TEXT NOT NULL,
  surname_key TEXT NOT NULL,
  sex TEXT NOT NULL,
  birth_date TEXT NOT NULL,
  citizenship TEXT NOT NULL,
  street TEXT NOT NULL,
  postal_code TEXT NOT NULL,
  town TEXT NOT NULL,
  region TEXT NOT NULL,
  address_since TEXT NOT NULL
);
CREATE INDEX person_name ON person (surname_key, given_name_key, code);
)"}};

constexpr std::string_view kColumns =
    "code, given_name, surname, sex, birth_date, citizenship, street, postal_code, town, region, address_since";
// Every key is made of letters and digits, which all sort below '{'.
constexpr std::string_view kNamed =
    " FROM person WHERE surname_key >= $1 AND surname_key < $2 AND given_name_key >= $3 AND given_name_key < $4";

Person person_of(const store::Statement& row) {
  const auto text = [&row](int column) { return std::string(row.text(column)); };
  return {.code = text(0),
          .given_name = text(1),
          .surname = text(2),
          .sex = row.text(3) == "female" ? Sex::female : Sex::male,
          .birth_date = text(4),
          .citizenship = text(5),
          .address = {.street = text(6), .postal_code = text(7), .town = text(8), .region = text(9)},
          .address_since = text(10)};
}

}  // namespace

Result<std::unique_ptr<PopulationRegister>> PopulationRegister::open(const std::string& file) {
  auto database = store::open_sqlite(file, {.durable = false});
  if (!database) return database.error();
  if (auto migrated = store::migrate(**database, kMigrations); !migrated) return migrated.error();
  std::unique_ptr<PopulationRegister> opened(new PopulationRegister(*std::move(database)));

  const std::string columns(kColumns), named(kNamed);
  const std::array<std::pair<std::unique_ptr<store::Statement>*, std::string>, 5> statements = {{
      {&opened->add_, "INSERT INTO person (" + columns +
                          ", given_name_key, surname_key) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)"},
      {&opened->find_, "SELECT " + columns + " FROM person WHERE code = $1"},
      {&opened->search_,
       "SELECT " + columns + named + " ORDER BY surname_key, given_name_key, code LIMIT $5 OFFSET $6"},
      {&opened->count_, "SELECT count(*)" + named},
      {&opened->change_,
       "UPDATE person SET street = $2, postal_code = $3, town = $4, region = $5, address_since = $6 WHERE code = $1"},
  }};
  for (const auto& [statement, sql] : statements) {
    auto prepared = opened->database_->prepare(sql);
    if (!prepared) return prepared.error();
    *statement = *std::move(prepared);
  }
  return opened;
}

Result<void> PopulationRegister::add(const Person& person) {
  const std::lock_guard lock(mutex_);
  const Address& at = person.address;
  return add_->run(person.code, person.given_name, person.surname, person.sex == Sex::female ? "female" : "male",
                   person.birth_date, person.citizenship, at.street, at.postal_code, at.town, at.region,
                   person.address_since, search_key(person.given_name), search_key(person.surname));
}

Result<std::optional<Person>> PopulationRegister::find(std::string_view code) {
  const std::lock_guard lock(mutex_);
  if (auto started = find_->start(code); !started) return started.error();
  const auto row = find_->next();
  if (!row) return row.error();
  std::optional<Person> found;
  if (*row) found = person_of(*find_);
  find_->reset();
  return found;
}

Result<Page<Person>> PopulationRegister::search(std::string_view surname, std::string_view given_name,
                                                std::size_t offset, std::size_t limit) {
  const std::lock_guard lock(mutex_);
  const std::string from = search_key(surname), given_from = search_key(given_name);
  const std::string to = from + "{", given_to = given_from + "{";

  Page<Person> page{.items = {}, .offset = offset};
  if (auto started = count_->start(from, to, given_from, given_to); !started) return started.error();
  if (const auto row = count_->next(); !row) return row.error();
  page.total = static_cast<std::size_t>(count_->integer(0));
  count_->reset();

  if (auto started = search_->start(from, to, given_from, given_to, limit, offset); !started) return started.error();
  for (;;) {
    const auto row = search_->next();
    if (!row) return row.error();
    if (!*row) return page;
    page.items.push_back(person_of(*search_));
  }
}

Result<std::optional<Person>> PopulationRegister::change_address(std::string_view code, const Address& address,
                                                                 std::string_view since) {
  {
    const std::lock_guard lock(mutex_);
    const auto changed = change_->run(code, address.street, address.postal_code, address.town, address.region, since);
    if (!changed) return changed.error();
  }
  return find(code);
}

}  // namespace causeway::ecosystem
