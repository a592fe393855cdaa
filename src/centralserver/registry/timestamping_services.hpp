// SPDX-License-Identifier: MIT
// The approved time-stamping services.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "centralserver/registry/change.hpp"
#include "globalconf/shared_parameters.hpp"
#include "pki/certificate.hpp"

namespace causeway::centralserver {

struct RegisteredTimestampingService {
  std::int64_t number = 0;
  std::string name;  // of the certificate it had when it was added
  std::string url;
  pki::Certificate certificate;
  globalconf::CostType cost = globalconf::CostType::undefined;
  TimePoint created, updated;
};

Result<std::vector<RegisteredTimestampingService>> timestamping_services(const Registry& registry);
// timestamping_authority_not_found.
Result<RegisteredTimestampingService> timestamping_service(const Registry& registry, std::int64_t number);

// `certificate` is DER or PEM. invalid_url, invalid_certificate.
Result<std::int64_t> add_timestamping_service(Change& change, const std::string& url, ByteView certificate,
                                              globalconf::CostType cost);
// Without a certificate it keeps the one it has.
Result<void> update_timestamping_service(Change& change, std::int64_t number, const std::string& url,
                                         const std::optional<Bytes>& certificate, globalconf::CostType cost);
Result<void> delete_timestamping_service(Change& change, std::int64_t number);

}  // namespace causeway::centralserver
