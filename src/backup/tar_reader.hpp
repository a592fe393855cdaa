// SPDX-License-Identifier: MIT
// A tar archive that somebody has sent, read from front to back: every octet belongs to a file or is
// padding, and nothing follows its end.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "backup/tar_header.hpp"

namespace causeway::backup {

class TarReader {
 public:
  // Fills what it is given; less at the end alone.
  using Source = std::function<Result<std::size_t>(std::span<char>)>;
  explicit TarReader(Source source, std::size_t max_entries = 10'000)
      : source_(std::move(source)), max_entries_(max_entries) {}

  // The next file, when all of the last one has been read or is to be passed over; nothing at the end.
  // invalid_archive also for a name that stood there before, and for an archive that breaks off.
  Result<std::optional<TarEntry>> next();
  // Content of this file: fills `into`, less at its end alone.
  Result<std::size_t> read(std::span<char> into);
  // All of it; invalid_archive above `limit` octets.
  Result<std::string> read_all(std::size_t limit);

 private:
  Result<void> fill(std::span<char> into);
  Result<void> pass_over(std::uint64_t octets);
  Result<void> expect_zeros(std::uint64_t octets);
  Result<void> expect_end();

  Source source_;
  const std::size_t max_entries_;
  std::set<std::string, std::less<>> names_;
  TarEntry entry_;
  std::uint64_t left_ = 0;  // of the content
};

}  // namespace causeway::backup
