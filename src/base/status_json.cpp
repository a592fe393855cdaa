// SPDX-License-Identifier: MIT
#include "base/status_json.hpp"

#include <stdexcept>
#include <string>

namespace causeway::status_json {

namespace json = boost::json;

json::value from(const std::optional<TimePoint>& time) {
  return time ? json::value(to_iso_millis(*time)) : json::value(nullptr);
}

json::value from(const std::optional<Fault>& fault) {
  if (!fault) return nullptr;
  return json::object{{"code", fault->code}, {"text", fault->text}};
}

std::optional<TimePoint> time_in(const json::object& object, std::string_view name) {
  const json::value& value = object.at(name);
  if (value.is_null()) return std::nullopt;
  const auto time = parse_iso(value.as_string());
  if (!time) throw std::invalid_argument("no time");
  return *time;
}

std::optional<Fault> fault_in(const json::object& object, std::string_view name) {
  const json::value& value = object.at(name);
  if (value.is_null()) return std::nullopt;
  const json::object& fault = value.as_object();
  return Fault{std::string(fault.at("code").as_string()), std::string(fault.at("text").as_string())};
}

}  // namespace causeway::status_json
