// SPDX-License-Identifier: MIT
// The kinds of management requests that wait until somebody approves them: what is refused, what
// is approved at once, and what approval does. For this library only.
//
// admit_*: refuses the request, or gives it as it will be stored and the one of the other side
// that it meets. *_is_prepared: what there must be for one to be approved without anybody.
// carry_out_*: what approval does; looks at everything before it writes.
#pragma once

#include <optional>

#include "centralserver/registry/change.hpp"
#include "centralserver/requests/management_request.hpp"

namespace causeway::centralserver {

struct AdmittedRequest {
  NewRequest request;
  std::optional<ManagementRequest> met;
};

Result<AdmittedRequest> admit_certificate_registration(const Change& change, NewRequest added);
Result<bool> certificate_registration_is_prepared(const Registry& registry, const NewRequest& request);
Result<void> carry_out_certificate_registration(Change& change, const ManagementRequest& request);

Result<AdmittedRequest> admit_client_registration(const Change& change, NewRequest added);
Result<bool> client_registration_is_prepared(const Registry& registry, const NewRequest& request);
Result<void> carry_out_client_registration(Change& change, const ManagementRequest& request);

Result<AdmittedRequest> admit_owner_change(const Change& change, NewRequest added);
Result<bool> owner_change_is_prepared(const Registry& registry, const NewRequest& request);
Result<void> carry_out_owner_change(Change& change, const ManagementRequest& request);

// Of requests that say the same as `added`, the one that it meets. management_request_exists
// when one is of the same side, or of another server.
Result<std::optional<ManagementRequest>> met_by(const NewRequest& added, std::vector<ManagementRequest> pending);
// The member is made, called by its code, when there is none: member_class_not_found.
Result<void> make_member_if_missing(Change& change, const ClientId& member);
// "Changing subsystem name from 'a' to 'b'.", when both have a name and it is not the same.
std::optional<std::string> rename_comment(const std::string& before, const std::string& after,
                                          const std::optional<std::string>& comments);

}  // namespace causeway::centralserver
