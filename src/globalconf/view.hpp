// SPDX-License-Identifier: MIT
// The global configuration as the exchange sees it: an immutable view over all
// instances, swapped whole; every lookup is a hash lookup.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "pki/trust.hpp"

namespace causeway::globalconf {

struct ServerEntry {
  ServerId id;
  std::string address;                     // host or IP, may be empty
  std::optional<std::string> maintenance;  // message, when in maintenance (V5+)
};

struct MemberEntry {
  ClientId id;                                // member or subsystem
  std::string name;                           // of the member
  std::optional<std::string> subsystem_name;  // V5+
};

class View : public pki::Trust {
 public:
  virtual const std::string& own_instance() const = 0;
  // Own private and shared parameters present and unexpired at `at`; global_conf_outdated.
  virtual Result<void> check_valid(TimePoint at) const = 0;
  virtual std::vector<std::string> instances() const = 0;
  virtual bool has_instance(std::string_view instance) const = 0;

  // Servers where exactly this client (subsystem, or owner member) is registered.
  virtual std::vector<const ServerEntry*> servers_of(const ClientId& provider) const = 0;
  virtual const ServerEntry* server(const ServerId& id) const = 0;
  // The server an authentication certificate is registered for; hash kind by the version
  // of the own instance's part (trust.md section 3).
  virtual const ServerEntry* server_by_auth_certificate(const pki::Certificate& certificate) const = 0;
  // `client` is the owner or a client of that server.
  virtual bool serves(const ServerEntry& server, const ClientId& client) const = 0;
  // Exactly this id is in the group.
  virtual bool in_global_group(const GlobalGroupId& group, const ClientId& client) const = 0;
  // Members and their subsystems in document order, for listClients.
  virtual std::vector<MemberEntry> members(std::string_view instance) const = 0;

  // The own server's chain as it is shown in TLS: leaf, intermediates, not the root.
  virtual std::vector<pki::Certificate> chain_of(const pki::Certificate& leaf, std::string_view instance) const = 0;
  // Top and intermediate CAs of all instances, for the TLS server's list of issuers.
  virtual std::vector<pki::Certificate> all_cas() const = 0;
};

// Reads the directory that the configuration client writes (trust.md 2.3). Expired
// foreign instances are left out. malformed_global_conf names the file.
Result<std::shared_ptr<const View>> load_view(const std::string& directory);

}  // namespace causeway::globalconf
