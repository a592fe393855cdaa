// SPDX-License-Identifier: MIT
// Bytes that arrive before they may be passed on: in memory while small, in an
// unlinked file when large, so that a large body costs no more memory than a small one.
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway {

class Spool {
 public:
  static constexpr std::size_t kMemoryLimit = 64 * 1024;

  explicit Spool(std::size_t memory_limit = kMemoryLimit) : memory_limit_(memory_limit) {}
  ~Spool();
  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&& other) noexcept;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  // io_error when the file cannot be made or the disk is full.
  Result<void> append(ByteView bytes);

  std::uint64_t size() const { return size_; }
  bool in_memory() const { return file_ < 0; }
  // Only while in_memory().
  ByteView memory() const { return memory_; }

  // Up to `into.size()` bytes from `offset` on; 0 at the end. Does not change the
  // spool, so several readers may stand at different places.
  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const;

  // Everything at once, for small contents and tests.
  Result<Bytes> read_all(std::size_t limit) const;

  // Where the files go; the process sets it once at start. Default: the current folder's TMPDIR or /tmp.
  static void set_directory(std::string directory);

 private:
  Result<void> move_to_file();

  std::size_t memory_limit_;
  Bytes memory_;
  std::uint64_t size_ = 0;
  int file_ = -1;
};

}  // namespace causeway
