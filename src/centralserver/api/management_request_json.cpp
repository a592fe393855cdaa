// SPDX-License-Identifier: MIT
#include "centralserver/api/management_request_json.hpp"

#include <boost/json.hpp>

#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_json.hpp"

namespace causeway::centralserver {

namespace json = boost::json;

Result<NewRequest> new_request(const json::object& body) {
  auto server = decode_server_id(text_in(body, "security_server_id"));
  if (!server) return server.error();
  const auto type = request_type(text_in(body, "type"));
  const auto origin = request_origin(text_in(body, "origin"));
  if (!type || !origin) return Fault{"validation_failure", "unknown type or origin"};
  NewRequest request{.type = *type, .origin = *origin, .server = *std::move(server)};
  if (body.contains("client_id")) {
    auto client = decode_client_id(text_in(body, "client_id"), "core.invalid_encoded_id");
    if (!client) return client.error();
    request.client = *std::move(client);
  }
  request.address = text_in(body, "server_address");
  request.subsystem_name = text_in(body, "subsystem_name");
  if (body.contains("message")) request.comments = text_in(body, "message");
  if (auto octets = from_base64(text_in(body, "authentication_certificate"))) request.certificate = *std::move(octets);
  return request;
}

json::object request_json(const ManagementRequest& request) {
  json::object out{{"id", request.number},
                   {"type", to_string(request.type)},
                   {"origin", to_string(request.origin)},
                   {"security_server_id", encoded_id(request.server)},
                   {"created_at", to_iso_millis(request.created)},
                   {"updated_at", to_iso_millis(request.updated)}};
  if (request.status) out["status"] = to_string(*request.status);
  if (request.client) out["client_id"] = encoded_id(*request.client);
  if (!request.address.empty()) out["server_address"] = request.address;
  if (!request.certificate.empty()) out["authentication_certificate"] = to_base64(request.certificate);
  if (!request.subsystem_name.empty()) out["subsystem_name"] = request.subsystem_name;
  if (request.type == RequestType::MAINTENANCE_MODE_ENABLE && request.comments) out["message"] = *request.comments;
  return out;
}

json::object request_row_json(const FoundRequest& found) {
  const ManagementRequest& request = found.request;
  json::object out{{"id", request.number},
                   {"type", to_string(request.type)},
                   {"origin", to_string(request.origin)},
                   {"security_server_id", server_id_json(request.server)},
                   {"created_at", to_iso_millis(request.created)}};
  if (found.owner_name) out["security_server_owner"] = *found.owner_name;
  if (!request.address.empty()) out["address"] = request.address;
  if (request.status) out["status"] = to_string(*request.status);
  if (request.client) out["client_id"] = client_id_json(*request.client);
  if (found.client_member_name) out["client_owner_name"] = *found.client_member_name;
  if (!request.subsystem_name.empty()) out["client_subsystem_name"] = request.subsystem_name;
  return out;
}

}  // namespace causeway::centralserver
