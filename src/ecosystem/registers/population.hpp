// SPDX-License-Identifier: MIT
// The population register: people by code and by name, and where they live.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "ecosystem/registers/records.hpp"
#include "store/database.hpp"

namespace causeway::ecosystem {

// Safe to use from every thread. A lookup takes microseconds, so it may run on a
// network thread.
class PopulationRegister {
 public:
  static Result<std::unique_ptr<PopulationRegister>> open(const std::string& file);

  // Many at once belong into one transaction of the caller's, see begin().
  Result<void> add(const Person& person);
  Result<store::Transaction> begin() { return store::Transaction::begin(*database_); }

  Result<std::optional<Person>> find(std::string_view code);
  // People whose names begin so, ignoring case and accents, by surname; an empty text
  // matches every name.
  Result<Page<Person>> search(std::string_view surname, std::string_view given_name, std::size_t offset,
                              std::size_t limit);
  // The person with the new address; nullopt when there is none of that code.
  Result<std::optional<Person>> change_address(std::string_view code, const Address& address, std::string_view since);

 private:
  explicit PopulationRegister(std::unique_ptr<store::Database> database) : database_(std::move(database)) {}

  std::mutex mutex_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Statement> add_, find_, search_, count_, change_;
};

}  // namespace causeway::ecosystem
