// SPDX-License-Identifier: MIT
// A country as a Central Server has it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "country/admin_api.hpp"
#include "country/country.hpp"

namespace causeway::country {

// A Security Server, which came by itself.
struct RegisteredServer {
  ServerId id;
  std::string address;
};

struct ServerState {
  Country country;
  std::string owners_group;  // its members follow from the servers
  std::vector<RegisteredServer> servers = {};
  std::set<ClientId> registered_subsystems = {};  // as clients of servers; only of those that were asked about
};

// Those sections that `wanted` has; also the Security Servers. api_refused and faults of the network;
// malformed_answer when the server says something else than the interface is.
Result<ServerState> read_state(AdminApi& api, const Country& wanted);
// All of it, with the octets of certificates as far as the server gives them: those that are in the
// global configuration it made last. `missing` is told of the others.
struct WholeState {
  ServerState state;
  std::vector<std::string> missing = {};  // certificates, by what they are for
};
Result<WholeState> read_whole_state(AdminApi& api);

// Which subsystems of these members are clients of Security Servers and so cannot be deleted.
Result<void> read_registrations(AdminApi& api, ServerState& state, const std::set<ClientId>& members);

}  // namespace causeway::country
