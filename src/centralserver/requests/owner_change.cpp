// SPDX-License-Identifier: MIT
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/requests/registrations.hpp"
#include "centralserver/requests/request_rows.hpp"

namespace causeway::centralserver {

Result<AdmittedRequest> admit_owner_change(const Change& change, NewRequest added) {
  auto pending = requests_in(change.registry(), added.type, added.server, RequestStatus::waiting,
                             RequestStatus::submitted_for_approval);
  if (!pending) return pending.error();
  if (!pending->empty())
    return fault(RegistryFault::management_request_exists, "Request " + std::to_string(pending->front().number) +
                                                               " to change the owner of " + added.server.to_string() +
                                                               " waits already");
  if (auto possible = check_owner_change(change.registry(), added.server, *added.client); !possible)
    return possible.error();
  return AdmittedRequest{std::move(added), std::nullopt};
}

Result<bool> owner_change_is_prepared(const Registry& registry, const NewRequest& request) {
  auto owner = member(registry, *request.client);
  if (owner) return true;
  return owner.error().code == to_string(RegistryFault::member_not_found) ? Result<bool>(false) : owner.error();
}

Result<void> carry_out_owner_change(Change& change, const ManagementRequest& request) {
  auto done = change_owner(change, request.server, *request.client);
  return done ? Result<void>() : done.error();
}

}  // namespace causeway::centralserver
