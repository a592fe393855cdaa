// SPDX-License-Identifier: MIT
#include "configurationproxy/round_report.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "base/status_json.hpp"
#include "configurationproxy/settings.hpp"

namespace causeway::configurationproxy {
namespace {

namespace json = boost::json;

json::value to_value(const InstanceReport& report) {
  json::array versions;
  for (const VersionReport& version : report.versions)
    versions.push_back({{"version", version.version},
                        {"given", version.given},
                        {"expires", status_json::from(version.expires)},
                        {"fault", status_json::from(version.fault)}});
  return {{"name", report.name},
          {"attempted", status_json::from(report.attempted)},
          {"fault", status_json::from(report.fault)},
          {"versions", std::move(versions)}};
}

InstanceReport report_from(const json::object& object) {
  InstanceReport report{std::string(object.at("name").as_string()),
                        status_json::time_in(object, "attempted").value(),
                        status_json::fault_in(object, "fault"),
                        {}};
  for (const json::value& value : object.at("versions").as_array()) {
    const json::object& version = value.as_object();
    report.versions.push_back({static_cast<int>(version.at("version").as_int64()), version.at("given").as_bool(),
                               status_json::time_in(version, "expires"), status_json::fault_in(version, "fault")});
  }
  return report;
}

}  // namespace

bool InstanceReport::good(TimePoint at) const {
  const auto failed = [](const VersionReport& version) { return version.fault.has_value(); };
  const auto valid = [&](const VersionReport& version) { return version.expires && *version.expires > at; };
  return !fault && std::ranges::none_of(versions, failed) && std::ranges::any_of(versions, valid);
}

std::string to_json(const ProxyStatus& status) {
  json::array instances;
  for (const InstanceReport& report : status.instances) instances.push_back(to_value(report));
  return json::serialize(
             json::object{{"updated", status_json::from(status.updated)}, {"instances", std::move(instances)}}) +
         "\n";
}

Result<ProxyStatus> status_from_json(std::string_view text) {
  try {
    const json::value value = json::parse(text);
    ProxyStatus status{status_json::time_in(value.as_object(), "updated").value(), {}};
    for (const json::value& instance : value.as_object().at("instances").as_array())
      status.instances.push_back(report_from(instance.as_object()));
    return status;
  } catch (const std::exception& error) {
    return malformed_configuration(std::string("the status cannot be read: ") + error.what());
  }
}

}  // namespace causeway::configurationproxy
