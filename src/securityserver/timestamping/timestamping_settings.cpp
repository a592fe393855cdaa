// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_settings.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace causeway::securityserver {
namespace {

// A time-stamp is one row, with 64 octets a record.
constexpr std::int64_t kMostRecords = 100'000;

}  // namespace

pki::DigestAlgorithm message_log_digest(const Parameters& parameters) {
  const std::string name = parameters.text("message-log.hash-algo-id", "SHA-512");
  const auto algorithm = pki::digest_from_name(name);
  const bool strong = algorithm && pki::digest_size(*algorithm) >= pki::digest_size(pki::DigestAlgorithm::sha256);
  if (strong) return *algorithm;
  log::warn("message-log.hash-algo-id \"{}\" cannot be used; SHA-512 is", name);
  return pki::DigestAlgorithm::sha512;
}

TimestampingSettings TimestampingSettings::from(const Parameters& p) {
  constexpr std::string_view kStrategy = "message-log.timestamping-prioritization-strategy";
  constexpr std::chrono::seconds kNone{0}, kShortest{1};
  TimestampingSettings s;
  s.connect_timeout = p.millis("message-log.timestamper-client-connect-timeout", s.connect_timeout);
  s.read_timeout = p.millis("message-log.timestamper-client-read-timeout", s.read_timeout);
  s.algorithm = message_log_digest(p);
  s.records_limit = static_cast<std::size_t>(std::clamp<std::int64_t>(
      p.number("message-log.timestamp-records-limit", static_cast<std::int64_t>(s.records_limit)), 1, kMostRecords));
  s.retry_delay = std::max(p.seconds("message-log.timestamp-retry-delay", s.retry_delay), kShortest);
  s.acceptable_failure_period =
      std::max(p.seconds("message-log.acceptable-timestamp-failure-period", s.acceptable_failure_period), kNone);
  s.immediately = p.flag("message-log.timestamp-immediately", false);
  s.preference = globalconf::cost_preference_from(p.text(kStrategy, "NONE"), kStrategy);
  return s;
}

}  // namespace causeway::securityserver
