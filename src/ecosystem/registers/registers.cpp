// SPDX-License-Identifier: MIT
#include "ecosystem/registers/registers.hpp"

#include <filesystem>

#include "base/files.hpp"
#include "ecosystem/registers/generator.hpp"

namespace causeway::ecosystem {
namespace {

Result<void> add_people(PopulationRegister& to, Generator& generator, std::size_t count) {
  auto transaction = to.begin();
  if (!transaction) return transaction.error();
  for (std::size_t i = 0; i < count; ++i) {
    if (auto added = to.add(generator.person()); !added) return added;
  }
  return transaction->commit();
}

Result<void> add_companies(BusinessRegister& to, Generator& generator, std::size_t count) {
  auto transaction = to.begin();
  if (!transaction) return transaction.error();
  std::vector<BoardMember> board;
  for (std::size_t i = 0; i < count; ++i) {
    const Company company = generator.company(board);
    if (auto added = to.add(company, board); !added) return added;
  }
  return transaction->commit();
}

Result<Registers> open_both(const std::filesystem::path& directory, Country country) {
  auto population = PopulationRegister::open(directory / "population.sqlite");
  if (!population) return population.error();
  auto business = BusinessRegister::open(directory / "business.sqlite");
  if (!business) return business.error();
  return Registers{country, *std::move(population), *std::move(business)};
}

}  // namespace

Result<Registers> open_registers(const std::string& directory, Country country, RegisterSizes sizes) {
  if (auto made = make_directories(directory); !made) return made.error();
  {
    auto registers = open_both(directory, country);
    if (!registers) return registers;
    // The companies come last and all at once: where they are, everything is.
    const auto companies = registers->business->size();
    if (!companies) return companies.error();
    if (*companies > 0) return registers;
  }
  for (const char* name : {"population.sqlite", "business.sqlite"}) {
    for (const char* tail : {"", "-wal", "-shm"}) {
      std::error_code ignored;
      std::filesystem::remove(std::filesystem::path(directory) / (std::string(name) + tail), ignored);
    }
  }
  auto registers = open_both(directory, country);
  if (!registers) return registers;
  Generator generator(country);
  if (auto added = add_people(*registers->population, generator, sizes.people); !added) return added.error();
  if (auto added = add_companies(*registers->business, generator, sizes.companies); !added) return added.error();
  return registers;
}

}  // namespace causeway::ecosystem
