// SPDX-License-Identifier: MIT
// Stamps what the log holds, in its order: one time-stamp over the next records.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "securityserver/messagelog/signature_reader.hpp"
#include "securityserver/timestamping/timestamp_client.hpp"
#include "securityserver/timestamping/timestamp_store.hpp"

namespace causeway::securityserver {

// What a time-stamp is asked for: the digest of a hash chain result over many signature
// documents, or of one's signature value (evidence.md section 3).
struct StampRequest {
  Bytes digest;
  std::string hash_chain_result;  // empty for one
};

// Of one signature document; as a batch of one when it has no readable signature value.
StampRequest single_stamp_request(std::string_view signature, pki::DigestAlgorithm algorithm);

// Reads files in the calling thread, which should be one that may wait for a disk. Of one
// log there is one in all processes.
class Timestamper {
 public:
  struct Round {
    std::uint64_t records = 0;  // stamped
    bool more = false;          // others wait that there was no room for
  };

  // `directory` is that of the log.
  Timestamper(std::string directory, TimestampClient& client) : directory_(std::move(directory)), client_(client) {}

  // One time-stamp over at most `limit` records. Nothing is asked when nothing waits.
  // Faults of the client, and database_error, io_error of the log; the log stays as it was.
  net::Task<Result<Round>> run(std::size_t limit, std::shared_ptr<const globalconf::View> view,
                               std::vector<std::string> urls);

  // Records that have no time-stamp yet, by their ids.
  Result<std::uint64_t> waiting();

 private:
  struct Batch;
  Result<TimestampStore*> store();
  Result<Batch> collect(std::size_t limit);
  Result<Round> keep(const Batch& batch, StampRequest request, GrantedTimestamp granted);
  void tell_damage(std::uint64_t record);

  const std::string directory_;
  TimestampClient& client_;
  std::optional<TimestampStore> store_;
  std::uint64_t told_damage_ = 0;  // up to this record
};

}  // namespace causeway::securityserver
