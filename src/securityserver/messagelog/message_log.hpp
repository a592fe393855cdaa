// SPDX-License-Identifier: MIT
// The message log: append-only segment files with group commit are the truth, an index
// behind them, in SQLite or PostgreSQL, finds records (design.md section 7).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/spool.hpp"
#include "domain/identifiers.hpp"
#include "evidence/signature.hpp"
#include "net/io_threads.hpp"
#include "net/task.hpp"
#include "securityserver/messagelog/log_place.hpp"
#include "securityserver/messagelog/log_query.hpp"
#include "securityserver/messagelog/message_cipher.hpp"

namespace causeway::securityserver {

// The first `size` octets of what the ASiC-E container holds as "/attachment1", ...: the
// body of a REST message, attachments of a SOAP message.
struct LoggedAttachment {
  std::shared_ptr<const Spool> content;  // must not change while it is logged
  std::uint64_t size = 0;
  std::uint64_t begin = 0;  // in the spool, which may hold others too
};

// One logged message (evidence.md 4.1). `owner` is the local party: the client on the
// consumer side, the provider on the provider side.
struct LogRecord {
  std::uint64_t id = 0;  // given by append
  TimePoint time{};      // kept to the millisecond
  bool response = false;
  ClientId owner;
  ClientId client;
  ServiceId service;
  std::string query_id;    // x-road-id
  std::string request_id;  // x-road-request-id
  Bytes message;           // SOAP bytes, or the REST head as logged
  evidence::SignatureDocument signature;
  std::vector<LoggedAttachment> attachments = {};
  // The key that message and attachments are encrypted with on disk, see MessageCipher.
  // Given by append; what is read is decrypted.
  std::string key_id = {};
};

struct MessageLogOptions {
  LogPlace place;                           // its directory is made if absent
  std::uint64_t segment_size = 64UL << 20;  // a segment ends with the group that passes this
  // Nor does it grow older: retention removes whole segments, and a quiet server must not
  // keep its records for longer than it should.
  std::chrono::seconds segment_age = std::chrono::hours(24);
  std::shared_ptr<const MessageCipher> cipher = std::make_shared<MessageCipher>();
};

// Since the log was opened.
struct LogCounts {
  std::uint64_t records = 0;  // on disk
  std::uint64_t flushes = 0;  // that brought them there
  bool operator==(const LogCounts&) const = default;
};

class MessageLog {
 public:
  // Recovers: a record half-written by a crash is cut off, the index catches up. An index
  // elsewhere need not be there.
  // io_error, also when another process has the log open.
  static Result<std::unique_ptr<MessageLog>> open(net::IoThreads& threads, MessageLogOptions options);
  // Writes what was appended, then closes. No append may be waiting.
  virtual ~MessageLog() = default;

  // Returns when the record is on disk, on the caller's own thread. One flush serves all
  // that wait. logging_failed: nothing of the record remains.
  virtual net::Task<Result<std::uint64_t>> append(LogRecord record) = 0;

  // Sorted by id. Reads the index; records are in it soon after append, see flush_index().
  // database_error.
  virtual Result<std::vector<FoundRecord>> find(const LogQuery& query) const = 0;
  // not_found; key_not_found when it is encrypted with a key that the cipher lacks.
  virtual Result<LogRecord> read(std::uint64_t id) const = 0;
  // Blocks until everything appended before the call is in the index.
  virtual Result<void> flush_index() = 0;
  // From any thread.
  virtual LogCounts counts() const = 0;
};

// For other processes (causeway ctl messagelog): the same reads over a directory that may
// be in use. What the index does not have yet is found in the segments.
Result<std::vector<FoundRecord>> find_records(const LogPlace& place, const LogQuery& query);
Result<LogRecord> read_record(const LogPlace& place, std::uint64_t id, const MessageCipher& cipher = {});

// Makes the index anew from the segments; the number of records. io_error while a server
// has the log open, database_error.
Result<std::uint64_t> rebuild_index(const LogPlace& place);

// What is wrong with a log: octets that are no intact frame, or a chain that does not
// continue the one before.
struct LogDamage {
  std::string segment;  // file name
  std::uint64_t offset = 0;
  std::string what;
};
struct LogCheck {
  std::uint64_t segments = 0, records = 0, octets = 0;
  std::vector<LogDamage> damages;
};
// Reads every octet and checks every checksum and chain.
Result<LogCheck> check_log(const std::string& directory);

}  // namespace causeway::securityserver
