// SPDX-License-Identifier: MIT
#include "centralserver/api/client_json.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <vector>

#include "centralserver/registry/members.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;

std::vector<std::string> parts_of(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const auto colon = text.find(':');
    parts.emplace_back(text.substr(0, colon));
    if (colon == std::string_view::npos || parts.size() > 4) return parts;
    text.remove_prefix(colon + 1);
  }
}

}  // namespace

std::string encoded_id(const ClientId& id) {
  std::string text = id.instance() + ":" + id.member_class() + ":" + id.member_code();
  if (id.is_subsystem()) text += ":" + id.subsystem();
  return text;
}

Result<ClientId> decode_client_id(std::string_view text, std::string_view code) {
  const auto parts = parts_of(text);
  if (parts.size() == 3 || (parts.size() == 4 && !parts[3].empty()))
    if (auto id = ClientId::make(parts[0], parts[1], parts[2], parts.size() == 4 ? parts[3] : std::string())) return id;
  return Fault{std::string(code), "\"" + std::string(text) + "\" is no identifier of a member or subsystem"};
}

json::object client_id_json(const ClientId& id) {
  json::object out{{"instance_id", id.instance()},
                   {"type", id.is_subsystem() ? "SUBSYSTEM" : "MEMBER"},
                   {"member_class", id.member_class()},
                   {"member_code", id.member_code()}};
  if (id.is_subsystem()) out["subsystem_code"] = id.subsystem();
  out["encoded_id"] = encoded_id(id);
  return out;
}

Result<ClientId> new_client_id(const Registry& registry, const json::object& id) {
  auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  auto made =
      ClientId::make(*instance, text_in(id, "member_class"), text_in(id, "member_code"), text_in(id, "subsystem_code"));
  if (!made) return Fault{"validation_failure", made.error().text};
  return made;
}

json::object client_json(const ClientId& id, const std::string& member_name, const std::string& subsystem_name) {
  json::object out{{"member_name", member_name}, {"client_id", client_id_json(id)}};
  if (!subsystem_name.empty()) out["subsystem_name"] = subsystem_name;
  return out;
}

Result<json::object> client_json(const Registry& registry, const ClientId& id) {
  auto owner = member(registry, id.member());
  if (!owner) return owner.error();
  if (!id.is_subsystem()) return client_json(id, owner->name, "");
  auto described = subsystem(registry, id);
  if (!described) return described.error();
  return client_json(id, owner->name, described->name);
}

admin::ApiAnswer json_answer(const json::value& value, int status) {
  return {.status = status, .body = json::serialize(value)};
}

admin::ApiAnswer file_answer(std::string content, const std::string& name, std::string content_type) {
  return {.body = std::move(content),
          .content_type = std::move(content_type),
          .headers = {{"Content-Disposition", "attachment; filename=\"" + name + "\""}}};
}

json::object body_of(const admin::ApiRequest& request) { return json::parse(request.body).as_object(); }

std::string text_in(const json::object& body, std::string_view name) {
  const json::value* const found = body.if_contains(name);
  return found == nullptr || !found->is_string() ? std::string() : std::string(found->get_string());
}

std::int64_t number_in_path(const admin::ApiRequest& request, std::string_view name) {
  const std::string& text = in_path(request, name);
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string text_in_form(const admin::ApiRequest& request, std::string_view name) {
  const std::string* const text = request.form.text(name);
  return text == nullptr ? std::string() : *text;
}

std::optional<Bytes> file_in_form(const admin::ApiRequest& request, std::string_view name) {
  const message::FormField* const file = request.form.file(name);
  if (file == nullptr || file->value.empty()) return std::nullopt;
  return to_bytes(file->value);
}

const std::string& in_path(const admin::ApiRequest& request, std::string_view name) {
  return request.path.find(name)->second;
}

}  // namespace causeway::centralserver
