// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamp_finder.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "evidence/signature_timestamp.hpp"

namespace causeway::securityserver {
namespace {

evidence::HashTree tree_of(const Timestamp& timestamp) {
  std::vector<Bytes> leaves;
  for (std::uint64_t record = timestamp.first; record <= timestamp.last; ++record) {
    const ByteView leaf = timestamp.leaf_of(record);
    leaves.emplace_back(leaf.begin(), leaf.end());
  }
  return evidence::timestamp_tree(std::move(leaves), timestamp.algorithm);
}

Result<void> check_leaf(const Timestamp& timestamp, std::uint64_t record, std::string_view signature) {
  if (std::ranges::equal(timestamp.leaf_of(record), pki::digest(timestamp.algorithm, as_bytes(signature)))) return {};
  return fault(FaultCode::database_error, "time-stamp " + std::to_string(timestamp.id) + " is over another signature " +
                                              "than record " + std::to_string(record) + " has now");
}

}  // namespace

Result<TimestampFinder> TimestampFinder::open(const std::string& directory) {
  auto store = TimestampStore::open(directory, true);
  if (!store) return store.error();
  return TimestampFinder(*std::move(store));
}

Result<std::optional<TimestampEvidence>> TimestampFinder::from(const Timestamp& timestamp, std::uint64_t record,
                                                               std::string_view signature) const {
  if (auto same = check_leaf(timestamp, record, signature); !same) return same.error();
  return std::optional(
      TimestampEvidence{.time = timestamp.time,
                        .token = timestamp.token,
                        .hash_chain_result = timestamp.hash_chain_result,
                        .hash_chain = timestamp.is_batch() ? tree_->chain(record - timestamp.first) : std::string()});
}

Result<std::optional<TimestampEvidence>> TimestampFinder::find(std::uint64_t record, std::string_view signature) {
  if (batch_ && batch_->first <= record && record <= batch_->last) {
    const auto others = store_.out_of_turn(record, record);
    if (!others) return others.error();
    if (others->empty()) return from(*batch_, record, signature);
  }
  auto timestamp = store_.find(record);
  if (!timestamp) return timestamp.error();
  if (!*timestamp) return std::optional<TimestampEvidence>();
  if (!(*timestamp)->is_batch()) return from(**timestamp, record, signature);
  batch_ = **std::move(timestamp);
  tree_ = tree_of(*batch_);
  return from(*batch_, record, signature);
}

}  // namespace causeway::securityserver
