// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_index.hpp"

#include <algorithm>

#include "base/background.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

// After a failure, and after many.
constexpr std::chrono::seconds kFirstDelay{1}, kLongestDelay{30};
// Between two rounds, unless someone waits: many small transactions would cost more, for each
// writes the pages that it changes.
constexpr std::chrono::seconds kRest{1};

std::chrono::seconds delay_after(int failures) {
  return std::min(kLongestDelay, kFirstDelay * (1 << std::min(failures - 1, 10)));
}

}  // namespace

Result<std::unique_ptr<LogIndex>> LogIndex::open(LogPlace place) {
  std::unique_ptr<LogIndex> index(new LogIndex(std::move(place)));
  if (!index->place_.index_is_remote()) {
    auto writer = IndexTable::open_to_fill(index->place_);
    if (!writer) return writer.error();
    auto done = writer->indexed_until();
    if (!done) return done.error();
    index->writer_ = *std::move(writer);
    index->done_ = *done;
  }
  index->thread_ = std::thread([self = index.get()] { self->run(); });
  return index;
}

LogIndex::~LogIndex() {
  if (!thread_.joinable()) return;  // it was never opened
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
    if (resting_) return;  // it will look
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
  work_in_background();
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || wanted_ > done_; });
    if (stopping_) return;
    const Position end = wanted_;
    lock.unlock();
    const auto filled = fill(end);
    tell(filled);
    lock.lock();
    if (filled) {
      done_ = stopping_ ? done_ : end;
      changed_.notify_all();
      resting_ = true;
      changed_.wait_for(lock, kRest, [this] { return stopping_ || waiters_ > 0; });
      resting_ = false;
      continue;
    }
    failed_ = filled.error();
    changed_.notify_all();
    changed_.wait_for(lock, delay_after(failures_), [this] { return stopping_ || !failed_; });
    failed_.reset();
  }
}

Result<void> LogIndex::fill(Position end) {
  const bool was_open = writer_.has_value();
  auto filled = fill_once(end);
  // A database that was only started again meanwhile is no failure.
  if (!filled && was_open && !writer_) filled = fill_once(end);
  return filled;
}

Result<void> LogIndex::fill_once(Position end) {
  if (!writer_) {
    auto opened = IndexTable::open_to_fill(place_);
    if (!opened) return opened.error();
    writer_ = *std::move(opened);
  }
  auto advanced = writer_->advance(end, [this] { return !is_stopping(); });
  // Whatever has become of a database elsewhere, opening it again finds out and mends.
  if (!advanced && place_.index_is_remote()) writer_.reset();
  return advanced;
}

// The log goes on without it; what was missed is read again from the segments.
void LogIndex::tell(const Result<void>& outcome) {
  failures_ = outcome ? 0 : failures_ + 1;
  const std::string wrong = outcome ? "" : outcome.error().text;
  if (wrong == told_) return;
  if (outcome)
    log::info("message log: the index follows the log again");
  else
    log::error("message log: the index falls behind, messages are logged all the same: {}", wrong);
  told_ = wrong;
}

template <class Answer, class Question>
Result<Answer> LogIndex::ask(Question question) const {
  const std::lock_guard lock(reading_);
  if (reader_) {
    auto answer = question(*reader_);
    if (answer || !store::is_unavailable(answer.error())) return answer;
    reader_.reset();
  }
  auto opened = IndexTable::open_to_read(place_);
  if (!opened) return opened.error();
  reader_ = *std::move(opened);
  return question(*reader_);
}

Result<std::vector<FoundRecord>> LogIndex::find(const LogQuery& query) const {
  return ask<std::vector<FoundRecord>>([&query](const IndexTable& table) { return table.find(query); });
}

Result<std::optional<Position>> LogIndex::locate(std::uint64_t id) const {
  return ask<std::optional<Position>>([id](const IndexTable& table) { return table.locate(id); });
}

}  // namespace causeway::securityserver
