// SPDX-License-Identifier: MIT
// Reads ZIP files of strangers, strictly: every octet of the file belongs to exactly one
// entry, to the directory or to its end, and what is said twice is said the same way. So
// readers that go by the directory and those that go from front to back see the same.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "evidence/byte_sink.hpp"

namespace causeway::evidence {

struct ZipLimits {
  std::size_t entries = 4096;
  std::size_t name_bytes = 512;
  std::uint64_t total_bytes = std::uint64_t{4} << 30;  // of all entries, inflated
  // How often larger than the file all entries may be once they exceed `ratio_from` octets.
  std::uint64_t ratio = 200;
  std::uint64_t ratio_from = std::uint64_t{64} << 20;
};

struct ZipEntry {
  std::string name;
  TimePoint modified;
  std::uint64_t size = 0, compressed_size = 0;
  std::uint32_t crc = 0;
  bool deflated = false;
  std::size_t data_offset = 0;
};

class ZipReader {
 public:
  // asic_invalid_container for what is no such file or beyond a limit, encrypted, split,
  // of more than 4 GiB (ZIP64), compressed otherwise than by DEFLATE; for overlapping or
  // unaccounted octets; for names that are not unique (ignoring case), lead out of a
  // folder, or are no plain text. `file` outlives the reader.
  static Result<ZipReader> open(ByteView file, const ZipLimits& limits = {});

  // In the order of the file, without folders.
  const std::vector<ZipEntry>& entries() const { return entries_; }
  // nullptr when there is none of exactly this name.
  const ZipEntry* find(std::string_view name) const;
  std::string_view comment() const { return comment_; }

  // The content piece by piece. asic_invalid_container when it has another length or
  // checksum than the directory says; pieces may have been delivered by then.
  Result<void> read(const ZipEntry& entry, const ByteSink& sink) const;
  // At once. asic_invalid_container when it is longer than `limit`, too.
  Result<Bytes> read_all(const ZipEntry& entry, std::uint64_t limit) const;

 private:
  explicit ZipReader(ByteView file) : file_(file) {}

  ByteView file_;
  std::string_view comment_;
  std::vector<ZipEntry> entries_;
};

}  // namespace causeway::evidence
