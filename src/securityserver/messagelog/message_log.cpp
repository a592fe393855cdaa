// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/message_log.hpp"

#include <fcntl.h>

#include <algorithm>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "net/handoff.hpp"
#include "securityserver/messagelog/log_end.hpp"
#include "securityserver/messagelog/log_index.hpp"
#include "securityserver/messagelog/log_writer.hpp"
#include "securityserver/messagelog/segment_reader.hpp"
#include "securityserver/messagelog/segment_removal.hpp"

namespace causeway::securityserver {
namespace {

// Held for as long as the log is open for writing.
Result<OpenFile> lock_directory(const std::string& directory) {
  auto file = OpenFile::open(directory + "/lock", O_RDWR | O_CREAT);
  if (!file) return file.error();
  auto locked = file->lock();
  if (!locked) return locked.error();
  if (!*locked)
    return fault(FaultCode::io_error,
                 "the message log in " + directory + " is in use by another process; stop it first");
  return file;
}

Fault not_found(std::uint64_t id) {
  return fault(FaultCode::not_found, "the message log has no record " + std::to_string(id));
}

Result<LogRecord> read_at(const std::string& directory, Position position, std::uint64_t id,
                          const MessageCipher& cipher) {
  auto segment = SegmentReader::open(directory, position.segment);
  if (!segment) return segment.error();
  auto frame = segment->frame_at(position.offset);
  if (!frame) return frame.error();
  if (!*frame || (*frame)->header.id != id)
    return fault(FaultCode::io_error, segment->path() + " does not hold record " + std::to_string(id) +
                                          " where the index says; run causeway ctl messagelog reindex");
  return segment->record(**frame, cipher);
}

class SegmentedLog : public MessageLog {
 public:
  SegmentedLog(MessageLogOptions options, OpenFile lock, LogEndFile end, SegmentWriter segments,
               std::unique_ptr<LogIndex> index)
      : directory_(std::move(options.place.directory)),
        cipher_(std::move(options.cipher)),
        lock_(std::move(lock)),
        end_(std::move(end)),
        index_(std::move(index)),
        writer_(std::move(segments), [this](const LogEnd& end) { committed(end); }) {}

  net::Task<Result<std::uint64_t>> append(LogRecord record) override {
    const net::Handoff<Result<std::uint64_t>> written;
    writer_.submit(std::move(record), [written](Result<std::uint64_t> id) { written.complete(std::move(id)); });
    auto id = co_await written.wait();
    co_return id ? *std::move(id) : fault(FaultCode::logging_failed, "the message log was closed");
  }

  Result<std::vector<FoundRecord>> find(const LogQuery& query) const override { return index_->find(query); }

  Result<LogRecord> read(std::uint64_t id) const override {
    auto position = index_->locate(id);
    // Not there yet: the record, or the index itself.
    if (!position || !*position) {
      if (auto indexed = index_->wait_for(writer_.durable_end()); !indexed) return indexed.error();
      position = index_->locate(id);
      if (!position) return position.error();
    }
    if (!*position) return not_found(id);
    return read_at(directory_, **position, id, *cipher_);
  }

  Result<void> flush_index() override { return index_->wait_for(writer_.durable_end()); }
  LogCounts counts() const override { return writer_.counts(); }

 private:
  // On the writer's thread.
  void committed(const LogEnd& end) {
    auto told = end_.write(end);
    if (!told && end_is_told_) log::error("message log: time-stamping does not see new records: {}", told.error().text);
    end_is_told_ = told.ok();
    index_->advance(end.position);
  }

  std::string directory_;
  std::shared_ptr<const MessageCipher> cipher_;
  OpenFile lock_;
  LogEndFile end_;
  bool end_is_told_ = true;
  std::unique_ptr<LogIndex> index_;
  LogWriter writer_;  // before the index in its end: it still tells it
};

// Calls `visit` with the records behind `from`, until it gives false.
template <class Visit>
Result<void> scan(const std::string& directory, Position from, Visit visit) {
  auto segments = list_segments(directory);
  if (!segments) return segments.error();
  for (const std::uint64_t number : *segments) {
    if (number < from.segment) continue;
    auto segment = SegmentReader::open(directory, number);
    if (!segment) continue;  // just being begun
    std::uint64_t offset = std::max(number == from.segment ? from.offset : 0, std::uint64_t{SegmentHeader::kSize});
    for (;;) {
      auto frame = segment->next_frame(offset);
      if (!frame) return frame.error();
      if (!*frame) break;
      offset = (*frame)->end();
      if ((*frame)->header.type != FrameType::record) continue;
      auto whole = segment->intact(**frame);
      if (!whole) return whole.error();
      if (!*whole) continue;
      auto metadata = segment->metadata(**frame);
      if (metadata && !visit(*segment, **frame, metadata->found)) return {};
    }
  }
  return {};
}

// One that is absent, broken or away leaves everything to the segments.
Result<IndexTable> open_index(const LogPlace& place) {
  auto table = IndexTable::open_to_read(place);
  if (!table && place.index_is_remote())
    log::warn("message log: the segments are read, for the index cannot be: {}", table.error().text);
  return table;
}

Position indexed_until(const Result<IndexTable>& table) {
  if (!table) return {};
  auto position = table->indexed_until();
  return position ? *position : Position{};
}

}  // namespace

Result<std::unique_ptr<MessageLog>> MessageLog::open(net::IoThreads&, MessageLogOptions options) {
  const std::string& directory = options.place.directory;
  if (auto made = make_directories(directory); !made) return made.error();
  auto lock = lock_directory(directory);
  if (!lock) return lock.error();
  auto segments = SegmentWriter::open(directory, {options.segment_size, options.segment_age}, options.cipher);
  if (!segments) return segments.error();
  auto end = LogEndFile::open(directory);
  if (!end) return end.error();
  auto index = LogIndex::open(options.place);
  if (!index) return index.error();
  return std::unique_ptr<MessageLog>(std::make_unique<SegmentedLog>(
      std::move(options), *std::move(lock), *std::move(end), *std::move(segments), *std::move(index)));
}

Result<std::vector<FoundRecord>> find_records(const LogPlace& place, const LogQuery& query) {
  auto table = open_index(place);
  const Position until = indexed_until(table);
  std::vector<FoundRecord> found;
  if (table) {
    auto indexed = table->find(query);
    if (!indexed) return indexed.error();
    found = *std::move(indexed);
  }
  // The index may have grown since it said how far it reaches; ids grow with the position.
  const std::uint64_t known = found.empty() ? 0 : found.back().id;
  auto scanned = scan(place.directory, until, [&](const SegmentReader&, const Frame&, const FoundRecord& record) {
    if (record.id > known && found.size() < query.limit && matches(record, query)) found.push_back(record);
    return found.size() < query.limit;
  });
  if (!scanned) return scanned.error();
  return found;
}

Result<LogRecord> read_record(const LogPlace& place, std::uint64_t id, const MessageCipher& cipher) {
  auto table = open_index(place);
  const Position until = indexed_until(table);
  if (table) {
    auto position = table->locate(id);
    if (!position) return position.error();
    if (*position) return read_at(place.directory, **position, id, cipher);
  }
  std::optional<Result<LogRecord>> record;
  auto scanned =
      scan(place.directory, until, [&](const SegmentReader& segment, const Frame& frame, const FoundRecord&) {
        if (frame.header.id == id) record = segment.record(frame, cipher);
        return !record;
      });
  if (!scanned) return scanned.error();
  return record ? *std::move(record) : not_found(id);
}

Result<std::uint64_t> rebuild_index(const LogPlace& place) {
  const std::string& directory = place.directory;
  auto lock = lock_directory(directory);
  if (!lock) return lock.error();
  auto table = IndexTable::open_anew(place);
  if (!table) return table.error();
  auto segments = list_segments(directory);
  if (!segments) return segments.error();
  if (!segments->empty()) {
    auto last = SegmentReader::open(directory, segments->back());
    if (!last) return last.error();
    auto survey = survey_segment(*last, false);
    if (!survey) return survey.error();
    auto advanced = table->advance({segments->back(), survey->end}, [] { return true; });
    if (!advanced) return advanced.error();
  }
  return table->size();
}

namespace {

// A log that was cleaned goes on where its last removed segment ended; any other begins
// with its first.
Result<std::vector<LogDamage>> check_beginning(const std::string& directory,
                                               const std::vector<std::uint64_t>& segments) {
  std::vector<LogDamage> damages;
  auto removed = read_removed_segments(directory);
  if (!removed) return removed.error();
  const std::uint64_t expected = *removed ? (*removed)->last + 1 : 1;
  if (segments.empty() && !*removed) return damages;
  if (segments.empty() || segments.front() > expected) {
    damages.push_back({segment_name(expected), 0, "is missing, and was not removed by cleaning"});
    return damages;
  }
  if (segments.front() < expected || !*removed) return damages;  // the chain is followed through them
  auto first = SegmentReader::open(directory, segments.front());
  if (first && first->header().previous != (*removed)->chain)
    damages.push_back({segment_name(expected), 0, "the chain does not continue what was removed by cleaning"});
  return damages;
}

}  // namespace

Result<LogCheck> check_log(const std::string& directory) {
  auto segments = list_segments(directory);
  if (!segments) return segments.error();
  LogCheck check;
  auto beginning = check_beginning(directory, *segments);
  if (!beginning) return beginning.error();
  check.damages = *std::move(beginning);
  std::optional<Chain> chain;
  for (const std::uint64_t number : *segments) {
    ++check.segments;
    const std::string name = segment_name(number);
    auto segment = SegmentReader::open(directory, number);
    if (!segment) {
      check.damages.push_back({name, 0, segment.error().text});
      chain.reset();
      continue;
    }
    if (chain && *chain != segment->header().previous)
      check.damages.push_back({name, 0, "the chain does not continue the segment before"});
    auto survey = survey_segment(*segment, true, number != segments->back());
    if (!survey) return survey.error();
    check.records += survey->records;
    check.octets += survey->end;
    for (const auto& gap : survey->gaps) check.damages.push_back({name, gap.offset, gap.what});
    if (survey->torn > 0) check.damages.push_back({name, survey->end, "half-written; cut off when the log is opened"});
    chain = survey->chain;
  }
  return check;
}

}  // namespace causeway::securityserver
