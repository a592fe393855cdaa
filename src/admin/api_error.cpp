// SPDX-License-Identifier: MIT
#include "admin/api_error.hpp"

#include <boost/json.hpp>

namespace causeway::admin {
namespace {

namespace json = boost::json;

json::array texts(const std::vector<std::string>& values) { return json::array(values.begin(), values.end()); }

json::object detail(const ApiError::Detail& detail) {
  json::object out{{"code", detail.code}};
  if (!detail.metadata.empty()) out["metadata"] = texts(detail.metadata);
  return out;
}

}  // namespace

std::string to_json(const ApiError& error) {
  json::object out{{"status", error.status}};
  if (error.error || !error.validation_errors.empty()) {
    json::object inner = error.error ? detail(*error.error) : json::object{{"code", "validation_failure"}};
    if (!error.validation_errors.empty()) {
      json::object fields;
      for (const auto& [field, why] : error.validation_errors) fields[field] = texts(why);
      inner["validation_errors"] = std::move(fields);
    }
    out["error"] = std::move(inner);
  }
  if (!error.warnings.empty()) {
    json::array warnings;
    for (const auto& warning : error.warnings) warnings.push_back(detail(warning));
    out["warnings"] = std::move(warnings);
  }
  return json::serialize(out);
}

}  // namespace causeway::admin
