// SPDX-License-Identifier: MIT
// The global configuration as the exchange sees it: an immutable view over all
// instances, swapped whole; every lookup is a hash lookup.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/optional_parts.hpp"
#include "globalconf/private_parameters.hpp"
#include "globalconf/shared_parameters.hpp"
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

  // What follows has the answers of an instance that says nothing about it, so that a
  // stand-in needs to give only what it is about.

  // What an instance shares beside members, servers and groups (time-stamping services,
  // classes, ...); nullptr for an unknown one. Lives as long as the view.
  virtual const InstanceSettings* settings(std::string_view instance) const;
  // Of the own instance; nullptr when there are none.
  virtual const PrivateParameters* private_parameters() const;
  // The version of an instance's shared parameters; 0 for an unknown one.
  virtual int version_of(std::string_view instance) const;
  // Whether a member or subsystem of exactly this id is registered.
  virtual bool has_client(const ClientId& id) const;
  // All servers of an instance, in document order.
  virtual std::vector<const ServerEntry*> servers(std::string_view instance) const;

  virtual std::optional<ClientId> monitoring_client() const;   // MONITORING
  virtual std::chrono::seconds ocsp_fetch_interval() const;    // FETCHINTERVAL
  virtual std::chrono::seconds timestamping_interval() const;  // of the private parameters, else 60 s
  virtual std::optional<TimePoint> expires() const;            // of the own instance's parts, the earliest
  // Of an instance's shared parameters; nothing for an unknown one.
  virtual std::optional<TimePoint> expires(std::string_view instance) const;
};

// Reads the directory that the configuration client writes (trust.md 2.3). Expired
// foreign instances are left out, unreadable ones too, with a line in the log.
// malformed_global_conf names the file when the own instance cannot be read. Private
// parameters may be missing: such a view verifies what others signed, but is not valid.
Result<std::shared_ptr<const View>> load_view(const std::string& directory);

// The view before there is any configuration: it knows nobody and is never valid.
std::shared_ptr<const View> empty_view();

}  // namespace causeway::globalconf
