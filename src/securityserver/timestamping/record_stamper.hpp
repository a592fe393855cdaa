// SPDX-License-Identifier: MIT
// Stamps single records out of their turn: a message that must not go on before
// (message-log.timestamp-immediately), a container that is asked for now (/asic?force).
#pragma once

#include <optional>
#include <string>

#include "base/work_queue.hpp"
#include "globalconf/view_holder.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "securityserver/timestamping/timestamp_client.hpp"
#include "securityserver/timestamping/timestamp_store.hpp"

namespace causeway::securityserver {

// For many threads; the database is kept on one of its own.
class RecordStamper {
 public:
  // `log_directory` is that of the log. What is referred to must live longer.
  RecordStamper(std::string log_directory, TimestampClient& client, const globalconf::ViewHolder& view,
                const ConfigurationHolder& configuration)
      : log_directory_(std::move(log_directory)), client_(client), view_(view), configuration_(configuration) {}

  // Returns when the record has a time-stamp on disk, which it may have had before.
  // `signature` is its signature document. Faults of TimestampClient::stamp, database_error.
  net::Task<Result<void>> stamp(std::uint64_t record, std::string signature);

 private:
  template <class T, class Work>
  net::Task<Result<T>> on_disk(Work work);
  Result<TimestampStore*> store();

  const std::string log_directory_;
  TimestampClient& client_;
  const globalconf::ViewHolder& view_;
  const ConfigurationHolder& configuration_;
  std::optional<TimestampStore> store_;  // of the thread
  WorkQueue disk_{1};
};

}  // namespace causeway::securityserver
