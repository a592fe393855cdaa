// SPDX-License-Identifier: MIT
// What is done with management requests: added, approved, declined. What a request asks for is
// done with its approval, or at once when nobody needs to approve it.
#pragma once

#include <cstdint>

#include "centralserver/registry/change.hpp"
#include "centralserver/requests/management_request.hpp"

namespace causeway::centralserver {

// management_request_not_found.
Result<ManagementRequest> management_request(const Registry& registry, std::int64_t number);

// The request as it is afterwards: approved when it met one of the other side, when the system
// parameters say so, or takes effect at once (and has no status). All refusals of
// registry_fault.hpp that begin with management_request_ or mr_, validation_failure for what
// cannot be published, security_server_not_found when a certificate to delete is another server's.
Result<ManagementRequest> add_request(Change& change, const NewRequest& added);

// Of those that wait only: management_request_invalid_state_for_approval. member_class_not_found
// when a member has to be made, and what the registry has come to refuse since.
Result<ManagementRequest> approve_request(Change& change, std::int64_t number);

// One of the centre that nobody met is revoked, others are declined.
// management_request_invalid_state, management_request_not_supported.
Result<ManagementRequest> revoke_request(Change& change, std::int64_t number);

// The provider of the management services becomes a client of `server` by a request of the centre,
// which is approved at once. The faults of management_service_provider_to_register, add_request
// and approve_request.
Result<void> register_provider(Change& change, const ServerId& server);

// As delete_security_server, unregister_client and delete_authentication_certificate, with their
// faults; and a deletion request of the centre for everything that goes, so that the list of
// requests tells what became of it.
Result<void> remove_security_server(Change& change, const ServerId& server);
Result<void> remove_client(Change& change, const ServerId& server, const ClientId& client);
Result<void> remove_authentication_certificate(Change& change, const ServerId& server, std::int64_t certificate);

}  // namespace causeway::centralserver
