// SPDX-License-Identifier: MIT
#include "centralserver/requests/immediate_requests.hpp"

#include <algorithm>

#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/requests/registrations.hpp"
#include "centralserver/requests/request_rows.hpp"

namespace causeway::centralserver {
namespace {

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

Fault no_client(const NewRequest& request) {
  return fault(RegistryFault::management_request_server_client_not_found,
               request.client->to_string() + " is not a client of " + request.server.to_string());
}

// The clients of a server, none of one that is not there.
Result<std::vector<ServerClient>> clients_of(const Registry& registry, const ServerId& server) {
  auto clients = server_clients(registry, server);
  if (!clients && clients.error().code == to_string(RegistryFault::security_server_not_found))
    return std::vector<ServerClient>();
  return clients;
}

Result<bool> has_client(const Registry& registry, const NewRequest& request) {
  auto clients = clients_of(registry, request.server);
  if (!clients) return clients.error();
  return std::ranges::find(*clients, *request.client, &ServerClient::id) != clients->end();
}

// A registration that waits is revoked; one that was declined is left alone, and so the Security
// Server that asked for it can forget the client.
Result<NewRequest> delete_client(Change& change, NewRequest request) {
  auto registered = has_client(change.registry(), request);
  if (!registered) return registered.error();
  if (*registered) {
    auto done = unregister_client(change, request.server, *request.client);
    return done ? Result<NewRequest>(std::move(request)) : done.error();
  }
  auto earlier = requests_in(change.registry(), RequestType::CLIENT_REGISTRATION, request.server, *request.client,
                             RequestStatus::waiting, RequestStatus::declined);
  if (!earlier) return earlier.error();
  const auto waiting = std::ranges::find(*earlier, RequestStatus::waiting, &ManagementRequest::status);
  if (waiting != earlier->end()) {
    auto revoked = store_status(change, *waiting, RequestStatus::revoked);
    return revoked ? Result<NewRequest>(std::move(request)) : revoked.error();
  }
  if (!earlier->empty()) return request;
  return fault(RegistryFault::management_request_client_registration_not_found,
               request.client->to_string() + " is not a client of " + request.server.to_string() +
                   ", and does not wait to become one");
}

Result<NewRequest> delete_certificate(Change& change, NewRequest request) {
  const Fault missing = fault(RegistryFault::management_request_invalid_auth_certificate,
                              "The certificate is not registered, and does not wait to be");
  auto certificate = pki::Certificate::from_der_or_pem(request.certificate);
  if (!certificate) return missing;
  request.certificate = certificate->der();
  auto registered = is_registered(change.registry(), *certificate);
  if (!registered) return registered.error();
  if (*registered) {
    auto own = authentication_certificates(change.registry(), request.server);
    if (!own) return own.error();
    const auto found = std::ranges::find(*own, *certificate, &AuthenticationCertificate::certificate);
    if (found == own->end())
      return fault(RegistryFault::security_server_not_found, "The certificate is that of another server");
    auto done = delete_authentication_certificate(change, request.server, found->number);
    return done ? Result<NewRequest>(std::move(request)) : done.error();
  }
  auto waiting =
      certificate_requests_in(change.registry(), request.certificate, RequestStatus::waiting, RequestStatus::waiting);
  if (!waiting) return waiting.error();
  const auto found = std::ranges::find(*waiting, request.server, &ManagementRequest::server);
  if (found == waiting->end()) return missing;
  auto revoked = store_status(change, *found, RequestStatus::revoked);
  return revoked ? Result<NewRequest>(std::move(request)) : revoked.error();
}

Result<NewRequest> enable(Change& change, NewRequest request, bool enabled) {
  auto done = enable_client(change, request.server, *request.client, enabled);
  return done ? Result<NewRequest>(std::move(request)) : done.error();
}

Result<NewRequest> rename(Change& change, NewRequest request) {
  if (!request.client->is_subsystem())
    return fault(RegistryFault::management_request_only_subsystem_rename_allowed,
                 request.client->to_string() + " is not a subsystem");
  if (is_blank(request.subsystem_name))
    return fault(RegistryFault::management_request_invalid_subsystem_name, "The name is blank");
  auto registered = has_client(change.registry(), request);
  if (!registered) return registered.error();
  if (!*registered) return no_client(request);
  auto before = subsystem(change.registry(), *request.client);
  if (!before) return before.error();
  if (auto done = rename_subsystem(change, *request.client, request.subsystem_name); !done) return done.error();
  request.comments = rename_comment(before->name, request.subsystem_name, request.comments);
  return request;
}

Result<NewRequest> change_address(Change& change, NewRequest request) {
  auto server = told_as(security_server(change.registry(), request.server), RegistryFault::security_server_not_found,
                        RegistryFault::management_request_server_not_found);
  if (!server) return server.error();
  auto done = told_as(set_server_address(change, request.server, request.address), RegistryFault::validation_failure,
                      RegistryFault::management_request_invalid_server_address);
  if (!done) return done.error();
  const std::string comment = "Changing from '" + server->address + "'.";
  request.comments = request.comments ? comment + " " + *request.comments : comment;
  return request;
}

Result<NewRequest> maintain(Change& change, NewRequest request) {
  auto done = request.type == RequestType::MAINTENANCE_MODE_ENABLE
                  ? begin_maintenance(change, request.server, request.comments)
                  : end_maintenance(change, request.server);
  return done ? Result<NewRequest>(std::move(request)) : done.error();
}

}  // namespace

Result<NewRequest> carry_out_at_once(Change& change, NewRequest added) {
  switch (added.type) {
    case RequestType::CLIENT_DELETION:
      return delete_client(change, std::move(added));
    case RequestType::CLIENT_DISABLE:
      return enable(change, std::move(added), false);
    case RequestType::CLIENT_ENABLE:
      return enable(change, std::move(added), true);
    case RequestType::CLIENT_RENAME:
      return rename(change, std::move(added));
    case RequestType::AUTH_CERT_DELETION:
      return delete_certificate(change, std::move(added));
    case RequestType::ADDRESS_CHANGE:
      return change_address(change, std::move(added));
    case RequestType::MAINTENANCE_MODE_ENABLE:
    case RequestType::MAINTENANCE_MODE_DISABLE:
      return maintain(change, std::move(added));
    default:
      return fault(RegistryFault::management_request_not_supported,
                   std::string(to_string(added.type)) + " waits for approval");
  }
}

}  // namespace causeway::centralserver
