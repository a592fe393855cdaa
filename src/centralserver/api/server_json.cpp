// SPDX-License-Identifier: MIT
#include "centralserver/api/server_json.hpp"

#include <boost/json.hpp>

#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/members.hpp"

namespace causeway::centralserver {

namespace json = boost::json;

std::string encoded_id(const ServerId& id) { return encoded_id(id.owner()) + ":" + id.code(); }

// It has the form of a subsystem's, with the server in place of the subsystem.
Result<ServerId> decode_server_id(std::string_view text) {
  auto parts = decode_client_id(text, "invalid_encoded_id");
  if (!parts) return parts.error();
  if (parts->is_subsystem())
    if (auto id = ServerId::make(parts->instance(), parts->member_class(), parts->member_code(), parts->subsystem()))
      return id;
  return Fault{"invalid_encoded_id", "\"" + std::string(text) + "\" is no identifier of a Security Server"};
}

json::object server_id_json(const ServerId& id) {
  return {{"instance_id", id.owner().instance()},
          {"type", "SERVER"},
          {"member_class", id.owner().member_class()},
          {"member_code", id.owner().member_code()},
          {"server_code", id.code()},
          {"encoded_id", encoded_id(id)}};
}

json::object server_json(const RegisteredServer& server, const std::string& owner_name) {
  json::object out{{"server_id", server_id_json(server.id)},
                   {"owner_name", owner_name},
                   {"server_address", server.address},
                   {"in_maintenance_mode", server.maintenance.has_value()},
                   {"created_at", to_iso_millis(server.created)},
                   {"updated_at", to_iso_millis(server.updated)}};
  if (server.maintenance && server.maintenance->message) out["maintenance_mode_message"] = *server.maintenance->message;
  return out;
}

Result<json::object> server_json(const Registry& registry, const RegisteredServer& server) {
  auto owner = member(registry, server.id.owner());
  if (!owner) return owner.error();
  return server_json(server, owner->name);
}

}  // namespace causeway::centralserver
