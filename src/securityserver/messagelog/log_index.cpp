// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_index.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::chrono::seconds kRetryDelay{5};
// Between two rounds, unless someone waits: many small transactions would cost more.
constexpr std::chrono::milliseconds kRest{50};

}  // namespace

Result<std::unique_ptr<LogIndex>> LogIndex::open(const std::string& directory) {
  auto writer = IndexTable::open(directory, false);
  if (!writer) return writer.error();
  auto reader = IndexTable::open(directory, true);
  if (!reader) return reader.error();
  auto done = writer->indexed_until();
  if (!done) return done.error();
  std::unique_ptr<LogIndex> index(new LogIndex(*std::move(writer), *std::move(reader)));
  index->done_ = *done;
  index->thread_ = std::thread([self = index.get()] { self->run(); });
  return index;
}

LogIndex::~LogIndex() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

bool LogIndex::is_stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void LogIndex::advance(Position durable_end) {
  {
    const std::lock_guard lock(mutex_);
    wanted_ = std::max(wanted_, durable_end);
  }
  changed_.notify_all();
}

Result<void> LogIndex::wait_for(Position end) {
  std::unique_lock lock(mutex_);
  failed_.reset();
  ++waiters_;
  changed_.notify_all();
  changed_.wait(lock, [&] { return done_ >= end || failed_ || stopping_; });
  --waiters_;
  if (done_ >= end) return {};
  return failed_ ? *failed_ : fault(FaultCode::io_error, "the message log is being closed");
}

void LogIndex::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || wanted_ > done_; });
    if (stopping_) return;
    const Position end = wanted_;
    lock.unlock();
    const auto advanced = writer_.advance(end, [this] { return !is_stopping(); });
    lock.lock();
    if (advanced) {
      done_ = stopping_ ? done_ : end;
      changed_.notify_all();
      changed_.wait_for(lock, kRest, [this] { return stopping_ || waiters_ > 0; });
      continue;
    }
    // The log goes on without it; what was missed is read again from the segments.
    log::error("message log: the index falls behind: {}", advanced.error().text);
    failed_ = advanced.error();
    changed_.notify_all();
    changed_.wait_for(lock, kRetryDelay, [this] { return stopping_ || !failed_; });
    failed_.reset();
  }
}

Result<std::vector<FoundRecord>> LogIndex::find(const LogQuery& query) const {
  const std::lock_guard lock(reading_);
  return reader_.find(query);
}

Result<std::optional<Position>> LogIndex::locate(std::uint64_t id) const {
  const std::lock_guard lock(reading_);
  return reader_.locate(id);
}

}  // namespace causeway::securityserver
