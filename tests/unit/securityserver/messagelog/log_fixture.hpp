// SPDX-License-Identifier: MIT
// Records and logs for the tests of the message log.
#pragma once

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "net/coroutines.hpp"
#include "securityserver/messagelog/log_writer.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/messagelog/segment_reader.hpp"

namespace causeway::securityserver {

inline LogRecord sample_record(const std::string& query_id, const std::string& message = "<message/>") {
  const ClientId client = *ClientId::make("DEV", "COM", "2/2", "app");
  const ClientId provider = *ClientId::make("DEV", "GOV", "1", "registry");
  return LogRecord{.time = from_unix_millis(1772359200123),
                   .response = false,
                   .owner = client,
                   .client = client,
                   .service = *ServiceId::make(provider, "get/Random", "v1"),
                   .query_id = query_id,
                   .request_id = "request-" + query_id,
                   .message = to_bytes(message),
                   .signature = {"<signature of " + query_id + "/>", "<result/>", "<chain of " + query_id + "/>"}};
}

inline std::shared_ptr<Spool> spool_of(std::size_t size) {
  auto spool = std::make_shared<Spool>();
  Bytes piece(10007);
  for (std::size_t at = 0; at < size; at += piece.size()) {
    for (std::size_t i = 0; i < piece.size(); ++i) piece[i] = static_cast<std::uint8_t>((at + i) * 2654435761U >> 13);
    (void)spool->append(ByteView(piece).first(std::min(piece.size(), size - at))).ok();
  }
  return spool;
}

// Appends and waits, without event loops.
inline Result<std::uint64_t> append(LogWriter& writer, LogRecord record) {
  std::promise<Result<std::uint64_t>> promise;
  auto result = promise.get_future();
  writer.submit(std::move(record), [&](Result<std::uint64_t> id) { promise.set_value(std::move(id)); });
  return result.get();
}

inline std::unique_ptr<LogWriter> open_writer(const std::string& directory, std::uint64_t segment_size = 64UL << 20) {
  auto segments = SegmentWriter::open(directory, segment_size);
  if (!segments) return nullptr;
  return std::make_unique<LogWriter>(*std::move(segments), [](const LogEnd&) {});
}

}  // namespace causeway::securityserver
