// SPDX-License-Identifier: MIT
// What may be asked of the centre about the server itself, and what was asked for and is not in the
// global configuration yet: its address, a maintenance.
#pragma once

#include "securityserver/configuration/registrations.hpp"
#include "securityserver/management/centre_request.hpp"

namespace causeway::securityserver {

// The refusals of X-Road's admin API, by its codes.
inline constexpr std::string_view kSameAddress = "same_address_change_request";
inline constexpr std::string_view kAddressSubmitted = "address_change_request_already_submitted";
inline constexpr std::string_view kAlreadyInMaintenance = "already_enabled_maintenance_mode";
inline constexpr std::string_view kNotInMaintenance = "already_disabled_maintenance_mode";
inline constexpr std::string_view kMaintenanceSubmitted = "maintenance_mode_change_request_already_submitted";
inline constexpr std::string_view kManagementServicesServer =
    "forbidden_enable_maintenance_mode_for_management_service";

// Of a request about the address or a maintenance: whether it may be sent. Any other may.
Result<void> check_server_request(const CentreRequest& request, const ServerConfiguration& configuration,
                                  const Registrations& noted, const globalconf::View& view);
void note_server_request(Registrations& noted, const CentreRequest& request, const globalconf::View& view);
// Forgets what has arrived.
void follow_server(Registrations& noted, const ServerId& server, const globalconf::View& view);

}  // namespace causeway::securityserver
