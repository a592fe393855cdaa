// SPDX-License-Identifier: MIT
#include "centralserver/api/request_refusal.hpp"

#include "admin/api_definition.hpp"
#include "centralserver/api/documents.hpp"
#include "centralserver/registry/registry_fault.hpp"

namespace causeway::centralserver {

std::optional<int> status_of_refusal(RequestType type, const Fault& why) {
  static const auto definition = admin::ApiDefinition::parse(api_description());
  const bool no_certificate = why.code == to_string(RegistryFault::management_request_invalid_auth_certificate);
  const bool no_server = why.code == to_string(RegistryFault::management_request_server_not_found);
  // What the request is about is fine there, but not how things stand.
  const bool conflict = (no_certificate && type == RequestType::AUTH_CERT_DELETION) ||
                        (no_server && (type == RequestType::CLIENT_REGISTRATION || type == RequestType::OWNER_CHANGE));
  return conflict ? 409 : definition->status_of("addManagementRequest", why.code);
}

}  // namespace causeway::centralserver
