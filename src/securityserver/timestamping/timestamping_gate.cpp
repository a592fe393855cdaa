// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_gate.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxStatus = 1UL << 20;
// An administration that lives tells so more often than this. One that does not lets no
// record be stamped, which is a failure too.
constexpr std::chrono::seconds kSilence{300};

}  // namespace

TimestampingGate::TimestampingGate(const TimestampingSettings& settings, const ConfigurationHolder& configuration,
                                   std::filesystem::path status_file, TimePoint start)
    : immediately_(settings.immediately),
      period_(settings.acceptable_failure_period),
      configuration_(configuration),
      status_file_(std::move(status_file)),
      alive_(start) {}

Result<void> TimestampingGate::check(TimePoint at) const {
  if (configuration_.current()->timestamping_urls.empty())
    return Fault{"mlog.no_timestamping_provider_found",
                 "cannot time-stamp messages: no time-stamping service is configured"};
  if (immediately_ || period_.count() == 0) return {};
  const TimePoint failing_since = failing_since_, alive = alive_;
  const bool failed = failing_since != TimePoint::max() && at - failing_since > period_;
  const bool silent = at - alive > std::max(period_, kSilence);
  if (!failed && !silent) return {};
  return fault(FaultCode::timestamping_failed, "cannot time-stamp messages: nothing was time-stamped since " +
                                                   to_iso_seconds(failed ? failing_since : alive));
}

void TimestampingGate::refresh() {
  auto text = read_file(status_file_, kMaxStatus);
  if (!text || *text == seen_) return;
  const auto status = read_timestamping_status(*text);
  seen_ = *std::move(text);
  if (!status) return;
  alive_ = std::max(alive_.load(), status->updated);
  failing_since_ = status->failing_since.value_or(TimePoint::max());
}

}  // namespace causeway::securityserver
