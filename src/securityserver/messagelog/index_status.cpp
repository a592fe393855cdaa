// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/index_status.hpp"

#include <algorithm>

#include "securityserver/messagelog/index_table.hpp"
#include "securityserver/messagelog/log_end.hpp"

namespace causeway::securityserver {
namespace {

Result<std::uint64_t> last_indexed(const LogPlace& place) {
  auto table = IndexTable::open_to_read(place);
  if (!table) return table.error();
  return table->last_id();
}

}  // namespace

Result<IndexStatus> index_status(const LogPlace& place) {
  IndexStatus status;
  if (place.index_is_remote()) status.postgres_schema = place.index_schema;
  const auto indexed = last_indexed(place);
  if (indexed)
    status.last_indexed = *indexed;
  else
    status.fault = indexed.error();
  auto logged = read_log_end(place.directory);
  if (!logged) return logged.error();
  // A log that this version has not opened yet has no end written down.
  status.last_logged = std::max(status.last_indexed, *logged ? (*logged)->last_id : 0);
  return status;
}

}  // namespace causeway::securityserver
