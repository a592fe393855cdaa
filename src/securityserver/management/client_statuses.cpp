// SPDX-License-Identifier: MIT
#include "securityserver/management/client_statuses.hpp"

#include <algorithm>

namespace causeway::securityserver {
namespace {

// Since which version of the global configuration subsystems have names.
constexpr int kVersionOfNames = 5;

Fault refused(std::string_view code, std::string text) { return Fault{std::string(code), std::move(text)}; }

// A request of a client with its rule: statuses that allow it.
Result<void> check_status(const CentreRequest& request, ClientStatus status,
                          std::initializer_list<ClientStatus> allowed) {
  if (std::ranges::find(allowed, status) != allowed.end()) return {};
  std::string which;
  for (const ClientStatus each : allowed) which += (which.empty() ? "'" : " or '") + std::string(to_string(each)) + "'";
  return refused(kActionNotPossible, request.client->to_string() + " is '" + std::string(to_string(status)) + "': " +
                                         std::string(to_string(request.service)) + " takes a client that is " + which);
}

Result<void> check_renaming(const CentreRequest& request, ClientStatus status, const ClientRegistration* noted,
                            const globalconf::View& view) {
  if (view.version_of(request.client->instance()) < kVersionOfNames)
    return refused(kActionNotPossible, "the global configuration is of a version without names of subsystems");
  if (!request.client->is_subsystem()) return refused(kActionNotPossible, "only a subsystem can be renamed");
  const std::string name = subsystem_name(view, *request.client);
  if (request.subsystem_name.value_or("") == name)
    return refused(kSameClientName, "the subsystem has this name already");
  if (auto allowed = check_status(request, status, {ClientStatus::saved, ClientStatus::registered}); !allowed)
    return allowed;
  if (status == ClientStatus::registered && noted != nullptr && noted->renaming && noted->renaming->submitted &&
      noted->renaming->from == name)
    return refused(kRenamingSubmitted, "the name '" + noted->renaming->to + "' was asked for, and is not there yet");
  return {};
}

Result<void> check_owner_change(const CentreRequest& request, ClientStatus status, const ClientId& owner) {
  if (request.client->is_subsystem()) return refused(kActionNotPossible, "only a member can be an owner");
  if (*request.client == owner) return refused(kMemberAlreadyOwner, owner.to_string() + " is the owner already");
  return check_status(request, status, {ClientStatus::registered});
}

Result<void> check_allowed(const CentreRequest& request, const ClientId& owner, ClientStatus status,
                           const ClientRegistration* noted, const globalconf::View& view) {
  switch (request.service) {
    case CentreService::clientReg:
      if (*request.client == owner) return refused(kCannotRegisterOwner, "the owner is registered with its server");
      return check_status(request, status, {ClientStatus::saved});
    case CentreService::clientDeletion:
      if (*request.client == owner) return refused(kCannotUnregisterOwner, "the owner stays as long as its server");
      return check_status(request, status,
                          {ClientStatus::registered, ClientStatus::registration_in_progress, ClientStatus::disabled});
    case CentreService::clientDisable:
      if (const auto* centre = view.private_parameters();
          centre != nullptr && centre->management.provider == *request.client)
        return refused(kManagementServicesClient, "the management services are this client's");
      return check_status(request, status, {ClientStatus::registered});
    case CentreService::clientEnable:
      return check_status(request, status, {ClientStatus::disabled});
    case CentreService::clientRename:
      return check_renaming(request, status, noted, view);
    case CentreService::ownerChange:
      return check_owner_change(request, status, owner);
    default:
      return {};
  }
}

}  // namespace

Result<ClientStatus> check_client_request(const CentreRequest& request, const ServerConfiguration& configuration,
                                          const Registrations& noted, const globalconf::View& view) {
  const Client* const client = configuration.find_client(*request.client);
  if (client == nullptr) return refused(kClientNotFound, request.client->to_string() + " is no client in server.yaml");
  const ClientStatus status =
      status_by_configuration(noted.status_of(*client), is_listed(view, configuration.id, client->id));
  auto allowed = check_allowed(request, configuration.id.owner(), status, noted.find(*client), view);
  return allowed ? Result<ClientStatus>(status) : allowed.error();
}

std::optional<ClientStatus> status_by_request(CentreService service) {
  switch (service) {
    case CentreService::clientReg:
      return ClientStatus::registration_in_progress;
    case CentreService::clientDeletion:
      return ClientStatus::deletion_in_progress;
    case CentreService::clientDisable:
      return ClientStatus::disabling_in_progress;
    case CentreService::clientEnable:
      return ClientStatus::enabling_in_progress;
    default:
      return std::nullopt;
  }
}

void note_request(Registrations& noted, const CentreRequest& request, const Client& client,
                  const globalconf::View& view, bool sent) {
  if (const auto status = status_by_request(request.service); status && sent) noted.note(client, *status);
  if (!request.subsystem_name) return;
  std::string name = subsystem_name(view, client.id);
  if (name != *request.subsystem_name) noted.note(client, Renaming{std::move(name), *request.subsystem_name, sent});
}

std::string subsystem_name(const globalconf::View& view, const ClientId& subsystem) {
  for (const globalconf::MemberEntry& entry : view.members(subsystem.instance()))
    if (entry.id == subsystem) return entry.subsystem_name.value_or("");
  return "";
}

std::vector<StatusChange> follow_configuration(Registrations& noted, const ServerConfiguration& configuration,
                                               const globalconf::View& view) {
  const ServerId configured = configuration.configured_id.value_or(configuration.id);
  if (noted.owner && noted.owner->configured != configured) noted.owner.reset();
  std::erase_if(noted.clients, [&](const auto& entry) {
    const Client* const client = configuration.find_client(entry.first);
    return client == nullptr || noted.find(*client) == nullptr;
  });
  std::vector<StatusChange> changes;
  for (const auto& [id, client] : configuration.clients) {
    const ClientStatus from = noted.status_of(client);
    const ClientStatus to = status_by_configuration(from, is_listed(view, configuration.id, id));
    if (to != from) {
      noted.note(client, to);
      changes.push_back({id, from, to});
    }
    const ClientRegistration* const registration = noted.find(client);
    if (registration != nullptr && registration->renaming && registration->renaming->from != subsystem_name(view, id))
      noted.note(client, std::optional<Renaming>());
  }
  return changes;
}

}  // namespace causeway::securityserver
