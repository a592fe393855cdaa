// SPDX-License-Identifier: MIT
// Both registers of a country in one directory: made on the first opening, reused later.
#pragma once

#include <memory>
#include <string>

#include "ecosystem/registers/business.hpp"
#include "ecosystem/registers/country.hpp"
#include "ecosystem/registers/population.hpp"

namespace causeway::ecosystem {

struct RegisterSizes {
  std::size_t people = 100'000;
  std::size_t companies = 10'000;
};

struct Registers {
  Country country;
  std::unique_ptr<PopulationRegister> population;
  std::unique_ptr<BusinessRegister> business;
};

// `directory` is made when it is not there. Changes made through the services are kept.
// Files left behind by an interrupted generation are replaced.
Result<Registers> open_registers(const std::string& directory, Country country, RegisterSizes sizes = {});

}  // namespace causeway::ecosystem
