// SPDX-License-Identifier: MIT
// The business register: companies by code and by name, and who leads them.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/registers/records.hpp"
#include "store/database.hpp"

namespace causeway::ecosystem {

// A company that a person leads, and as what.
struct BoardPlace {
  std::string company_code, company_name, role, since;
};

// Safe to use from every thread; as quick as PopulationRegister.
class BusinessRegister {
 public:
  static Result<std::unique_ptr<BusinessRegister>> open(const std::string& file);

  Result<void> add(const Company& company, const std::vector<BoardMember>& board);
  Result<store::Transaction> begin() { return store::Transaction::begin(*database_); }
  Result<std::size_t> size();

  Result<std::optional<Company>> find(std::string_view code);
  // Companies with a name that begins so, ignoring case and accents, by name.
  Result<Page<Company>> search(std::string_view name, std::size_t offset, std::size_t limit);
  // nullopt when there is no such company.
  Result<std::optional<std::vector<BoardMember>>> board(std::string_view code);
  Result<std::vector<BoardPlace>> places_of(std::string_view person_code);

  enum class Appointment { done, no_such_company, already_on_board };
  Result<Appointment> appoint(std::string_view code, const BoardMember& member);

 private:
  explicit BusinessRegister(std::unique_ptr<store::Database> database) : database_(std::move(database)) {}

  std::mutex mutex_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<store::Statement> add_, add_member_, size_, find_, search_, count_, board_, places_;
};

}  // namespace causeway::ecosystem
