// SPDX-License-Identifier: MIT
#include "centralserver/configuration/generation_status.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/parameters.hpp"
#include "base/status_json.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;

json::value to_value(const VersionStatus& status) {
  return {{"version", status.version},
          {"fault", status_json::from(status.fault)},
          {"internal_expires", status_json::from(status.internal_expires)},
          {"external_expires", status_json::from(status.external_expires)},
          {"parts", status.parts ? json::value(status.parts->string()) : json::value(nullptr)},
          {"made", status_json::from(status.made)}};
}

VersionStatus version_from(const json::object& object) {
  VersionStatus status{static_cast<int>(object.at("version").as_int64()),
                       status_json::fault_in(object, "fault"),
                       status_json::time_in(object, "internal_expires"),
                       status_json::time_in(object, "external_expires"),
                       {},
                       status_json::time_in(object, "made")};
  if (const json::value& parts = object.at("parts"); !parts.is_null()) status.parts = std::string(parts.as_string());
  return status;
}

}  // namespace

bool GenerationStatus::good() const {
  return attempted && !fault &&
         std::ranges::none_of(versions, [](const VersionStatus& each) { return each.fault.has_value(); });
}

std::string to_json(const GenerationStatus& status) {
  json::array versions;
  for (const VersionStatus& each : status.versions) versions.push_back(to_value(each));
  return json::serialize(json::object{{"attempted", status_json::from(status.attempted)},
                                      {"succeeded", status_json::from(status.succeeded)},
                                      {"failing_since", status_json::from(status.failing_since)},
                                      {"fault", status_json::from(status.fault)},
                                      {"versions", std::move(versions)}}) +
         "\n";
}

Result<GenerationStatus> generation_status_from_json(std::string_view text) {
  try {
    const json::value value = json::parse(text);
    const json::object& object = value.as_object();
    GenerationStatus status{status_json::time_in(object, "attempted"),
                            status_json::time_in(object, "succeeded"),
                            status_json::time_in(object, "failing_since"),
                            status_json::fault_in(object, "fault"),
                            {}};
    for (const json::value& version : object.at("versions").as_array())
      status.versions.push_back(version_from(version.as_object()));
    return status;
  } catch (const std::exception& error) {
    return malformed_configuration(std::string("the status cannot be read: ") + error.what());
  }
}

}  // namespace causeway::centralserver
