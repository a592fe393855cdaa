// SPDX-License-Identifier: MIT
// The message log: append-only segment files with group commit are the truth, a SQLite
// index behind them finds records (design.md section 7).
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

namespace causeway::securityserver {

// One logged message (evidence.md 4.1). `owner` is the local party: the client on the
// consumer side, the provider on the provider side.
struct LogRecord {
  std::uint64_t id = 0;  // given by append
  TimePoint time{};
  bool response = false;
  ClientId owner;
  ClientId client;
  ServiceId service;
  std::string query_id;    // x-road-id
  std::string request_id;  // x-road-request-id
  Bytes message;           // SOAP bytes, or the REST head as logged
  evidence::SignatureDocument signature;
  std::shared_ptr<const Spool> body;  // REST body, or null
  std::uint64_t body_logged = 0;      // octets of `body` to log
};

struct LogQuery {
  std::optional<std::string> query_id;
  std::optional<ClientId> owner;
  std::optional<TimePoint> from, to;
  std::size_t limit = 1000;
};

struct FoundRecord {
  std::uint64_t id = 0;
  TimePoint time{};
  bool response = false;
  std::string owner, client, service, query_id, request_id;
};

struct MessageLogOptions {
  std::string directory;
  std::uint64_t segment_size = 64UL << 20;
};

class MessageLog {
 public:
  // Recovers: a record half-written by a crash is cut off, the index catches up.
  static Result<std::unique_ptr<MessageLog>> open(net::IoThreads& threads, MessageLogOptions options);
  virtual ~MessageLog() = default;

  // Returns when the record is on disk. One flush serves all that wait. logging_failed.
  virtual net::Task<Result<std::uint64_t>> append(LogRecord record) = 0;

  // Reads the index; records are in it soon after append, see flush_index().
  virtual Result<std::vector<FoundRecord>> find(const LogQuery& query) const = 0;
  virtual Result<LogRecord> read(std::uint64_t id) const = 0;  // not_found
  virtual Result<void> flush_index() = 0;
};

// For other processes (causeway ctl messagelog): the same reads over a directory in use.
Result<std::vector<FoundRecord>> find_records(const std::string& directory, const LogQuery& query);

}  // namespace causeway::securityserver
