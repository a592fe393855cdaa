// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <charconv>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/management_request_json.hpp"
#include "centralserver/api/request_refusal.hpp"
#include "centralserver/requests/management_requests.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;
using admin::Outcome;

// Of a path that was held against the description.
std::int64_t asked_for(const ApiRequest& request) {
  const std::string& text = in_path(request, "management_request_id");
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

Result<Outcome> add(Change& change, const ApiRequest& request) {
  auto asked = new_request(body_of(request));
  if (!asked) return asked.error();
  auto added = add_request(change, *asked);
  if (!added) {
    const auto status = status_of_refusal(asked->type, added.error());
    return status ? Result<Outcome>(admin::api_error(*status, added.error().code)) : added.error();
  }
  return Outcome(json_answer(request_json(*added), added->status == RequestStatus::approved ? 201 : 202));
}

// Which permission is needed depends on the type: "APPROVE_CLIENT_REGISTRATION_REQUEST".
template <class Work>
OperationsOf::Decide with_permission(std::string verb, Work work) {
  return [verb = std::move(verb), work](Change& change, const ApiRequest& request) -> Result<Outcome> {
    auto found = management_request(change.registry(), asked_for(request));
    if (!found) return found.error();
    if (!request.caller.may(verb + std::string(to_string(found->type)))) return Outcome(admin::ApiError{.status = 403});
    return work(change, found->number);
  };
}

Result<Outcome> approve(Change& change, std::int64_t number) {
  auto approved = approve_request(change, number);
  if (!approved) return approved.error();
  return Outcome(json_answer(request_json(*approved)));
}

Result<Outcome> revoke(Change& change, std::int64_t number) {
  auto revoked = revoke_request(change, number);
  if (!revoked) return revoked.error();
  return Outcome(ApiAnswer{.status = 200});
}

}  // namespace

void add_management_request_operations(OperationsOf& api) {
  api.decide("addManagementRequest", &add);
  api.decide("approveManagementRequest", with_permission("APPROVE_", &approve));
  api.decide("revokeManagementRequest", with_permission("REVOKE_", &revoke));
}

}  // namespace causeway::centralserver
