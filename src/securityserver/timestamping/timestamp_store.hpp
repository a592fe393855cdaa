// SPDX-License-Identifier: MIT
// The time-stamps of the message log: a SQLite database beside its segments. A row is one
// time-stamp over a range of records; 64 octets a record are all that is kept of each,
// and the hash chain of any of them is made from these when it is asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "pki/digest.hpp"
#include "securityserver/messagelog/segment_format.hpp"
#include "store/database.hpp"

namespace causeway::securityserver {

struct Timestamp {
  std::int64_t id = 0;  // given by the store
  TimePoint time{};     // genTime
  // Records from `first` to `last`, all of them, signed with one token.
  std::uint64_t first = 0, last = 0;
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;
  Bytes leaves;  // digests of the signature documents, in the order of the records
  Bytes token;   // DER, with the authority's certificate in it
  // The document whose digest is stamped. Empty for a single record, whose signature
  // value is stamped itself.
  std::string hash_chain_result;
  std::string service;  // address that gave it

  bool is_batch() const { return !hash_chain_result.empty(); }
  // The digest of one record's signature document; `record` is in the range.
  ByteView leaf_of(std::uint64_t record) const;
};

// Up to where the log is stamped in its order.
struct StampedUntil {
  std::uint64_t record = 0;
  Position position;  // behind that record
};

// Used by one thread at a time; several processes may have it open.
class TimestampStore {
 public:
  // `directory` is that of the log. Created unless `read_only`. database_error.
  static Result<TimestampStore> open(const std::string& directory, bool read_only);
  // False while it is being made; true when it cannot be read, so that open() says why.
  static bool exists(const std::string& directory);

  Result<StampedUntil> stamped_until() const;
  // On disk when this returns. In the log's order: `until` is what is stamped by then.
  Result<void> add(const Timestamp& timestamp, const StampedUntil& until);
  // A record that could not wait for its turn.
  Result<void> add_out_of_turn(const Timestamp& timestamp);
  // Everything up to there has its time-stamps already.
  Result<void> pass(const StampedUntil& until);

  // The earliest that covers the record.
  Result<std::optional<Timestamp>> find(std::uint64_t record) const;
  // Of the records from `first` to `last`, those stamped out of turn, in their order.
  Result<std::vector<std::uint64_t>> out_of_turn(std::uint64_t first, std::uint64_t last) const;

  // Time-stamps all of whose records are before `record`: of records that are no longer kept.
  Result<void> remove_before(std::uint64_t record);

 private:
  explicit TimestampStore(std::unique_ptr<store::Database> database) : database_(std::move(database)) {}
  Result<void> insert(const Timestamp& timestamp, bool out_of_turn);
  Result<void> remember(const StampedUntil& until);
  Result<std::optional<Timestamp>> select(std::string_view condition, std::uint64_t record) const;

  std::unique_ptr<store::Database> database_;
};

}  // namespace causeway::securityserver
