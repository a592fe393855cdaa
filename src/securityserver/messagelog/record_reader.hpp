// SPDX-License-Identifier: MIT
// Many records of a log one after the other, for any process, also while it is being
// written: the index and the segment of the record before stay open. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "securityserver/messagelog/index_table.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/messagelog/segment_reader.hpp"

namespace causeway::securityserver {

class RecordReader {
 public:
  // database_error when there is no index.
  static Result<RecordReader> open(const LogPlace& place, std::shared_ptr<const MessageCipher> cipher);

  // The last one that the index has: it has all before, but those lost by damage.
  Result<std::uint64_t> last_id() const { return table_.last_id(); }
  // What the index has by now.
  Result<std::vector<FoundRecord>> find(const LogQuery& query) const { return table_.find(query); }
  // Nothing where the log is damaged. not_found, key_not_found, io_error.
  Result<std::optional<LogRecord>> read(std::uint64_t id);

 private:
  RecordReader(std::string directory, std::shared_ptr<const MessageCipher> cipher, IndexTable table)
      : directory_(std::move(directory)), cipher_(std::move(cipher)), table_(std::move(table)) {}

  Result<bool> is_readable(const Frame& frame) const;

  std::string directory_;
  std::shared_ptr<const MessageCipher> cipher_;
  IndexTable table_;
  std::optional<SegmentReader> segment_;
};

}  // namespace causeway::securityserver
