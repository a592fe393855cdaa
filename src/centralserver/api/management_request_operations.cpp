// SPDX-License-Identifier: MIT
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/certificate_json.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/management_request_json.hpp"
#include "centralserver/api/paged.hpp"
#include "centralserver/api/request_refusal.hpp"
#include "centralserver/api/server_json.hpp"
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

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  auto found = find_request(registry, asked_for(request));
  if (!found) return found.error();
  json::object out = request_row_json(*found);
  if (found->request.comments) out["comments"] = *found->request.comments;
  if (auto certificate = pki::Certificate::from_der(found->request.certificate))
    out["certificate_details"] = certificate_json(*certificate);
  return json_answer(out);
}

constexpr std::array kKeys{SortKey{"id", RequestOrder::number},
                           SortKey{"created_at", RequestOrder::created},
                           SortKey{"type", RequestOrder::type},
                           SortKey{"security_server_owner", RequestOrder::owner_name},
                           SortKey{"security_server_id", RequestOrder::server},
                           SortKey{"status", RequestOrder::status}};

// Repeated, or several with commas between.
Result<std::vector<RequestType>> types_asked(const ApiRequest& request) {
  std::vector<RequestType> types;
  for (const std::string& value : request.query.all("types"))
    for (std::string_view rest = value; !rest.empty();) {
      const auto comma = rest.find(',');
      const auto type = request_type(rest.substr(0, comma));
      if (!type) return Fault{"validation_failure", "no type of a management request: " + value};
      types.push_back(*type);
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  return types;
}

Result<RequestSearch> search_asked(const ApiRequest& request) {
  auto types = types_asked(request);
  if (!types) return types.error();
  RequestSearch search{.any = text_in_query(request, "query"),
                       .origin = request_origin(text_in_query(request, "origin")),
                       .types = *std::move(types),
                       .status = request_status(text_in_query(request, "status"))};
  if (const std::string server = text_in_query(request, "server_id"); !server.empty()) {
    auto id = decode_server_id(server);
    if (!id) return id.error();
    search.server = *std::move(id);
  }
  return search;
}

Result<ApiAnswer> find(const Registry& registry, const ApiRequest& request) {
  auto asked = page_asked(request);
  if (!asked) return asked.error();
  auto order = order_asked<RequestOrder>(*asked, kKeys, RequestOrder::number);
  if (!order) return order.error();
  auto search = search_asked(request);
  if (!search) return search.error();
  auto page = find_requests(registry, *search, *order, asked->paging);
  if (!page) return page.error();
  return paged_answer(*page, asked->paging, "items", &request_row_json);
}

}  // namespace

void add_management_request_operations(OperationsOf& api) {
  api.look("findManagementRequests", &find);
  api.look("getManagementRequest", &get);
  api.decide("addManagementRequest", &add);
  api.decide("approveManagementRequest", with_permission("APPROVE_", &approve));
  api.decide("revokeManagementRequest", with_permission("REVOKE_", &revoke));
}

}  // namespace causeway::centralserver
