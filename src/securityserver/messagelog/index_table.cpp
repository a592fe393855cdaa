// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/index_table.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/index_selection.hpp"
#include "securityserver/messagelog/mentions.hpp"
#include "securityserver/messagelog/segment_reader.hpp"

namespace causeway::securityserver {
namespace {

constexpr int kRecordsPerTransaction = 2000;
constexpr std::size_t kNumbersKept = 20000;
constexpr std::string_view kOfAnotherLog = "the index is of another log, or of another time of this one";

}  // namespace

Result<void> IndexTable::forget_before(const LogPlace& place, const SegmentHeader& first_kept) {
  auto database = open_index_database(place, IndexUse::amend);
  if (database) return forget_before(**database, first_kept);
  if (store::is_temporary(database.error())) return database.error();
  return {};  // absent, or made anew by the server
}

Result<void> IndexTable::forget_before(store::Database& database, const SegmentHeader& first_kept) {
  auto records =
      database.prepare("DELETE FROM record WHERE id IN (SELECT id FROM record WHERE id < $1 ORDER BY id LIMIT $2)");
  if (!records) return records.error();
  do {
    if (auto done = (*records)->run(first_kept.first_id, kRecordsPerTransaction); !done) return done;
  } while (database.changes() > 0);
  if (database.engine() == store::Engine::sqlite)
    if (auto done = forget_mentions_before(database, first_kept.first_id); !done) return done;
  auto segments = database.prepare("DELETE FROM segment WHERE number < $1");
  if (!segments) return segments.error();
  return (*segments)->run(first_kept.number);
}

Result<IndexTable> IndexTable::open_once(const LogPlace& place, IndexUse use) {
  auto database = open_index_database(place, use);
  if (!database) return database.error();
  IndexTable table(place.directory, *std::move(database));
  if (auto position = table.indexed_until(); !position) return position.error();
  return table;
}

Result<IndexTable> IndexTable::open_to_read(const LogPlace& place) {
  auto table = open_once(place, IndexUse::read);
  if (!table) return table;
  auto standing = table->compare_with_log();
  if (!standing) return standing.error();
  if (*standing == Standing::of_another_log) return fault(FaultCode::database_error, std::string(kOfAnotherLog));
  return table;
}

Result<IndexTable> IndexTable::open_to_fill(const LogPlace& place) {
  auto table = open_once(place, IndexUse::fill);
  // A database elsewhere is not broken because it cannot be had now.
  if (!table && !(place.index_is_remote() && store::is_temporary(table.error()))) {
    log::warn("message log: the index cannot be used and is made anew: {}", table.error().text);
    if (auto removed = remove_index_database(place); !removed) return removed.error();
    table = open_once(place, IndexUse::fill);
  }
  if (!table) return table;
  if (auto agreed = table->agree_with_log(); !agreed) return agreed.error();
  return table;
}

// A file is made anew, whatever is the matter with it. A database is emptied, where that can
// be done: readers have no need to see its tables go.
Result<IndexTable> IndexTable::open_anew(const LogPlace& place) {
  if (!place.index_is_remote())
    if (auto removed = remove_index_database(place); !removed) return removed.error();
  auto table = open_to_fill(place);
  if (!table) return table;
  if (auto emptied = table->empty(); !emptied) return emptied.error();
  return table;
}

Result<void> IndexTable::empty() {
  numbers_.clear();
  return empty_index_database(*database_);
}

Result<void> IndexTable::agree_with_log() {
  auto standing = compare_with_log();
  if (!standing) return standing.error();
  if (*standing == Standing::of_another_log) log::warn("message log: {}; it is made anew", kOfAnotherLog);
  if (*standing != Standing::right)
    if (auto emptied = empty(); !emptied) return emptied;
  // What was removed from the log while the index could not be reached.
  auto segments = list_segments(directory_);
  if (!segments) return segments.error();
  if (segments->empty()) return {};
  auto first = SegmentReader::open(directory_, segments->front());
  return first ? forget_before(*database_, first->header()) : Result<void>();
}

// The last record that it has, looked up in the segments: what was restored on one side and
// not on the other differs there. Damage of the log is not the index's fault.
Result<IndexTable::Standing> IndexTable::compare_with_log() const {
  auto until = indexed_until();
  if (!until) return until.error();
  auto select = database_->prepare("SELECT id, time, query_id, segment, position FROM record ORDER BY id DESC LIMIT 1");
  if (!select) return select.error();
  if (auto started = (*select)->start(); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  // Perhaps of a log without records; to read that again costs nothing.
  if (!*row) return *until == Position{} ? Standing::right : Standing::without_records;
  const store::Statement& last = **select;
  const Position at{static_cast<std::uint64_t>(last.integer(3)), static_cast<std::uint64_t>(last.integer(4))};
  auto segments = list_segments(directory_);
  if (!segments) return segments.error();
  if (at >= *until || !std::ranges::binary_search(*segments, at.segment)) return Standing::of_another_log;
  auto segment = SegmentReader::open(directory_, at.segment);
  if (!segment) return Standing::right;
  if (at.offset >= segment->size()) return Standing::of_another_log;
  auto frame = segment->frame_at(at.offset);
  if (!frame) return frame.error();
  if (!*frame) return Standing::right;
  const auto metadata = segment->metadata(**frame);
  const bool same = (*frame)->header.id == static_cast<std::uint64_t>(last.integer(0)) &&
                    (!metadata || (to_unix_millis(metadata->found.time) == last.integer(1) &&
                                   metadata->found.query_id == last.text(2)));
  return same ? Standing::right : Standing::of_another_log;
}

Result<Position> IndexTable::indexed_until() const {
  auto select = database_->prepare("SELECT segment, position FROM progress");
  if (!select) return select.error();
  if (auto started = (*select)->start(); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  if (!*row) return fault(FaultCode::database_error, "the index of the message log lacks its position");
  return Position{static_cast<std::uint64_t>((*select)->integer(0)), static_cast<std::uint64_t>((*select)->integer(1))};
}

Result<void> IndexTable::remember(Position until) {
  auto update = database_->prepare("UPDATE progress SET segment = $1, position = $2");
  if (!update) return update.error();
  return (*update)->run(until.segment, until.offset);
}

Result<void> IndexTable::advance(Position end, const std::function<bool()>& keep_going) {
  auto at = indexed_until();
  if (!at) return at.error();
  if (*at > end) {
    log::warn("message log: {}; it is made anew", kOfAnotherLog);
    if (auto emptied = empty(); !emptied) return emptied;
    at = Position{};
  }
  while (*at < end && keep_going()) {
    at = advance_some(*at, end);
    if (!at) {
      numbers_.clear();  // names of the transaction that was rolled back have none
      return at.error();
    }
  }
  return {};
}

struct IndexTable::Batch {
  std::unique_ptr<store::Statement> insert, insert_name, find_name;
  NewMentions mentions;  // for an index in SQLite
  int records = 0;
  std::uint64_t first_id = 0, last_id = 0;
  TimePoint first_time = TimePoint::max(), last_time = TimePoint::min();

  static Result<Batch> prepare(store::Database& database) {
    auto insert = database.prepare(
        "INSERT INTO record (id, time, response, owner, client, service, query_hash, query_id, request_id, segment, "
        "position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
        "ON CONFLICT (id) DO UPDATE SET segment = excluded.segment, position = excluded.position");
    if (!insert) return insert.error();
    auto insert_name = database.prepare("INSERT INTO party (name) VALUES ($1) ON CONFLICT (name) DO NOTHING");
    if (!insert_name) return insert_name.error();
    auto find_name = database.prepare("SELECT id FROM party WHERE name = $1");
    if (!find_name) return find_name.error();
    return Batch{*std::move(insert), *std::move(insert_name), *std::move(find_name), {}};
  }

  void note(const FoundRecord& record) {
    if (records++ == 0) first_id = record.id;
    last_id = record.id;
    first_time = std::min(first_time, record.time);
    last_time = std::max(last_time, record.time);
  }

  // Also widens what is known of the segment's ids and times.
  Result<void> finish(store::Database& database, std::uint64_t segment) const {
    if (records == 0) return {};
    if (auto written = mentions.write(database); !written) return written;
    auto update = database.prepare(
        "INSERT INTO segment (number, first_id, last_id, first_time, last_time) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (number) DO UPDATE SET "
        "first_id = CASE WHEN excluded.first_id < segment.first_id THEN excluded.first_id ELSE segment.first_id END, "
        "last_id = CASE WHEN excluded.last_id > segment.last_id THEN excluded.last_id ELSE segment.last_id END, "
        "first_time = CASE WHEN excluded.first_time < segment.first_time THEN excluded.first_time "
        "ELSE segment.first_time END, "
        "last_time = CASE WHEN excluded.last_time > segment.last_time THEN excluded.last_time "
        "ELSE segment.last_time END");
    if (!update) return update.error();
    return (*update)->run(segment, first_id, last_id, to_unix_millis(first_time), to_unix_millis(last_time));
  }
};

Result<std::int64_t> IndexTable::number_of(const std::string& name, Batch& batch) {
  if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
  if (auto inserted = batch.insert_name->run(name); !inserted) return inserted.error();
  if (auto started = batch.find_name->start(name); !started) return started.error();
  auto row = batch.find_name->next();
  if (!row) return row.error();
  const std::int64_t number = batch.find_name->integer(0);
  batch.find_name->reset();
  if (numbers_.size() >= kNumbersKept) numbers_.clear();
  numbers_.emplace(name, number);
  return number;
}

Result<void> IndexTable::add(const FoundRecord& record, Position at, Batch& batch) {
  auto owner = number_of(record.owner, batch);
  if (!owner) return owner.error();
  auto client = number_of(record.client, batch);
  if (!client) return client.error();
  auto service = number_of(record.service, batch);
  if (!service) return service.error();
  batch.note(record);
  if (database_->engine() == store::Engine::sqlite) batch.mentions.note(record.id, *owner, *client, *service);
  // A server far away is not asked and answered row by row.
  return batch.insert->queue(record.id, to_unix_millis(record.time), record.response, *owner, *client, *service,
                             query_hash(record.query_id), record.query_id, record.request_id, at.segment, at.offset);
}

// One transaction, within one segment.
Result<Position> IndexTable::advance_some(Position from, Position end) {
  auto segments = list_segments(directory_);
  if (!segments) return segments.error();
  const auto found = std::lower_bound(segments->begin(), segments->end(), from.segment);
  if (found == segments->end()) return end;
  if (*found != from.segment) from = {*found, 0};
  if (from > end) return end;
  from.offset = std::max<std::uint64_t>(from.offset, SegmentHeader::kSize);

  auto transaction = store::Transaction::begin(*database_);
  if (!transaction) return transaction.error();
  auto batch = Batch::prepare(*database_);
  if (!batch) return batch.error();
  auto segment = SegmentReader::open(directory_, from.segment);
  if (segment) segment->read_ahead();  // all before `end` is on disk
  // A segment without a readable header holds nothing that could be indexed.
  const std::uint64_t stop = !segment ? 0 : from.segment == end.segment ? end.offset : segment->size();
  while (from.offset < stop && batch->records < kRecordsPerTransaction) {
    auto frame = segment->next_frame(from.offset);
    if (!frame) return frame.error();
    if (!*frame || (*frame)->offset >= stop) {
      from.offset = stop;
      break;
    }
    from.offset = (*frame)->end();
    if ((*frame)->header.type != FrameType::record) continue;
    auto metadata = segment->metadata(**frame);
    if (!metadata) continue;  // damaged: reported when the log is opened or checked
    if (auto added = add(metadata->found, {from.segment, (*frame)->offset}, *batch); !added) return added.error();
  }
  if (auto finished = batch->finish(*database_, from.segment); !finished) return finished.error();
  if (from.offset >= stop && from.segment < end.segment) from = {from.segment + 1, 0};
  if (auto remembered = remember(from); !remembered) return remembered.error();
  if (auto committed = transaction->commit(); !committed) return committed.error();
  return from;
}

Result<std::vector<FoundRecord>> IndexTable::find(const LogQuery& query) const {
  auto ranges = ranges_of_time(*database_, query.from, query.to);
  if (!ranges) return ranges.error();
  auto selection = IndexSelection::make(*database_, query);
  if (!selection) return selection.error();
  std::vector<FoundRecord> found;
  for (const IdRange& range : *ranges)
    if (auto added = selection->add(range, found); !added) return added.error();
  return found;
}

Result<std::optional<Position>> IndexTable::locate(std::uint64_t id) const {
  auto select = database_->prepare("SELECT segment, position FROM record WHERE id = $1");
  if (!select) return select.error();
  if (auto started = (*select)->start(id); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  if (!*row) return std::optional<Position>();
  return std::optional(
      Position{static_cast<std::uint64_t>((*select)->integer(0)), static_cast<std::uint64_t>((*select)->integer(1))});
}

Result<std::uint64_t> IndexTable::number(std::string_view sql) const {
  auto select = database_->prepare(sql);
  if (!select) return select.error();
  if (auto started = (*select)->start(); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  return static_cast<std::uint64_t>((*select)->integer(0));
}

Result<std::uint64_t> IndexTable::size() const { return number("SELECT COUNT(*) FROM record"); }

Result<std::uint64_t> IndexTable::last_id() const { return number("SELECT COALESCE(MAX(id), 0) FROM record"); }

}  // namespace causeway::securityserver
