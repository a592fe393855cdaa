// SPDX-License-Identifier: MIT
// Remembers what was read from the same bytes before, for the sources of this folder.
//
// The certificates and OCSP responses of a peer come with every message and seldom
// change, and OpenSSL 3.0 takes a hundred times longer to read one than to compare it.
// What is remembered depends on the bytes alone, so nothing here ever goes stale.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bytes.hpp"

namespace causeway::pki {

// Two generations of at most `kGeneration` entries: what was used in neither is
// forgotten. For many threads.
template <class T>
class ParseCache {
 public:
  std::shared_ptr<const T> find(ByteView bytes) {
    if (bytes.size() > kMaxBytes) return nullptr;
    const Key key{as_text(bytes), std::hash<std::string_view>{}(as_text(bytes))};
    const std::lock_guard lock(mutex_);
    if (const auto found = current_.find(key); found != current_.end()) return found->second.value;
    const auto found = previous_.find(key);
    if (found == previous_.end()) return nullptr;
    auto value = found->second.value;
    keep(key.hash, std::move(found->second.bytes), value);
    previous_.erase(found);
    return value;
  }

  void put(ByteView bytes, std::shared_ptr<const T> value) {
    if (bytes.size() > kMaxBytes) return;
    const std::size_t hash = std::hash<std::string_view>{}(as_text(bytes));
    auto copy = std::make_unique<const std::string>(as_text(bytes));
    const std::lock_guard lock(mutex_);
    keep(hash, std::move(copy), std::move(value));
  }

 private:
  static constexpr std::size_t kGeneration = 1000;
  static constexpr std::size_t kMaxBytes = 16 * 1024;  // longer ones are rare, or somebody's attempt to fill memory

  struct Key {
    std::string_view bytes;
    std::size_t hash;
    bool operator==(const Key& other) const { return hash == other.hash && bytes == other.bytes; }
  };
  struct HashOf {
    std::size_t operator()(const Key& key) const { return key.hash; }
  };
  struct Entry {
    std::unique_ptr<const std::string> bytes;  // what the key points at
    std::shared_ptr<const T> value;
  };
  using Generation = std::unordered_map<Key, Entry, HashOf>;

  void keep(std::size_t hash, std::unique_ptr<const std::string> bytes, std::shared_ptr<const T> value) {
    if (current_.size() >= kGeneration) {
      previous_ = std::move(current_);
      current_.clear();
    }
    const Key key{*bytes, hash};
    // Two threads may have read the same: the key that is there points at its own bytes.
    current_.try_emplace(key, Entry{std::move(bytes), std::move(value)});
  }

  std::mutex mutex_;
  Generation current_, previous_;
};

}  // namespace causeway::pki
