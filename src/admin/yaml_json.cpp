// SPDX-License-Identifier: MIT
#include "admin/yaml_json.hpp"

#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <string>

namespace causeway::admin {
namespace {

namespace json = boost::json;

json::value scalar(const YAML::Node& node) {
  const std::string text = node.Scalar();
  if (node.Tag() == "!") return json::string(text);  // in quotes
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  if (text == "true" || text == "false") return text == "true";
  std::int64_t whole = 0;
  if (YAML::convert<std::int64_t>::decode(node, whole)) return whole;
  double real = 0;
  if (YAML::convert<double>::decode(node, real)) return real;
  return json::string(text);
}

json::value converted(const YAML::Node& node) {
  if (node.IsMap()) {
    json::object object;
    for (const auto& entry : node) object[entry.first.Scalar()] = converted(entry.second);
    return object;
  }
  if (node.IsSequence()) {
    json::array array;
    for (const auto& each : node) array.push_back(converted(each));
    return array;
  }
  return node.IsScalar() ? scalar(node) : json::value(nullptr);
}

}  // namespace

json::value yaml_as_json(std::string_view yaml) { return converted(YAML::Load(std::string(yaml))); }

}  // namespace causeway::admin
