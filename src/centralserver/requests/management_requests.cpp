// SPDX-License-Identifier: MIT
#include "centralserver/requests/management_requests.hpp"

#include <algorithm>

#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/member_classes.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "centralserver/requests/immediate_requests.hpp"
#include "centralserver/requests/registrations.hpp"
#include "centralserver/requests/request_rows.hpp"

namespace causeway::centralserver {
namespace {

// A kind that waits for approval.
struct Registration {
  Result<AdmittedRequest> (*admit)(const Change&, NewRequest);
  Result<bool> (*is_prepared)(const Registry&, const NewRequest&);
  Result<void> (*carry_out)(Change&, const ManagementRequest&);
  bool SystemParameters::* automatic;
};

std::optional<Registration> registration_of(RequestType type) {
  switch (type) {
    case RequestType::AUTH_CERT_REGISTRATION:
      return Registration{&admit_certificate_registration, &certificate_registration_is_prepared,
                          &carry_out_certificate_registration, &SystemParameters::approve_certificate_registrations};
    case RequestType::CLIENT_REGISTRATION:
      return Registration{&admit_client_registration, &client_registration_is_prepared, &carry_out_client_registration,
                          &SystemParameters::approve_client_registrations};
    case RequestType::OWNER_CHANGE:
      return Registration{&admit_owner_change, &owner_change_is_prepared, &carry_out_owner_change,
                          &SystemParameters::approve_owner_changes};
    default:
      return std::nullopt;
  }
}

bool is_open(const ManagementRequest& request) {
  return request.status == RequestStatus::waiting || request.status == RequestStatus::submitted_for_approval;
}

// Of the instance's, and such as could be registered: nothing is looked up by what could not.
Result<void> check_identifiers(const Registry& registry, const NewRequest& added) {
  const auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  const ClientId& owner = added.server.owner();
  if (owner.instance() != *instance)
    return fault(added.type == RequestType::AUTH_CERT_REGISTRATION
                     ? RegistryFault::management_request_server_owner_not_found
                     : RegistryFault::management_request_server_not_found,
                 added.server.to_string() + " is not of " + *instance);
  for (const std::string& part : {owner.member_class(), owner.member_code(), added.server.code()})
    if (auto code = check_code("A part of the identifier of the server", part); !code) return code;
  if (!added.client) return {};
  if (added.client->instance() != *instance)
    return fault(RegistryFault::management_request_member_not_found,
                 added.client->to_string() + " is not of " + *instance);
  for (const std::string& part : {added.client->member_class(), added.client->member_code()})
    if (auto code = check_code("A part of the identifier of the client", part); !code) return code;
  return added.client->is_subsystem() ? check_code("The subsystem code", added.client->subsystem()) : Result<void>();
}

bool is_about_a_client(RequestType type) {
  switch (type) {
    case RequestType::AUTH_CERT_REGISTRATION:
    case RequestType::AUTH_CERT_DELETION:
    case RequestType::ADDRESS_CHANGE:
    case RequestType::MAINTENANCE_MODE_ENABLE:
    case RequestType::MAINTENANCE_MODE_DISABLE:
      return false;
    default:
      return true;
  }
}

Result<ManagementRequest> approved(Change& change, const Registration& registration, const ManagementRequest& request) {
  if (auto done = registration.carry_out(change, request); !done) return done.error();
  if (auto stored = store_status(change, request, RequestStatus::approved); !stored) return stored.error();
  return stored_request(change.registry(), request.number);
}

Result<bool> approves_itself(const Registry& registry, const Registration& registration,
                             const ManagementRequest& request) {
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  if (!((*parameters).*registration.automatic) && request.status != RequestStatus::submitted_for_approval) return false;
  return registration.is_prepared(registry, request);
}

std::string deletion_comment(const ServerId& server) { return server.to_string() + " deletion"; }

}  // namespace

Result<std::optional<ManagementRequest>> met_by(const NewRequest& added, std::vector<ManagementRequest> pending) {
  if (pending.empty()) return std::optional<ManagementRequest>();
  ManagementRequest& first = pending.front();
  if (pending.size() == 1 && first.origin != added.origin && first.server == added.server)
    return std::optional(std::move(first));
  return fault(RegistryFault::management_request_exists,
               "Request " + std::to_string(first.number) + " for the same waits already");
}

Result<void> make_member_if_missing(Change& change, const ClientId& id) {
  auto known = member(change.registry(), id);
  if (known) return {};
  if (known.error().code != to_string(RegistryFault::member_not_found)) return known.error();
  return add_member(change, id, id.member_code());
}

std::optional<std::string> rename_comment(const std::string& before, const std::string& after,
                                          const std::optional<std::string>& comments) {
  if (before.empty() || after.empty() || before == after) return comments;
  std::string comment = "Changing subsystem name from '" + before + "' to '" + after + "'.";
  if (comments && !comments->empty()) comment += " " + *comments;
  return comment;
}

Result<ManagementRequest> management_request(const Registry& registry, std::int64_t number) {
  return stored_request(registry, number);
}

Result<ManagementRequest> add_request(Change& change, const NewRequest& added) {
  if (added.client.has_value() != is_about_a_client(added.type))
    return fault(RegistryFault::validation_failure, added.client ? "The request is not about a client"
                                                                 : "The request does not say which client it is about");
  if (auto good = check_identifiers(change.registry(), added); !good) return good.error();
  const auto registration = registration_of(added.type);
  if (!registration) {
    auto done = carry_out_at_once(change, added);
    return done ? store_request(change, *done, std::nullopt) : done.error();
  }
  auto admitted = registration->admit(change, added);
  if (!admitted) return admitted.error();
  auto request =
      store_request(change, admitted->request,
                    admitted->met ? RequestStatus::submitted_for_approval : RequestStatus::waiting, admitted->met);
  if (!request) return request;
  auto at_once = approves_itself(change.registry(), *registration, *request);
  if (!at_once) return at_once.error();
  return *at_once ? approved(change, *registration, *request) : request;
}

Result<ManagementRequest> approve_request(Change& change, std::int64_t number) {
  auto request = stored_request(change.registry(), number);
  if (!request) return request;
  const auto registration = registration_of(request->type);
  if (!registration || !is_open(*request))
    return fault(RegistryFault::management_request_invalid_state_for_approval,
                 "Request " + std::to_string(number) + " does not wait for approval");
  return approved(change, *registration, *request);
}

Result<ManagementRequest> revoke_request(Change& change, std::int64_t number) {
  auto request = stored_request(change.registry(), number);
  if (!request) return request;
  if (!request->processing)
    return fault(RegistryFault::management_request_not_supported,
                 "Request " + std::to_string(number) + " has taken effect, and needs no approval");
  if (!is_open(*request))
    return fault(RegistryFault::management_request_invalid_state,
                 "Request " + std::to_string(number) + " does not wait any more");
  auto sharing = requests_sharing(change.registry(), *request);
  if (!sharing) return sharing.error();
  const bool own = *sharing == 1 && request->origin == RequestOrigin::center;
  auto stored = store_status(change, *request, own ? RequestStatus::revoked : RequestStatus::declined);
  if (!stored) return stored.error();
  return stored_request(change.registry(), number);
}

Result<void> register_provider(Change& change, const ServerId& server) {
  auto provider = management_service_provider_to_register(change.registry());
  if (!provider) return provider.error();
  auto request = add_request(change, {.type = RequestType::CLIENT_REGISTRATION, .server = server, .client = *provider});
  if (request && request->status != RequestStatus::approved) request = approve_request(change, request->number);
  return request ? Result<void>() : request.error();
}

Result<void> remove_security_server(Change& change, const ServerId& server) {
  auto clients = server_clients(change.registry(), server);
  if (!clients) return clients.error();
  auto certificates = authentication_certificates(change.registry(), server);
  if (!certificates) return certificates.error();
  NewRequest left{.type = RequestType::CLIENT_DELETION, .server = server, .comments = deletion_comment(server)};
  for (const ServerClient& each : *clients) {
    left.client = each.id;
    if (auto stored = store_request(change, left, std::nullopt); !stored) return stored.error();
  }
  left.type = RequestType::AUTH_CERT_DELETION;
  left.client.reset();
  for (const AuthenticationCertificate& each : *certificates) {
    left.certificate = each.certificate.der();
    if (auto stored = store_request(change, left, std::nullopt); !stored) return stored.error();
  }
  return delete_security_server(change, server);
}

Result<void> remove_client(Change& change, const ServerId& server, const ClientId& client) {
  if (auto done = unregister_client(change, server, client); !done) return done;
  auto left =
      store_request(change, {.type = RequestType::CLIENT_DELETION, .server = server, .client = client}, std::nullopt);
  return left ? Result<void>() : left.error();
}

Result<void> remove_authentication_certificate(Change& change, const ServerId& server, std::int64_t certificate) {
  auto registered = authentication_certificates(change.registry(), server);
  if (!registered) return registered.error();
  const auto found = std::ranges::find(*registered, certificate, &AuthenticationCertificate::number);
  if (auto done = delete_authentication_certificate(change, server, certificate); !done) return done;
  auto left = store_request(
      change, {.type = RequestType::AUTH_CERT_DELETION, .server = server, .certificate = found->certificate.der()},
      std::nullopt);
  return left ? Result<void>() : left.error();
}

}  // namespace causeway::centralserver
