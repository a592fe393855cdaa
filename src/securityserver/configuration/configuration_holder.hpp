// SPDX-License-Identifier: MIT
// The server configuration in force, and its renewal when the file, what it names, or what the server
// has noted beside it (registrations.hpp) changes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.hpp"
#include "base/snapshot.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::securityserver {

// Safe to use from any thread.
class ConfigurationHolder {
 public:
  // Fails as load_configuration does. Looks after the files every `interval`, on a thread
  // of its own; zero: never, only reload() does.
  static Result<std::unique_ptr<ConfigurationHolder>> open(std::string file,
                                                           std::chrono::milliseconds interval = std::chrono::seconds{
                                                               1});
  ~ConfigurationHolder();
  ConfigurationHolder(const ConfigurationHolder&) = delete;
  ConfigurationHolder& operator=(const ConfigurationHolder&) = delete;

  // Never null. A holder of the pointer keeps its snapshot as long as it needs it.
  std::shared_ptr<const ServerConfiguration> current() const;

  // Now, whether changed or not. A broken file keeps the old snapshot, logs why and is
  // the result.
  Result<void> reload();
  // Only if one of the files has another inode, size or time of change. True: reloaded.
  bool reload_if_changed();
  // The same; what is wrong with the files as they are now, while the snapshot is an older one.
  Result<void> keep_up();

  // Called with each new snapshot, on the thread that reloaded. Set before use by others.
  void on_change(std::function<void(const std::shared_ptr<const ServerConfiguration>&)> callback);

 private:
  explicit ConfigurationHolder(std::string file) : file_(std::move(file)), files_{file_} {}
  Result<void> load_locked();
  // What tells one state of a file from another, by path.
  using Stamps = std::map<std::string, std::string>;
  Stamps stamps() const;
  // Nothing else differs than what the server itself has noted.
  bool noted_alone(Stamps before, Stamps after) const;
  void watch(std::chrono::milliseconds interval);

  const std::string file_;
  std::mutex reloading_;            // one reload at a time; guards the next four
  std::vector<std::string> files_;  // that went into the snapshot
  Stamps seen_;                     // of these, as they were read
  Result<void> loaded_;             // the latest time
  std::function<void(const std::shared_ptr<const ServerConfiguration>&)> changed_;
  Snapshot<ServerConfiguration> current_;

  std::mutex waiting_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread watcher_;
};

}  // namespace causeway::securityserver
