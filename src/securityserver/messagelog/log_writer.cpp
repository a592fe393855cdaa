// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_writer.hpp"

#include "base/log.hpp"
#include "base/processor_times.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/record_codec.hpp"

namespace causeway::securityserver {
namespace {

// A group grows while the disk is busy; this bounds what one flush has to write.
constexpr std::uint64_t kGroupLimit = 16UL << 20;
// When messages come in crowds and processors are short, a flush for each few of them would take
// the processor from the messages themselves. So then after a group of `kCrowd` the next one
// gathers a moment longer, until it is large; a message that comes alone never waits.
constexpr std::size_t kCrowd = 8, kLarge = 64;
constexpr std::chrono::milliseconds kGather{2};
// A record is written where it comes from when the one before is so long ago and its flush took
// so little: then handing it to a thread and back takes as long as the disk. In a crowd, or with
// a slow disk, that would keep other messages waiting.
constexpr std::chrono::microseconds kAlone{500}, kQuick{1000};
constexpr std::uint64_t kSmallAttachments = 64 * 1024;
// How often a log that nobody writes to looks at the age of its segment.
constexpr std::chrono::seconds kIdle{60};

Fault logging_failed(const Fault& cause) {
  return fault(FaultCode::logging_failed, "the message could not be logged: " + cause.text);
}

bool is_small(const LogRecord& record) {
  std::uint64_t size = 0;
  for (const LoggedAttachment& attachment : record.attachments) size += attachment.size;
  return size <= kSmallAttachments;
}

}  // namespace

LogWriter::LogWriter(SegmentWriter segments, Committed committed)
    : segments_(std::move(segments)),
      current_key_(segments_.current_key()),
      committed_(std::move(committed)),
      durable_end_(segments_.durable_end()) {
  tell_end();
  thread_ = std::thread([this] { run(); });
}

LogWriter::~LogWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void LogWriter::submit(LogRecord record, Done done) {
  record.key_id = current_key_;
  // Here, so that encoding is shared between the threads that append.
  auto metadata = encode_metadata(record);
  if (!metadata) {
    done(metadata.error());
    return;
  }
  Job job{std::move(record), *std::move(metadata), std::move(done)};
  if (write_alone(job)) return;
  std::size_t waiting = 0;
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(job));
    waiting = waiting_.size();
  }
  // Outside the lock, which the writer would run into at once.
  if (waiting == 1 || waiting == kLarge) arrived_.notify_one();
}

Position LogWriter::durable_end() const {
  const std::lock_guard lock(mutex_);
  return durable_end_;
}

// With `mutex_` held.
bool LogWriter::is_alone(const Job& job) const {
  return !writing_ && waiting_.empty() && !crowded_ && quick_ && is_small(job.record) &&
         std::chrono::steady_clock::now() - last_written_ >= kAlone;
}

// False: it is not alone, and still `job`.
bool LogWriter::write_alone(Job& job) {
  {
    const std::lock_guard lock(mutex_);
    if (!is_alone(job)) return false;
    writing_ = true;
  }
  std::vector<Job> jobs;
  jobs.push_back(std::move(job));
  write(jobs);
  const std::lock_guard lock(mutex_);
  writing_ = false;
  if (stopping_ || !waiting_.empty()) arrived_.notify_one();
  return true;
}

void LogWriter::run() {
  ProcessorDemand demand;
  std::vector<Job> jobs;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      arrived_.wait_for(lock, kIdle, [this] { return !writing_ && (stopping_ || !waiting_.empty()); });
      if (writing_) continue;
      if (waiting_.empty() && stopping_) break;
      writing_ = true;
      if (crowded_ && demand.is_high())
        arrived_.wait_for(lock, kGather, [this] { return stopping_ || waiting_.size() >= kLarge; });
      jobs.swap(waiting_);
      crowded_ = jobs.size() >= kCrowd;
    }
    if (jobs.empty()) retire();
    write(jobs);
    jobs.clear();
    const std::lock_guard lock(mutex_);
    writing_ = false;
  }
  if (auto closed = segments_.close(); !closed) log::warn("message log: {}", closed.error().text);
}

void LogWriter::tell_end() {
  const Position end = segments_.durable_end();
  {
    const std::lock_guard lock(mutex_);
    durable_end_ = end;
  }
  committed_({end, segments_.last_durable_id()});
}

void LogWriter::retire() {
  if (auto retired = segments_.retire(); !retired) {
    log::warn("message log: {}", retired.error().text);
    return;
  }
  tell_end();
}

void LogWriter::write(std::vector<Job>& jobs) {
  std::vector<std::pair<Done, std::uint64_t>> written;
  for (Job& job : jobs) {
    auto id = segments_.append(job.record, std::move(job.metadata));
    if (id)
      written.emplace_back(std::move(job.done), *id);
    else
      job.done(logging_failed(id.error()));
    if (segments_.group_size() >= kGroupLimit) commit(written);
  }
  commit(written);
}

void LogWriter::note_flush(std::chrono::steady_clock::time_point begun) {
  const std::lock_guard lock(mutex_);
  last_written_ = std::chrono::steady_clock::now();
  quick_ = last_written_ - begun < kQuick;
}

void LogWriter::commit(std::vector<std::pair<Done, std::uint64_t>>& written) {
  if (written.empty()) return;
  const auto begun = std::chrono::steady_clock::now();
  const auto committed = segments_.commit();
  note_flush(begun);
  if (committed) {
    records_ += written.size();
    ++flushes_;
    tell_end();
    for (auto& [done, id] : written) done(id);
  } else {
    const Fault failed = logging_failed(committed.error());
    log::error("{} ({} messages)", failed.text, written.size());
    for (auto& [done, id] : written) done(failed);
  }
  written.clear();
}

}  // namespace causeway::securityserver
