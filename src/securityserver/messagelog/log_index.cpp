// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_index.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/messagelog/segment_reader.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace causeway::securityserver {
namespace {

constexpr int kRecordsPerTransaction = 2000;
constexpr std::chrono::seconds kRetryDelay{5};
// Between two rounds, unless someone waits: many small transactions would cost more.
constexpr std::chrono::milliseconds kRest{50};

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
)"}};

std::string index_path(const std::string& directory) { return directory + "/index.db"; }

// The parts of a query, with the parameters they ask for in that order.
struct Selection {
  std::string sql;
  std::vector<std::string> texts;  // keeps what `parameters` refers to
  std::vector<store::Parameter> parameters;
};

Selection select(const LogQuery& query) {
  Selection selection;
  selection.sql = "SELECT id, time, response, owner, client, service, query_id, request_id FROM record WHERE 1 = 1";
  selection.texts.reserve(2);
  const auto add = [&](const std::string& condition, store::Parameter parameter) {
    selection.parameters.push_back(parameter);
    selection.sql += " AND " + condition + " $" + std::to_string(selection.parameters.size());
  };
  if (query.query_id) add("query_id =", selection.texts.emplace_back(*query.query_id));
  if (query.owner) add("owner =", selection.texts.emplace_back(query.owner->to_rest()));
  if (query.from) add("time >=", to_unix_millis(*query.from));
  if (query.to) add("time <=", to_unix_millis(*query.to));
  selection.parameters.emplace_back(std::min<std::uint64_t>(query.limit, 1U << 30));
  selection.sql += " ORDER BY id LIMIT $" + std::to_string(selection.parameters.size());
  return selection;
}

}  // namespace

void IndexTable::remove(const std::string& directory) {
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    std::filesystem::remove(index_path(directory) + suffix, ignored);
  }
}

Result<IndexTable> IndexTable::open_once(const std::string& directory, bool read_only) {
  auto database = store::open_sqlite(index_path(directory), {.read_only = read_only, .durable = false});
  if (!database) return database.error();
  if (!read_only)
    if (auto migrated = store::migrate(**database, kMigrations); !migrated) return migrated.error();
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
    if (!at) return at.error();
  }
  return {};
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
  auto insert = database_->prepare(
      "INSERT INTO record (id, time, response, owner, client, service, query_id, request_id, segment, position) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO UPDATE SET segment = $9, position = $10");
  if (!insert) return insert.error();

  auto segment = SegmentReader::open(directory_, from.segment);
  // A segment without a readable header holds nothing that could be indexed.
  const std::uint64_t stop = !segment ? 0 : from.segment == end.segment ? end.offset : segment->size();
  int count = 0;
  while (from.offset < stop && count < kRecordsPerTransaction) {
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
    const FoundRecord& record = metadata->found;
    auto done = (*insert)->run(record.id, to_unix_millis(record.time), record.response, record.owner, record.client,
                               record.service, record.query_id, record.request_id, from.segment, (*frame)->offset);
    if (!done) return done.error();
    ++count;
  }
  if (from.offset >= stop && from.segment < end.segment) from = {from.segment + 1, 0};
  if (auto remembered = remember(from); !remembered) return remembered.error();
  if (auto committed = transaction->commit(); !committed) return committed.error();
  return from;
}

Result<std::vector<FoundRecord>> IndexTable::find(const LogQuery& query) const {
  const Selection selection = select(query);
  auto statement = database_->prepare(selection.sql);
  if (!statement) return statement.error();
  if (auto bound = (*statement)->bind(selection.parameters); !bound) return bound.error();
  std::vector<FoundRecord> found;
  for (;;) {
    auto row = (*statement)->next();
    if (!row) return row.error();
    if (!*row) return found;
    const store::Statement& at = **statement;
    found.push_back({static_cast<std::uint64_t>(at.integer(0)), from_unix_millis(at.integer(1)), at.integer(2) != 0,
                     std::string(at.text(3)), std::string(at.text(4)), std::string(at.text(5)), std::string(at.text(6)),
                     std::string(at.text(7))});
  }
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

Result<std::uint64_t> IndexTable::size() const {
  auto select = database_->prepare("SELECT COUNT(*) FROM record");
  if (!select) return select.error();
  if (auto started = (*select)->start(); !started) return started.error();
  auto row = (*select)->next();
  if (!row) return row.error();
  return static_cast<std::uint64_t>((*select)->integer(0));
}

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
