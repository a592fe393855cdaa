// SPDX-License-Identifier: MIT
// The registered security servers: whose they are and where they are reached. What they serve
// is in server_clients.hpp, how they prove who they are in authentication_certificates.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/change.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::centralserver {

struct RegisteredServer {
  std::int64_t number = 0;
  ServerId id;
  std::string address;
  std::optional<globalconf::Maintenance> maintenance;
  TimePoint created, updated;
};

Result<std::vector<RegisteredServer>> security_servers(const Registry& registry);
Result<std::vector<RegisteredServer>> security_servers_of(const Registry& registry, const ClientId& owner);
// security_server_not_found.
Result<RegisteredServer> security_server(const Registry& registry, const ServerId& id);

// What a registration does: the server is made unless it is there, gets this address, and its
// owner is put into the group of owners. management_request_server_owner_not_found,
// management_request_invalid_server_address.
Result<void> register_security_server(Change& change, const ServerId& id, const std::string& address);
// security_server_not_found, validation_failure.
Result<void> set_server_address(Change& change, const ServerId& id, const std::string& address);
// These three: management_request_server_not_found.
// management_request_server_already_in_maintenance_mode;
// mr_forbidden_enable_maintenance_mode_for_management_service.
Result<void> begin_maintenance(Change& change, const ServerId& id, const std::optional<std::string>& message);
// management_request_server_not_in_maintenance_mode.
Result<void> end_maintenance(Change& change, const ServerId& id);
// What change_owner refuses, before anything is changed.
Result<void> check_owner_change(const Registry& registry, const ServerId& id, const ClientId& owner);
// A client becomes the owner, the owner a client; the server is called otherwise from then on.
// management_request_owner_must_be_member, management_request_owner_must_be_client,
// management_request_client_already_owner, management_request_server_code_exists.
Result<ServerId> change_owner(Change& change, const ServerId& id, const ClientId& owner);
// With its clients' registrations and its certificates; an owner of no other server leaves the
// group of owners.
Result<void> delete_security_server(Change& change, const ServerId& id);

// For this library: one of a query whose rows begin with kServerColumns, of `instance`.
Result<RegisteredServer> read_server(const store::Statement& row, const std::string& instance);
inline constexpr const char* kServerColumns =
    " server.id, member_class.code, client.member_code, server.code, server.address, server.in_maintenance,"
    " server.maintenance_message, server.created, server.updated ";
inline constexpr const char* kServerTables =
    " security_server server JOIN client ON client.id = server.owner_id"
    " JOIN member_class ON member_class.id = client.member_class_id ";

}  // namespace causeway::centralserver
