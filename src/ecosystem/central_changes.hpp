// SPDX-License-Identifier: MIT
// What a country publishes differently from its plan, while it runs: the file
// central/changes.json (docs/ecosystem.md). A Central Server's administrator would do the
// same in its user interface.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/description.hpp"

namespace causeway::ecosystem {

struct CentralChanges {
  std::optional<std::chrono::seconds> validity;        // of the published configuration
  std::optional<std::chrono::seconds> ocsp_freshness;  // how old an OCSP response may be
  std::vector<ClientId> without_members;               // with their subsystems and servers
  std::vector<ClientId> without_clients;               // subsystems
  bool without_authorities = false;                    // no certification authority is approved
  std::vector<ServerId> without_authentication;        // servers that have no registered certificate
  std::map<ServerId, std::string> addresses;           // of servers
  std::map<ClientId, ServerId> moved;                  // clients to the server they are at now

  // bad_request says what of the text cannot be read. Empty text: no change.
  static Result<CentralChanges> from_json(std::string_view text);
  // All but the validity.
  void apply_to(globalconf::InstanceDescription& description) const;
};

}  // namespace causeway::ecosystem
