// SPDX-License-Identifier: MIT
// The message log as an exchange sees it: takes no message when time-stamps have been
// missing for too long, and with message-log.timestamp-immediately none without its own.
#pragma once

#include <memory>

#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/timestamping/record_stamper.hpp"
#include "securityserver/timestamping/timestamping_gate.hpp"

namespace causeway::securityserver {

class TimestampedLog : public MessageLog {
 public:
  // `stamper`: null when time-stamps follow later. Both must live longer.
  TimestampedLog(std::unique_ptr<MessageLog> log, const TimestampingGate& gate, RecordStamper* stamper)
      : log_(std::move(log)), gate_(gate), stamper_(stamper) {}

  // Faults of the log and of the gate. When the time-stamp fails the record stays, is
  // stamped later, and the message fails all the same.
  net::Task<Result<std::uint64_t>> append(LogRecord record) override;

  Result<std::vector<FoundRecord>> find(const LogQuery& query) const override { return log_->find(query); }
  Result<LogRecord> read(std::uint64_t id) const override { return log_->read(id); }
  Result<void> flush_index() override { return log_->flush_index(); }
  LogCounts counts() const override { return log_->counts(); }

 private:
  const std::unique_ptr<MessageLog> log_;
  const TimestampingGate& gate_;
  RecordStamper* const stamper_;
};

}  // namespace causeway::securityserver
