// SPDX-License-Identifier: MIT
// The most recently used values. Safe to share between threads.
#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/bytes.hpp"
#include "pki/digest.hpp"

namespace causeway::evidence {

// A key of 32 octets for many long pieces; each counts with its length.
class CacheKey {
 public:
  CacheKey& add(ByteView bytes) {
    std::uint8_t length[8];
    for (int i = 0; i < 8; ++i) length[i] = static_cast<std::uint8_t>(std::uint64_t{bytes.size()} >> (8 * i));
    hasher_.update(length);
    hasher_.update(bytes);
    return *this;
  }
  CacheKey& add(std::string_view text) { return add(as_bytes(text)); }
  std::string finish() { return to_text(hasher_.finish()); }

 private:
  pki::Hasher hasher_{pki::DigestAlgorithm::sha256};
};

// `Key` is a text.
template <class Value, class Key = std::string>
class BoundedCache {
 public:
  explicit BoundedCache(std::size_t capacity) : capacity_(capacity) {}

  std::optional<Value> find(std::string_view key) {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->second;
  }

  void put(const Key& key, Value value) {
    if (capacity_ == 0) return;
    const std::lock_guard lock(mutex_);
    if (const auto found = index_.find(std::string_view(key)); found != index_.end()) {
      found->second->second = std::move(value);
      entries_.splice(entries_.begin(), entries_, found->second);
      return;
    }
    entries_.emplace_front(key, std::move(value));
    index_.emplace(entries_.front().first, entries_.begin());
    if (entries_.size() <= capacity_) return;
    index_.erase(entries_.back().first);
    entries_.pop_back();
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    index_.clear();
    entries_.clear();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

 private:
  using Entries = std::list<std::pair<Key, Value>>;
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  Entries entries_;                                                         // most recently used first
  std::unordered_map<std::string_view, typename Entries::iterator> index_;  // of the keys in entries_
};

}  // namespace causeway::evidence
