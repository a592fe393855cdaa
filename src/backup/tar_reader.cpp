// SPDX-License-Identifier: MIT
#include "backup/tar_reader.hpp"

#include <algorithm>
#include <array>

namespace causeway::backup {
namespace {

// Programs fill the last record of 20 blocks; some write larger ones.
constexpr std::size_t kMaxPadding = 1 << 20;

Fault invalid(std::string why) { return {"invalid_archive", "tar: " + std::move(why)}; }

bool is_zero(std::span<const char> octets) {
  return std::ranges::all_of(octets, [](char c) { return c == '\0'; });
}

}  // namespace

Result<void> TarReader::fill(std::span<char> into) {
  auto count = source_(into);
  if (!count) return count.error();
  if (*count < into.size()) return invalid("it breaks off");
  return {};
}

Result<void> TarReader::pass_over(std::uint64_t octets) {
  std::array<char, 16384> buffer;
  while (octets > 0) {
    const std::size_t piece = static_cast<std::size_t>(std::min<std::uint64_t>(octets, buffer.size()));
    if (auto filled = fill(std::span(buffer).first(piece)); !filled) return filled;
    octets -= piece;
  }
  return {};
}

Result<void> TarReader::expect_zeros(std::uint64_t octets) {
  std::array<char, kTarBlock> buffer;
  const auto padding = std::span(buffer).first(static_cast<std::size_t>(octets));
  if (auto filled = fill(padding); !filled) return filled;
  return is_zero(padding) ? Result<void>() : invalid("something stands behind " + entry_.name);
}

// A second block of zeros, and what fills the last record.
Result<void> TarReader::expect_end() {
  if (auto zeros = expect_zeros(kTarBlock); !zeros) return invalid("it has no end");
  std::array<char, 16384> buffer;
  for (std::size_t seen = 0;;) {
    auto count = source_(buffer);
    if (!count) return count.error();
    seen += *count;
    if (seen > kMaxPadding || !is_zero(std::span(buffer).first(*count))) return invalid("something follows its end");
    if (*count < buffer.size()) return {};
  }
}

Result<std::optional<TarEntry>> TarReader::next() {
  if (auto passed = pass_over(left_); !passed) return passed.error();
  left_ = 0;
  if (auto padding = expect_zeros(tar_padding(entry_.size).size()); !padding) return padding.error();
  entry_ = {};
  std::array<char, kTarBlock> block;
  if (auto filled = fill(block); !filled) return filled.error();
  if (is_zero(block)) {
    if (auto end = expect_end(); !end) return end.error();
    return std::optional<TarEntry>();
  }
  auto entry = read_tar_header({block.data(), block.size()});
  if (!entry) return entry.error();
  if (names_.size() >= max_entries_) return invalid("more than " + std::to_string(max_entries_) + " files");
  if (!names_.insert(entry->name).second) return invalid("two files are called " + entry->name);
  entry_ = *std::move(entry);
  left_ = entry_.size;
  return std::optional(entry_);
}

Result<std::size_t> TarReader::read(std::span<char> into) {
  const auto piece = into.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, into.size())));
  if (auto filled = fill(piece); !filled) return filled.error();
  left_ -= piece.size();
  return piece.size();
}

Result<std::string> TarReader::read_all(std::size_t limit) {
  if (left_ > limit) return invalid(entry_.name + " has more than " + std::to_string(limit) + " octets");
  std::string content(static_cast<std::size_t>(left_), '\0');
  auto count = read(content);
  if (!count) return count.error();
  return content;
}

}  // namespace causeway::backup
