// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamper.hpp"

#include "base/log.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/signature_timestamp.hpp"
#include "securityserver/messagelog/log_end.hpp"

namespace causeway::securityserver {
namespace {

// The share of the limit from which it is told that rounds may soon be too small.
constexpr std::size_t kNearlyFull = 7, kNearlyFullOf = 10;

StampRequest request_over(std::vector<Bytes> leaves, pki::DigestAlgorithm algorithm) {
  std::string result = evidence::timestamp_tree(std::move(leaves), algorithm).result();
  return {pki::digest(algorithm, as_bytes(result)), std::move(result)};
}

}  // namespace

StampRequest single_stamp_request(std::string_view signature, pki::DigestAlgorithm algorithm) {
  if (const auto octets = evidence::stamped_octets(signature)) return {pki::digest(algorithm, *octets), {}};
  return request_over({pki::digest(algorithm, as_bytes(signature))}, algorithm);
}

// The next records without a time-stamp, ids in a row.
struct Timestamper::Batch {
  std::uint64_t first = 0, last = 0;
  std::vector<Bytes> leaves;
  std::shared_ptr<const std::string> document;  // of the first
  StampedUntil until;                           // when these are stamped
  bool passed = false;                          // `until` is behind stamped ones before them
  bool more = false;

  bool empty() const { return leaves.empty(); }
};

Result<TimestampStore*> Timestamper::store() {
  if (!store_) {
    auto opened = TimestampStore::open(directory_, false);
    if (!opened) return opened.error();
    store_ = *std::move(opened);
  }
  return &*store_;
}

void Timestamper::tell_damage(std::uint64_t record) {
  if (record <= told_damage_) return;
  told_damage_ = record;
  log::error("message log: the signature of record {} cannot be read; it gets no time-stamp", record);
}

Result<Timestamper::Batch> Timestamper::collect(std::size_t limit) {
  Batch batch;
  auto log = read_log_end(directory_);
  if (!log) return log.error();
  if (!*log) return batch;  // nothing was logged yet
  auto store = this->store();
  if (!store) return store.error();
  auto until = (*store)->stamped_until();
  if (!until) return until.error();
  batch.until = *until;
  auto reader = SignatureReader::open(directory_, until->position);
  if (!reader) return reader.error();
  auto stamped = (*store)->out_of_turn(until->record + 1, reader->last_id());
  if (!stamped) return stamped.error();

  const pki::DigestAlgorithm algorithm = client_.settings().algorithm;
  std::shared_ptr<const std::string> hashed;
  Bytes digest;
  auto next_stamped = stamped->begin();
  std::size_t wanted = 0;  // leaves up to the last record that needs the time-stamp
  while (wanted < limit) {
    auto signature = reader->next();
    if (!signature) return signature.error();
    if (!*signature) break;
    const LoggedSignature& record = **signature;
    if (record.id <= until->record) continue;
    const bool in_a_row = batch.empty() || record.id == batch.first + batch.leaves.size();
    if (!in_a_row || !record.document) {
      if (!record.document) tell_damage(record.id);
      if (batch.empty()) continue;
      batch.more = true;
      break;
    }
    while (next_stamped != stamped->end() && *next_stamped < record.id) ++next_stamped;
    const bool has_one = next_stamped != stamped->end() && *next_stamped == record.id;
    if (has_one && batch.empty()) {
      batch.until = {record.id, record.end};
      batch.passed = true;
      continue;
    }
    if (record.document != hashed) {
      hashed = record.document;
      digest = pki::digest(algorithm, as_bytes(*hashed));
    }
    if (batch.empty()) {
      batch.first = record.id;
      batch.document = record.document;
    }
    batch.leaves.push_back(digest);
    // One that has a time-stamp is only covered again when others follow.
    if (has_one) continue;
    wanted = batch.leaves.size();
    batch.last = record.id;
    batch.until = {record.id, record.end};
  }
  batch.leaves.resize(wanted);
  batch.more = batch.more || wanted == limit;
  return batch;
}

net::Task<Result<Timestamper::Round>> Timestamper::run(std::size_t limit, std::shared_ptr<const globalconf::View> view,
                                                       std::vector<std::string> urls) {
  auto batch = collect(limit);
  if (!batch) co_return batch.error();
  if (batch->empty()) {
    if (batch->passed)
      if (auto passed = store_->pass(batch->until); !passed) co_return passed.error();
    co_return Round{};
  }
  const auto algorithm = client_.settings().algorithm;
  StampRequest request = batch->leaves.size() == 1 ? single_stamp_request(*batch->document, algorithm)
                                                   : request_over(batch->leaves, algorithm);
  auto granted = co_await client_.stamp(request.digest, std::move(view), std::move(urls));
  if (!granted) co_return granted.error();
  co_return keep(*batch, std::move(request), *std::move(granted));
}

Result<Timestamper::Round> Timestamper::keep(const Batch& batch, StampRequest request, GrantedTimestamp granted) {
  Timestamp timestamp{.time = granted.time,
                      .first = batch.first,
                      .last = batch.last,
                      .algorithm = client_.settings().algorithm,
                      .leaves = {},
                      .token = std::move(granted.token),
                      .hash_chain_result = std::move(request.hash_chain_result),
                      .service = std::move(granted.service)};
  for (const Bytes& leaf : batch.leaves) timestamp.leaves.insert(timestamp.leaves.end(), leaf.begin(), leaf.end());
  if (auto added = store_->add(timestamp, batch.until); !added) return added.error();
  const std::size_t records = batch.leaves.size();
  log::info("time-stamped {} records, {} to {}, by {}", records, batch.first, batch.last, timestamp.service);
  const std::size_t limit = client_.settings().records_limit;
  if (records > 1 && records * kNearlyFullOf >= limit * kNearlyFull)
    log::warn("a time-stamp over {} records is near message-log.timestamp-records-limit ({})", records, limit);
  return Round{records, batch.more};
}

Result<std::uint64_t> Timestamper::waiting() {
  auto log = read_log_end(directory_);
  if (!log) return log.error();
  if (!*log) return std::uint64_t{0};
  auto store = this->store();
  if (!store) return store.error();
  auto until = (*store)->stamped_until();
  if (!until) return until.error();
  return (*log)->last_id > until->record ? (*log)->last_id - until->record : 0;
}

}  // namespace causeway::securityserver
