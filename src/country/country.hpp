// SPDX-License-Identifier: MIT
// A country as its operator decides it: who takes part, and whom the instance trusts. Read from a
// file or from a Central Server; held against each other, the two make a plan.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "country/trust_services.hpp"
#include "domain/identifiers.hpp"

namespace causeway::country {

struct Member {
  std::string name;
  std::map<std::string, std::string> subsystems;  // code to name, which may be empty
};

struct GlobalGroup {
  std::string description;
  std::set<ClientId> members;
};

// What a file leaves out is not its business: a section without a value is neither looked at nor
// changed. The Security Servers are nobody's to write down, for they register themselves.
struct Country {
  std::string instance;
  std::optional<std::string> central_server_address;
  std::optional<std::map<std::string, std::string>> member_classes;  // code to description
  std::optional<std::map<ClientId, Member>> members;
  std::optional<std::map<std::string, GlobalGroup>> global_groups;  // by code
  std::optional<ClientId> management_service_provider;
  std::optional<std::vector<CertificationService>> certification_services;
  std::optional<std::vector<TimestampingService>> timestamping_services;
  std::optional<std::map<std::string, TrustedAnchor>> trusted_anchors;    // by instance
  std::optional<std::map<std::string, std::string>> configuration_parts;  // content identifier to content
};

// Without the instance, which the file says once: "GOV/1234/tax", parts percent-encoded.
std::string short_id(const ClientId& id);
// As the admin API writes it: "EX:GOV:1234:tax".
std::string api_id(const ClientId& id);

}  // namespace causeway::country
