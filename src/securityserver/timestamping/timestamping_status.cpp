// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_status.hpp"

#include <boost/json.hpp>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

namespace json = boost::json;

json::value time_json(const std::optional<TimePoint>& time) {
  return time ? json::value(to_iso_millis(*time)) : json::value(nullptr);
}

json::value fault_json(const std::optional<Fault>& fault) {
  if (!fault) return nullptr;
  return {{"code", fault->code}, {"text", fault->text}};
}

json::value service_json(const TimestampingServiceState& service) {
  return {{"url", service.url},
          {"last_success", time_json(service.last_success)},
          {"last_failure", time_json(service.last_failure)},
          {"fault", fault_json(service.fault)},
          {"resting_until", time_json(service.resting_until)}};
}

std::string text_of(const json::object& from, std::string_view name) { return std::string(from.at(name).as_string()); }

std::optional<TimePoint> time_of(const json::object& from, std::string_view name) {
  const json::value& value = from.at(name);
  if (value.is_null()) return std::nullopt;
  const auto time = parse_iso(value.as_string());
  if (!time) throw std::invalid_argument("no time");
  return *time;
}

std::optional<Fault> fault_of(const json::object& from) {
  const json::value& value = from.at("fault");
  if (value.is_null()) return std::nullopt;
  return Fault{text_of(value.as_object(), "code"), text_of(value.as_object(), "text")};
}

// Throws for anything that to_json does not write.
TimestampingStatus status_of(const json::object& from) {
  TimestampingStatus status;
  status.updated = time_of(from, "updated").value();
  status.last_success = time_of(from, "last_success");
  status.failing_since = time_of(from, "failing_since");
  status.fault = fault_of(from);
  status.waiting = from.at("waiting").to_number<std::uint64_t>();
  status.next_round = time_of(from, "next_round");
  status.interval = std::chrono::seconds(from.at("interval").to_number<std::int64_t>());
  status.acceptable_failure_period =
      std::chrono::seconds(from.at("acceptable_failure_period").to_number<std::int64_t>());
  for (const json::value& each : from.at("services").as_array()) {
    const json::object& service = each.as_object();
    status.services.push_back({.url = text_of(service, "url"),
                               .last_success = time_of(service, "last_success"),
                               .last_failure = time_of(service, "last_failure"),
                               .fault = fault_of(service),
                               .resting_until = time_of(service, "resting_until")});
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
  const json::value whole{{"updated", time_json(status.updated)},
                          {"last_success", time_json(status.last_success)},
                          {"failing_since", time_json(status.failing_since)},
                          {"refused_from", time_json(status.refused_from())},
                          {"fault", fault_json(status.fault)},
                          {"waiting", status.waiting},
                          {"next_round", time_json(status.next_round)},
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
