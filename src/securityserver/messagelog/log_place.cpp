// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_place.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "store/postgres.hpp"

namespace causeway::securityserver {
namespace {

// PostgreSQL would cut a longer name.
constexpr std::size_t kLongestName = 63;

bool is_schema_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  const auto is_fine = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kLongestName && is_letter(name.front()) &&
         std::ranges::all_of(name, is_fine) && !name.starts_with("pg_") && name != "information_schema";
}

}  // namespace

Result<LogPlace> LogPlace::from(const Parameters& parameters, std::string directory) {
  LogPlace place{.directory = std::move(directory)};
  place.index_database = parameters.text("message-log.index-database", "");
  place.index_schema = parameters.text("message-log.index-database-schema", place.index_schema);
  if (!place.index_is_remote()) return place;
  if (auto checked = store::check_connection_string(place.index_database); !checked)
    return fault(FaultCode::malformed_server_conf, "message-log.index-database: " + checked.error().text);
  if (!is_schema_name(place.index_schema))
    return fault(FaultCode::malformed_server_conf,
                 "message-log.index-database-schema: the name of a schema has up to 63 small letters, digits and "
                 "underscores, and begins with none of PostgreSQL's own (pg_)");
  return place;
}

}  // namespace causeway::securityserver
