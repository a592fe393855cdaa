// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_status.hpp"

#include <boost/json.hpp>

#include "base/status_json.hpp"
#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

namespace json = boost::json;

json::value service_json(const TimestampingServiceState& service) {
  return {{"url", service.url},
          {"last_success", status_json::from(service.last_success)},
          {"last_failure", status_json::from(service.last_failure)},
          {"fault", status_json::from(service.fault)},
          {"resting_until", status_json::from(service.resting_until)}};
}

std::string text_of(const json::object& from, std::string_view name) { return std::string(from.at(name).as_string()); }

// Throws for anything that to_json does not write.
TimestampingStatus status_of(const json::object& from) {
  TimestampingStatus status;
  status.updated = status_json::time_in(from, "updated").value();
  status.last_success = status_json::time_in(from, "last_success");
  status.failing_since = status_json::time_in(from, "failing_since");
  status.fault = status_json::fault_in(from, "fault");
  status.waiting = from.at("waiting").to_number<std::uint64_t>();
  status.next_round = status_json::time_in(from, "next_round");
  status.interval = std::chrono::seconds(from.at("interval").to_number<std::int64_t>());
  status.acceptable_failure_period =
      std::chrono::seconds(from.at("acceptable_failure_period").to_number<std::int64_t>());
  for (const json::value& each : from.at("services").as_array()) {
    const json::object& service = each.as_object();
    status.services.push_back({.url = text_of(service, "url"),
                               .last_success = status_json::time_in(service, "last_success"),
                               .last_failure = status_json::time_in(service, "last_failure"),
                               .fault = status_json::fault_in(service, "fault"),
                               .resting_until = status_json::time_in(service, "resting_until")});
  }
  return status;
}

}  // namespace

std::optional<TimePoint> TimestampingStatus::refused_from() const {
  if (!failing_since || acceptable_failure_period.count() == 0) return std::nullopt;
  return *failing_since + acceptable_failure_period;
}

std::string to_json(const TimestampingStatus& status) {
  json::array services;
  for (const auto& service : status.services) services.push_back(service_json(service));
  const json::value whole{{"updated", status_json::from(status.updated)},
                          {"last_success", status_json::from(status.last_success)},
                          {"failing_since", status_json::from(status.failing_since)},
                          {"refused_from", status_json::from(status.refused_from())},
                          {"fault", status_json::from(status.fault)},
                          {"waiting", status.waiting},
                          {"next_round", status_json::from(status.next_round)},
                          {"interval", status.interval.count()},
                          {"acceptable_failure_period", status.acceptable_failure_period.count()},
                          {"services", std::move(services)}};
  return json::serialize(whole) + "\n";
}

Result<TimestampingStatus> read_timestamping_status(std::string_view text) {
  try {
    return status_of(json::parse(text).as_object());
  } catch (const std::exception&) {
    return fault(FaultCode::invalid_message, "not the status of time-stamping");
  }
}

}  // namespace causeway::securityserver
