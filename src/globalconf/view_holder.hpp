// SPDX-License-Identifier: MIT
// The view in force, for all threads of a process: readers take it without waiting, one
// thread looks at the files from time to time and swaps in a new one when they changed.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include "base/snapshot.hpp"
#include "globalconf/configuration_directory.hpp"
#include "globalconf/view.hpp"

namespace causeway::globalconf {

class LoadedView;
struct FileStamp;

class ViewHolder {
 public:
  explicit ViewHolder(std::filesystem::path directory);
  ~ViewHolder();

  // Never null: before the first successful load the view knows nobody and is not valid.
  std::shared_ptr<const View> current() const { return current_.get(); }
  // Grows with every swap; for caches of what was worked out from a view.
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

  // Shared parameters that were opened since the beginning, for a new view or anew.
  std::uint64_t instances_opened() const { return opened_.load(std::memory_order_acquire); }

  // Builds a new view in the caller's thread when a file changed or an instance expired
  // since the last time; true when it was swapped in. When it cannot be built, the old
  // one stays in force until it expires, and the fault is returned.
  Result<bool> refresh(TimePoint at = now());

 private:
  using Stamps = std::map<std::filesystem::path, FileStamp>;
  Stamps stamps() const;

  ConfigurationDirectory directory_;
  std::mutex refreshing_;
  std::shared_ptr<const LoadedView> loaded_;  // refreshing_
  std::unique_ptr<Stamps> seen_;              // refreshing_
  TimePoint next_expiry_;                     // refreshing_; of a foreign instance in the view
  Snapshot<View> current_;
  std::atomic<std::uint64_t> version_{0}, opened_{0};
};

}  // namespace causeway::globalconf
