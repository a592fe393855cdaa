// SPDX-License-Identifier: MIT
// What proves the time of a logged record, for containers.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/hash_chain.hpp"
#include "securityserver/timestamping/timestamp_store.hpp"

namespace causeway::securityserver {

struct TimestampEvidence {
  TimePoint time{};  // genTime
  Bytes token;
  // Of a batch; empty when the token is over the signature value, and belongs into the
  // signature document.
  std::string hash_chain_result, hash_chain;

  bool is_batch() const { return !hash_chain_result.empty(); }
};

// Remembers the latest batch, so that going through a log in its order reads and hashes
// each batch once. Used by one thread at a time.
class TimestampFinder {
 public:
  // `directory` is that of the log; the store is only read. database_error.
  static Result<TimestampFinder> open(const std::string& directory);

  // `signature` is the record's signature document as it was logged. Nothing when it has
  // no time-stamp yet. database_error when what was stamped is another document.
  Result<std::optional<TimestampEvidence>> find(std::uint64_t record, std::string_view signature);

 private:
  explicit TimestampFinder(TimestampStore store) : store_(std::move(store)) {}

  Result<std::optional<TimestampEvidence>> from(const Timestamp& timestamp, std::uint64_t record,
                                                std::string_view signature) const;

  TimestampStore store_;
  std::optional<Timestamp> batch_;
  std::optional<evidence::HashTree> tree_;  // of the batch
};

}  // namespace causeway::securityserver
