// SPDX-License-Identifier: MIT
// One process at a time: the lock of a file or a directory.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

#include "base/result.hpp"

namespace causeway {

// Held as long as it exists; the kernel lets go of it whichever way the process ends.
class ExclusiveLock {
 public:
  // A file is made when it is not there, a directory has to be. Nothing: another process has it.
  // io_error.
  static Result<std::optional<ExclusiveLock>> take(const std::filesystem::path& path);
  ~ExclusiveLock();
  ExclusiveLock(ExclusiveLock&& other) noexcept : handle_(std::exchange(other.handle_, -1)) {}
  ExclusiveLock& operator=(ExclusiveLock&&) = delete;

 private:
  explicit ExclusiveLock(int handle) : handle_(handle) {}
  int handle_;
};

}  // namespace causeway
