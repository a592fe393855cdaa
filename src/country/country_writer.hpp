// SPDX-License-Identifier: MIT
// A country as the file that read_country() reads back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "country/server_state.hpp"

namespace causeway::country {

struct WrittenCountry {
  std::string yaml;
  std::map<std::string, std::string> attached;  // files by the path that stands in the YAML
};

// The Security Servers come as a comment.
WrittenCountry write_country(const Country& country, const std::vector<RegisteredServer>& servers);

}  // namespace causeway::country
