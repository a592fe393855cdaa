// SPDX-License-Identifier: MIT
// What a Security Server has learnt of its registrations, beside what its administrator decided: the
// statuses of its clients, what was asked for and is not there yet, and who owns it. It stands in
// registrations.json beside server.yaml. The administration and `causeway ctl` write it
// (management/registration_file.hpp), everybody reads it along with server.yaml.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/view.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::securityserver {

// Another name for a subsystem; over when the global configuration has any other than `from`.
struct Renaming {
  std::string from, to;
  bool submitted = false;  // to the centre; else it goes along with the registration
  bool operator==(const Renaming&) const = default;
};

// Void once server.yaml has another status than `configured`: the administrator has decided anew.
struct ClientRegistration {
  ClientStatus configured = ClientStatus::saved;
  ClientStatus status = ClientStatus::saved;
  std::optional<Renaming> renaming = {};
  bool operator==(const ClientRegistration&) const = default;
};

// Void once server.yaml has another server than `configured`.
struct OwnerChange {
  ServerId configured;
  ClientId owner;
  bool operator==(const OwnerChange&) const = default;
};

// What was asked for of the server itself; over when the global configuration has it, the address
// when that is any other than `from`.
struct AddressChange {
  std::string from, to;
  bool operator==(const AddressChange&) const = default;
};
struct MaintenanceChange {
  bool begins = false;
  std::string message;
  bool operator==(const MaintenanceChange&) const = default;
};

struct Registrations {
  std::optional<OwnerChange> owner;
  std::optional<AddressChange> address;
  std::optional<MaintenanceChange> maintenance;
  std::map<ClientId, ClientRegistration> clients;

  // Of a client of server.yaml. Nothing: nothing is noted, or it is void.
  const ClientRegistration* find(const Client& client) const;
  ClientStatus status_of(const Client& client) const;
  // Forgets what server.yaml says itself.
  void note(const Client& client, ClientStatus status);
  void note(const Client& client, std::optional<Renaming> renaming);

  bool operator==(const Registrations&) const = default;
};

// Beside which server.yaml.
std::filesystem::path registrations_file(const std::filesystem::path& configuration);
// None when there is no such file. malformed_server_conf names it, and says what to do.
Result<Registrations> read_registrations(const std::filesystem::path& file);
std::string to_json(const Registrations& registrations);

// Statuses and owner become those that are noted. malformed_server_conf when that owner is no client.
Result<void> apply(const Registrations& registrations, ServerConfiguration& configuration);

// `client` is the owner or a client of `server`.
bool is_listed(const globalconf::View& view, const ServerId& server, const ClientId& client);
// By the global configuration at hand, which may be newer than what is noted.
ClientStatus status_in_force(const Client& client, const ServerConfiguration& configuration,
                             const globalconf::View& view);

}  // namespace causeway::securityserver
