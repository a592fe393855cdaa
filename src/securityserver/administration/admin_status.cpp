// SPDX-License-Identifier: MIT
#include "securityserver/administration/admin_status.hpp"

#include <boost/json.hpp>

#include "base/status_json.hpp"

namespace causeway::securityserver {
namespace {

namespace json = boost::json;

json::value time_json(const std::optional<TimePoint>& time) {
  return time ? json::value(to_iso_seconds(*time)) : json::value(nullptr);
}

json::value source_json(const globalconf::SourceReport& source) {
  return {{"instance", source.instance},
          {"url", source.url},
          {"version", source.version},
          {"expires", source.fault ? json::value(nullptr) : time_json(source.expires)},
          {"fault", status_json::from(source.fault)}};
}

json::value certificate_json(const OcspOutcome& outcome) {
  return {{"certificate", outcome.certificate},
          {"subject", outcome.subject},
          {"responder", outcome.responder},
          {"status", outcome.status.empty() ? json::value(nullptr) : json::value(outcome.status)},
          {"this_update", time_json(outcome.this_update)},
          {"next_update", time_json(outcome.next_update)},
          {"fault", outcome.fault.empty() ? json::value(nullptr) : json::value(outcome.fault)}};
}

}  // namespace

std::string to_json(const AdminStatus& status) {
  json::array sources, certificates;
  for (const auto& source : status.global_configuration.sources) sources.push_back(source_json(source));
  for (const auto& outcome : status.ocsp.certificates) certificates.push_back(certificate_json(outcome));
  const auto& ahead = status.global_configuration.clock_ahead;
  const json::value whole{
      {"global_configuration",
       {{"valid", status.global_configuration.valid},
        {"expires", time_json(status.global_configuration.expires)},
        {"last_attempt", time_json(status.global_configuration.last_attempt)},
        {"last_success", time_json(status.global_configuration.last_success)},
        {"fault", status_json::from(status.global_configuration.fault)},
        {"clock_ahead", ahead ? json::value(ahead->count()) : json::value(nullptr)},
        {"sources", std::move(sources)}}},
      {"ocsp",
       {{"last_round", time_json(status.ocsp.last_round)},
        {"next_round", time_json(status.ocsp.next_round)},
        {"interval", status.ocsp.interval.count()},
        {"certificates", std::move(certificates)}}},
      {"signer", {{"ok", !status.signer.has_value()}, {"fault", status_json::from(status.signer)}}}};
  return json::serialize(whole) + "\n";
}

}  // namespace causeway::securityserver
