// SPDX-License-Identifier: MIT
// An open file with reads and writes at given places.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::securityserver {

// Faults are io_error and name the file and the reason.
class OpenFile {
 public:
  // `flags` and `mode` as for open(2).
  static Result<OpenFile> open(std::string path, int flags, unsigned mode = 0600);
  ~OpenFile();
  OpenFile(OpenFile&& other) noexcept : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}
  OpenFile& operator=(OpenFile&& other) noexcept;
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  const std::string& path() const { return path_; }
  Result<std::uint64_t> size() const;
  // Fewer octets than asked for only at the end of the file.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const;
  Result<void> write_at(std::uint64_t offset, ByteView bytes) const;
  Result<void> truncate(std::uint64_t size) const;
  Result<void> sync() const;  // contents and size
  // Has the system write this to the disk soon, so that a later sync() takes less; waits for nothing
  // and promises nothing.
  void begin_write_out(std::uint64_t offset, std::uint64_t length) const;
  // False when another process holds the lock.
  Result<bool> lock() const;

 private:
  OpenFile(std::string path, int file) : path_(std::move(path)), file_(file) {}
  Fault fault_of(std::string_view doing) const;

  std::string path_;
  int file_;
};

// Makes creations, renames and removals in it durable.
Result<void> sync_directory(const std::string& directory);

}  // namespace causeway::securityserver
