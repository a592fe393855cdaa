// SPDX-License-Identifier: MIT
// What requests to the centre and the global configuration make of the statuses of clients, and
// which requests a status allows (trust.md 9.5).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "securityserver/configuration/registrations.hpp"
#include "securityserver/management/centre_request.hpp"

namespace causeway::securityserver {

// The refusals of X-Road's admin API, by its codes.
inline constexpr std::string_view kActionNotPossible = "action_not_possible";
inline constexpr std::string_view kClientNotFound = "client_not_found";
inline constexpr std::string_view kCannotRegisterOwner = "cannot_register_owner";
inline constexpr std::string_view kCannotUnregisterOwner = "cannot_unregister_owner";
inline constexpr std::string_view kMemberAlreadyOwner = "member_already_owner";
inline constexpr std::string_view kManagementServicesClient = "forbidden_disable_management_service_client";
inline constexpr std::string_view kSameClientName = "invalid_client_name";
inline constexpr std::string_view kRenamingSubmitted = "client_rename_already_submitted";

// Whether `request` may be sent for its client, which is one of `configuration`, by the rules of
// X-Road. The status of the client, or a refusal with one of the codes above.
Result<ClientStatus> check_client_request(const CentreRequest& request, const ServerConfiguration& configuration,
                                          const Registrations& noted, const globalconf::View& view);

// The status of the client once the centre has taken such a request; nothing: it stays.
std::optional<ClientStatus> status_by_request(CentreService service);
// Notes that, and the name that was asked for; of one that was not sent the name, which goes along
// with the registration.
void note_request(Registrations& noted, const CentreRequest& request, const Client& client,
                  const globalconf::View& view, bool sent);

// The name that the global configuration has for a subsystem; empty: none.
std::string subsystem_name(const globalconf::View& view, const ClientId& subsystem);

struct StatusChange {
  ClientId client;
  ClientStatus from, to;
};
// Brings what is noted to where the configuration of the server and the global one are. Forgets
// what is void, and names that have arrived.
std::vector<StatusChange> follow_configuration(Registrations& noted, const ServerConfiguration& configuration,
                                               const globalconf::View& view);

}  // namespace causeway::securityserver
