// SPDX-License-Identifier: MIT
// What can be asked of the message log, and what it answers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "domain/identifiers.hpp"

namespace causeway::securityserver {

// Identifiers are in REST form; a service's version follows after one more slash.
struct FoundRecord {
  std::uint64_t id = 0;
  TimePoint time{};
  bool response = false;
  std::string owner, client, service, query_id, request_id;
};

// An identifier in REST form: exactly this one, or `below`: it and all whose first parts
// it is. "EE/GOV/1" below is a member with its subsystems, or all its services.
struct NameQuery {
  NameQuery(const ClientId& exact) : name(exact.to_rest()) {}
  explicit NameQuery(std::string text, bool all_below = false) : name(std::move(text)), below(all_below) {}
  bool matches(std::string_view other) const;

  std::string name;
  bool below = false;
};

struct LogQuery {
  std::optional<std::string> query_id = {};
  std::optional<NameQuery> owner = {}, client = {}, service = {};
  std::optional<bool> response = {};
  std::optional<TimePoint> from = {}, to = {};  // both inclusive
  std::uint64_t after = 0;                      // only records with a higher id: the last one of the page before
  std::size_t limit = 1000;
};

// All but the limit.
bool matches(const FoundRecord& record, const LogQuery& query);

}  // namespace causeway::securityserver
