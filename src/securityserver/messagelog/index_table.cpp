// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/index_table.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/index_selection.hpp"
#include "securityserver/messagelog/segment_reader.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace causeway::securityserver {
namespace {

constexpr int kRecordsPerTransaction = 2000;
constexpr std::size_t kNumbersKept = 20000;

constexpr std::array kMigrations{store::Migration{1, "records", R"(
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  response INTEGER NOT NULL,
  owner TEXT NOT NULL,
  client TEXT NOT NULL,
  service TEXT NOT NULL,
  query_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  segment INTEGER NOT NULL,
  position INTEGER NOT NULL
);
CREATE INDEX record_query_id ON record (query_id);
CREATE INDEX record_time ON record (time);
CREATE TABLE progress (segment INTEGER NOT NULL, position INTEGER NOT NULL);
INSERT INTO progress VALUES (0, 0);
)"},
                                 // Names once, message ids by a hash, times by segment: the
                                 // records are read again from the segments.
                                 store::Migration{2, "records by name", R"(
DROP TABLE record;
CREATE TABLE party (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE segment (
  number INTEGER PRIMARY KEY,
  first_id INTEGER NOT NULL,
  last_id INTEGER NOT NULL,
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL
);
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  response INTEGER NOT NULL,
  owner INTEGER NOT NULL,
  client INTEGER NOT NULL,
  service INTEGER NOT NULL,
  query_hash INTEGER NOT NULL,
  query_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  segment INTEGER NOT NULL,
  position INTEGER NOT NULL
);
CREATE INDEX record_query ON record (query_hash);
CREATE INDEX record_owner ON record (owner);
CREATE INDEX record_client ON record (client);
CREATE INDEX record_service ON record (service);
UPDATE progress SET segment = 0, position = 0;
)"}};

std::string index_path(const std::string& directory) { return directory + "/index.db"; }

}  // namespace

void IndexTable::remove(const std::string& directory) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    std::filesystem::remove(index_path(directory) + suffix, ignored);
  }
}

Result<void> IndexTable::forget_before(const std::string& directory, const SegmentHeader& first_kept) {
  if (!open_once(directory, true)) return {};  // absent, or made anew by the server
  auto database = store::open_sqlite(index_path(directory), {.durable = false});
  if (!database) return database.error();
  auto records =
      (*database)->prepare("DELETE FROM record WHERE id IN (SELECT id FROM record WHERE id < $1 ORDER BY id LIMIT $2)");
  if (!records) return records.error();
  do {
    if (auto done = (*records)->run(first_kept.first_id, kRecordsPerTransaction); !done) return done;
  } while ((*database)->changes() > 0);
  auto segments = (*database)->prepare("DELETE FROM segment WHERE number < $1");
  if (!segments) return segments.error();
  return (*segments)->run(first_kept.number);
}

bool IndexTable::exists(const std::string& directory) {
  std::error_code ignored;
  return std::filesystem::exists(index_path(directory), ignored);
}

Result<IndexTable> IndexTable::open_once(const std::string& directory, bool read_only) {
  auto database = store::open_sqlite(index_path(directory), {.read_only = read_only, .durable = false});
  if (!database) return database.error();
  if (!read_only)
    if (auto migrated = store::migrate(**database, kMigrations); !migrated) return migrated.error();
  if (read_only)
    if (auto current = (*database)->prepare("SELECT number FROM segment"); !current) return current.error();
  IndexTable table(directory, *std::move(database));
  if (auto position = table.indexed_until(); !position) return position.error();
  return table;
}

Result<IndexTable> IndexTable::open(const std::string& directory, bool read_only) {
  auto table = open_once(directory, read_only);
  if (table || read_only) return table;
  log::warn("message log: the index cannot be used and is made anew: {}", table.error().text);
  remove(directory);
  return open_once(directory, false);
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
  int records = 0;
  std::uint64_t first_id = 0, last_id = 0;
  TimePoint first_time = TimePoint::max(), last_time = TimePoint::min();

  static Result<Batch> prepare(store::Database& database) {
    auto insert = database.prepare(
        "INSERT INTO record (id, time, response, owner, client, service, query_hash, query_id, request_id, segment, "
        "position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
        "ON CONFLICT (id) DO UPDATE SET segment = $10, position = $11");
    if (!insert) return insert.error();
    auto insert_name = database.prepare("INSERT INTO party (name) VALUES ($1) ON CONFLICT (name) DO NOTHING");
    if (!insert_name) return insert_name.error();
    auto find_name = database.prepare("SELECT id FROM party WHERE name = $1");
    if (!find_name) return find_name.error();
    return Batch{*std::move(insert), *std::move(insert_name), *std::move(find_name)};
  }

  void note(const FoundRecord& record) {
    if (records++ == 0) first_id = record.id;
    last_id = record.id;
    first_time = std::min(first_time, record.time);
    last_time = std::max(last_time, record.time);
  }

  // Widens what is known of the segment's ids and times.
  Result<void> finish(store::Database& database, std::uint64_t segment) const {
    if (records == 0) return {};
    auto update = database.prepare(
        "INSERT INTO segment (number, first_id, last_id, first_time, last_time) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (number) DO UPDATE SET first_id = MIN(first_id, $2), last_id = MAX(last_id, $3), "
        "first_time = MIN(first_time, $4), last_time = MAX(last_time, $5)");
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
  return batch.insert->run(record.id, to_unix_millis(record.time), record.response, *owner, *client, *service,
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
