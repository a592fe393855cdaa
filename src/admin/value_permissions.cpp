// SPDX-License-Identifier: MIT
#include "admin/value_permissions.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "base/log.hpp"

namespace causeway::admin {

namespace json = boost::json;

ValuePermissions::ValuePermissions(const json::object& operation) {
  const auto add = [&](const json::object& from) -> Rule* {
    const std::string_view place = from.at("in").as_string();
    if (place == "resource") return nullptr;
    if (place != "path" && place != "body")
      throw std::runtime_error("a permission cannot depend on what is in " + std::string(place));
    return &rules_.emplace_back(Rule{.in_path = place == "path", .name = std::string(from.at("name").as_string())});
  };
  if (const json::value* const by = operation.if_contains("x-permission-by"))
    if (Rule* const rule = add(by->as_object())) {
      rule->complete = true;
      for (const auto& [value, permissions] : by->as_object().at("values").as_object())
        for (const json::value& each : permissions.as_array()) rule->needed[value].emplace_back(each.as_string());
    }
  if (const json::value* const also = operation.if_contains("x-permission-also"))
    if (Rule* const rule = add(also->as_object())) {
      for (const auto& [value, permission] : also->as_object().at("required").as_object())
        rule->needed[value].emplace_back(permission.as_string());
      for (const auto& [value, permission] : also->as_object().at("forbidden").as_object())
        rule->forbidden[value] = permission.as_string();
    }
}

std::optional<ApiError> ValuePermissions::check(const Rule& rule, const Caller& caller, std::string_view value) {
  const auto needed = rule.needed.find(value);
  const auto forbidden = rule.forbidden.find(value);
  const bool suffices =
      needed == rule.needed.end()
          ? !rule.complete
          : std::ranges::any_of(needed->second, [&](const std::string& each) { return caller.may(each); });
  if (suffices && (forbidden == rule.forbidden.end() || !caller.may(forbidden->second))) return std::nullopt;
  log::warn("admin API: {} may not do this with the {} \"{}\"", caller.name, rule.name, value);
  return ApiError{.status = 403};
}

std::optional<ApiError> ValuePermissions::check_path(const ApiRequest& request) const {
  for (const Rule& rule : rules_) {
    if (!rule.in_path) continue;
    const auto value = request.path.find(rule.name);
    if (auto refused = check(rule, request.caller, value == request.path.end() ? "" : value->second)) return refused;
  }
  return std::nullopt;
}

std::optional<ApiError> ValuePermissions::check_body(const Caller& caller, const json::value& body) const {
  for (const Rule& rule : rules_) {
    if (rule.in_path) continue;
    const json::value* const value = body.is_object() ? body.get_object().if_contains(rule.name) : nullptr;
    const bool text = value != nullptr && value->is_string();
    if (auto refused = check(rule, caller, text ? std::string_view(value->get_string()) : std::string_view()))
      return refused;
  }
  return std::nullopt;
}

}  // namespace causeway::admin
