// SPDX-License-Identifier: MIT
// The optional parts of an internal configuration (trust.md 4.3). Absent parts have
// defaults: no monitoring client, 1200 seconds, true.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "domain/identifiers.hpp"

namespace causeway::globalconf {

inline constexpr std::string_view kPrivateParametersId = "PRIVATE-PARAMETERS";
inline constexpr std::string_view kSharedParametersId = "SHARED-PARAMETERS";
inline constexpr std::string_view kMonitoringId = "MONITORING";
inline constexpr std::string_view kFetchIntervalId = "FETCHINTERVAL";
inline constexpr std::string_view kNextUpdateId = "NEXTUPDATE";

inline constexpr std::string_view kPrivateParametersFile = "private-params.xml";
inline constexpr std::string_view kSharedParametersFile = "shared-params.xml";
inline constexpr std::string_view kMonitoringFile = "monitoring-params.xml";
inline constexpr std::string_view kFetchIntervalFile = "fetchinterval-params.xml";
inline constexpr std::string_view kNextUpdateFile = "nextupdate-params.xml";

inline constexpr std::chrono::seconds kDefaultOcspFetchInterval{1200};
inline constexpr std::chrono::seconds kShortestOcspFetchInterval{60};

// All: malformed_global_conf when the document does not hold to its schema.
Result<std::optional<ClientId>> read_monitoring_client(std::string_view xml);
// Values under a minute count as a minute.
Result<std::chrono::seconds> read_ocsp_fetch_interval(std::string_view xml);
Result<bool> read_verify_next_update(std::string_view xml);

std::string write_monitoring_client(const std::optional<ClientId>& client);
std::string write_ocsp_fetch_interval(std::chrono::seconds interval);
std::string write_verify_next_update(bool verify);

}  // namespace causeway::globalconf
