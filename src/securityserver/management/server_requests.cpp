// SPDX-License-Identifier: MIT
#include "securityserver/management/server_requests.hpp"

namespace causeway::securityserver {
namespace {

Fault refused(std::string_view code, std::string text) { return Fault{std::string(code), std::move(text)}; }

bool is_due(const std::optional<AddressChange>& change, const globalconf::ServerEntry& server) {
  return change && change->from == server.address;
}

bool is_due(const std::optional<MaintenanceChange>& change, const globalconf::ServerEntry& server) {
  return change && change->begins != server.maintenance.has_value();
}

Result<void> check_maintenance(bool begins, const ServerConfiguration& configuration, const Registrations& noted,
                               const globalconf::ServerEntry& server, const globalconf::View& view) {
  const auto* const centre = view.private_parameters();
  if (begins && centre != nullptr && configuration.find_client(centre->management.provider) != nullptr)
    return refused(kManagementServicesServer, "the server of the management services stays in use");
  if (is_due(noted.maintenance, server))
    return refused(kMaintenanceSubmitted, "this was asked for, and is not in the global configuration yet");
  if (begins && server.maintenance) return refused(kAlreadyInMaintenance, "the server is in maintenance already");
  if (!begins && !server.maintenance) return refused(kNotInMaintenance, "the server is not in maintenance");
  return {};
}

}  // namespace

Result<void> check_server_request(const CentreRequest& request, const ServerConfiguration& configuration,
                                  const Registrations& noted, const globalconf::View& view) {
  const globalconf::ServerEntry* const server = view.server(configuration.id);
  // The centre will say that it does not know it.
  if (server == nullptr) return {};
  switch (request.service) {
    case CentreService::addressChange:
      if (is_due(noted.address, *server))
        return refused(kAddressSubmitted, "the address " + noted.address->to + " was asked for, and is not there yet");
      if (request.address == server->address) return refused(kSameAddress, "the server has this address already");
      return {};
    case CentreService::maintenanceModeEnable:
      return check_maintenance(true, configuration, noted, *server, view);
    case CentreService::maintenanceModeDisable:
      return check_maintenance(false, configuration, noted, *server, view);
    default:
      return {};
  }
}

void note_server_request(Registrations& noted, const CentreRequest& request, const globalconf::View& view) {
  const globalconf::ServerEntry* const server = view.server(request.server);
  if (server == nullptr) return;
  if (request.service == CentreService::addressChange)
    noted.address = AddressChange{server->address, request.address.value_or("")};
  if (request.service == CentreService::maintenanceModeEnable)
    noted.maintenance = MaintenanceChange{true, request.message.value_or("")};
  if (request.service == CentreService::maintenanceModeDisable) noted.maintenance = MaintenanceChange{false, ""};
}

void follow_server(Registrations& noted, const ServerId& server, const globalconf::View& view) {
  const globalconf::ServerEntry* const entry = view.server(server);
  if (entry == nullptr) return;
  if (!is_due(noted.address, *entry)) noted.address.reset();
  if (!is_due(noted.maintenance, *entry)) noted.maintenance.reset();
}

}  // namespace causeway::securityserver
