// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamp_store.hpp"

#include <array>
#include <filesystem>

#include "domain/fault_code.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace causeway::securityserver {
namespace {

// Ranges of rows in turn do not overlap, so the one with the next `last` is the only one
// that can cover a record; a row out of turn covers one record.
constexpr std::array kMigrations{store::Migration{1, "timestamps", R"(
CREATE TABLE timestamp (
  id INTEGER PRIMARY KEY,
  time INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  out_of_turn INTEGER NOT NULL,
  algorithm TEXT NOT NULL,
  leaves BLOB NOT NULL,
  token BLOB NOT NULL,
  hash_chain_result TEXT NOT NULL,
  service TEXT NOT NULL,
  CHECK (first <= last),
  CHECK (out_of_turn = 0 OR first = last)
);
CREATE INDEX timestamp_last ON timestamp (out_of_turn, last);
CREATE TABLE stamped_until (record INTEGER NOT NULL, segment INTEGER NOT NULL, position INTEGER NOT NULL);
INSERT INTO stamped_until VALUES (0, 0, 0);
)"}};

std::string path_in(const std::string& directory) { return directory + "/timestamps.db"; }

// The file is there before its tables are.
bool is_being_made(const std::string& directory) {
  auto database = store::open_sqlite(path_in(directory), {.read_only = true});
  if (!database) return false;
  auto tables = (*database)->prepare("SELECT name FROM sqlite_master WHERE name = 'stamped_until'");
  if (!tables || !(*tables)->start()) return false;
  const auto row = (*tables)->next();
  return row && !*row;
}

std::uint64_t number(const store::Statement& row, int column) {
  return static_cast<std::uint64_t>(row.integer(column));
}

Result<Timestamp> timestamp_of(const store::Statement& row) {
  const auto algorithm = pki::digest_from_name(row.text(4));
  const ByteView leaves = row.octets(5), token = row.octets(6);
  Timestamp timestamp{.id = row.integer(0),
                      .time = from_unix_millis(row.integer(1)),
                      .first = number(row, 2),
                      .last = number(row, 3),
                      .leaves = Bytes(leaves.begin(), leaves.end()),
                      .token = Bytes(token.begin(), token.end()),
                      .hash_chain_result = std::string(row.text(7)),
                      .service = std::string(row.text(8))};
  if (!algorithm || leaves.size() != (timestamp.last - timestamp.first + 1) * pki::digest_size(*algorithm))
    return fault(FaultCode::database_error, "time-stamp " + std::to_string(timestamp.id) + " is damaged");
  timestamp.algorithm = *algorithm;
  return timestamp;
}

}  // namespace

ByteView Timestamp::leaf_of(std::uint64_t record) const {
  const std::size_t size = pki::digest_size(algorithm);
  return ByteView(leaves).subspan((record - first) * size, size);
}

bool TimestampStore::exists(const std::string& directory) {
  std::error_code ignored;
  return std::filesystem::exists(path_in(directory), ignored) && !is_being_made(directory);
}

Result<TimestampStore> TimestampStore::open(const std::string& directory, bool read_only) {
  auto database = store::open_sqlite(path_in(directory), {.read_only = read_only});
  if (!database) return database.error();
  if (!read_only)
    if (auto migrated = store::migrate(**database, kMigrations); !migrated) return migrated.error();
  return TimestampStore(*std::move(database));
}

Result<StampedUntil> TimestampStore::stamped_until() const {
  auto query = database_->prepare("SELECT record, segment, position FROM stamped_until");
  if (!query) return query.error();
  if (auto started = (*query)->start(); !started) return started.error();
  auto row = (*query)->next();
  if (!row) return row.error();
  if (!*row) return fault(FaultCode::database_error, "the time-stamps lack their position in the log");
  return StampedUntil{number(**query, 0), {number(**query, 1), number(**query, 2)}};
}

Result<void> TimestampStore::remember(const StampedUntil& until) {
  auto update = database_->prepare("UPDATE stamped_until SET record = $1, segment = $2, position = $3");
  if (!update) return update.error();
  return (*update)->run(until.record, until.position.segment, until.position.offset);
}

Result<void> TimestampStore::insert(const Timestamp& timestamp, bool out_of_turn) {
  auto insert = database_->prepare(
      "INSERT INTO timestamp (time, first, last, out_of_turn, algorithm, leaves, token, hash_chain_result, service) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
  if (!insert) return insert.error();
  return (*insert)->run(to_unix_millis(timestamp.time), timestamp.first, timestamp.last, out_of_turn,
                        pki::digest_name(timestamp.algorithm), timestamp.leaves, timestamp.token,
                        timestamp.hash_chain_result, timestamp.service);
}

Result<void> TimestampStore::add(const Timestamp& timestamp, const StampedUntil& until) {
  auto transaction = store::Transaction::begin(*database_);
  if (!transaction) return transaction.error();
  if (auto inserted = insert(timestamp, false); !inserted) return inserted;
  if (auto remembered = remember(until); !remembered) return remembered;
  return transaction->commit();
}

Result<void> TimestampStore::add_out_of_turn(const Timestamp& timestamp) { return insert(timestamp, true); }

Result<void> TimestampStore::pass(const StampedUntil& until) { return remember(until); }

Result<std::optional<Timestamp>> TimestampStore::select(std::string_view condition, std::uint64_t record) const {
  auto query = database_->prepare(
      "SELECT id, time, first, last, algorithm, leaves, token, hash_chain_result, service FROM timestamp WHERE " +
      std::string(condition) + " LIMIT 1");
  if (!query) return query.error();
  if (auto started = (*query)->start(record); !started) return started.error();
  auto row = (*query)->next();
  if (!row) return row.error();
  if (!*row) return std::optional<Timestamp>();
  auto timestamp = timestamp_of(**query);
  if (!timestamp) return timestamp.error();
  return std::optional(*std::move(timestamp));
}

Result<std::optional<Timestamp>> TimestampStore::find(std::uint64_t record) const {
  auto in_turn = select("out_of_turn = 0 AND last >= $1 ORDER BY last", record);
  if (!in_turn) return in_turn;
  if (*in_turn && (*in_turn)->first > record) in_turn = std::optional<Timestamp>();
  auto out_of_turn = select("out_of_turn = 1 AND last = $1 ORDER BY time, id", record);
  if (!out_of_turn || !*out_of_turn) return out_of_turn ? std::move(in_turn) : std::move(out_of_turn);
  const bool earlier = !*in_turn || (*out_of_turn)->time <= (*in_turn)->time;
  return earlier ? std::move(out_of_turn) : std::move(in_turn);
}

Result<std::vector<std::uint64_t>> TimestampStore::out_of_turn(std::uint64_t first, std::uint64_t last) const {
  auto query = database_->prepare(
      "SELECT DISTINCT last FROM timestamp WHERE out_of_turn = 1 AND last >= $1 AND last <= $2 ORDER BY last");
  if (!query) return query.error();
  if (auto started = (*query)->start(first, last); !started) return started.error();
  std::vector<std::uint64_t> records;
  for (;;) {
    auto row = (*query)->next();
    if (!row) return row.error();
    if (!*row) return records;
    records.push_back(number(**query, 0));
  }
}

Result<void> TimestampStore::remove_before(std::uint64_t record) {
  auto remove = database_->prepare("DELETE FROM timestamp WHERE last < $1");
  if (!remove) return remove.error();
  return (*remove)->run(record);
}

}  // namespace causeway::securityserver
