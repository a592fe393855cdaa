// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_query.hpp"

namespace causeway::securityserver {

bool NameQuery::matches(std::string_view other) const {
  if (other == name) return true;
  return below && other.size() > name.size() && other.starts_with(name) && other[name.size()] == '/';
}

bool matches(const FoundRecord& record, const LogQuery& query) {
  return record.id > query.after && (!query.query_id || record.query_id == *query.query_id) &&
         (!query.owner || query.owner->matches(record.owner)) &&
         (!query.client || query.client->matches(record.client)) &&
         (!query.service || query.service->matches(record.service)) &&
         (!query.response || record.response == *query.response) && (!query.from || record.time >= *query.from) &&
         (!query.to || record.time <= *query.to);
}

}  // namespace causeway::securityserver
