// SPDX-License-Identifier: MIT
// How the index of a log fares, as any process sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "securityserver/messagelog/log_place.hpp"

namespace causeway::securityserver {

struct IndexStatus {
  // "" beside the segments.
  std::string postgres_schema;
  // Why it cannot be read; what follows of the index is 0 then.
  std::optional<Fault> fault;
  // Ids of records; 0: there is none.
  std::uint64_t last_indexed = 0, last_logged = 0;

  std::uint64_t behind() const { return last_logged > last_indexed ? last_logged - last_indexed : 0; }
};

// io_error of the log itself.
Result<IndexStatus> index_status(const LogPlace& place);

}  // namespace causeway::securityserver
