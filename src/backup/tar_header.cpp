// SPDX-License-Identifier: MIT
#include "backup/tar_header.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

namespace causeway::backup {
namespace {

using namespace std::string_view_literals;

// Where its fields begin, and how long they are.
struct Field {
  std::size_t begin, length;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kOwner{108, 8}, kGroup{116, 8}, kSize{124, 12}, kTime{136, 12},
    kSum{148, 8}, kType{156, 1}, kMagic{257, 6}, kPrefix{345, 155};
constexpr std::uint64_t kMaxSize = (1ULL << 33) - 1;  // eleven octal digits
constexpr std::string_view kMagicAndVersion =
    "ustar\0"
    "00"sv;

Fault invalid(std::string why) { return {"invalid_archive", "tar: " + std::move(why)}; }

std::string octal(std::size_t digits, unsigned long long value) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%0*llo", static_cast<int>(digits), value);
  return text.data();
}

// The sum of a header counts its own field as spaces.
unsigned sum_of(std::string_view block) {
  unsigned sum = ' ' * kSum.length;
  for (std::size_t i = 0; i < block.size(); ++i)
    if (i < kSum.begin || i >= kSum.begin + kSum.length) sum += static_cast<unsigned char>(block[i]);
  return sum;
}

// Up to the first NUL; behind it only NULs.
std::optional<std::string_view> text_of(std::string_view block, Field field) {
  const std::string_view whole = block.substr(field.begin, field.length);
  const std::string_view text = whole.substr(0, whole.find('\0'));
  if (whole.find_first_not_of('\0', text.size()) != std::string_view::npos) return std::nullopt;
  return text;
}

// Digits, ended by NULs or spaces.
std::optional<std::uint64_t> number_of(std::string_view block, Field field) {
  std::string_view text = block.substr(field.begin, field.length);
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\0')) text.remove_suffix(1);
  if (text.empty() || text.size() >= field.length) return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

}  // namespace

Result<std::string> tar_header(const TarEntry& entry, TimePoint at) {
  if (entry.name.empty() || entry.name.size() > kMaxTarName)
    return invalid("the name " + entry.name + " is too long, or empty");
  if (entry.size > kMaxSize) return invalid(entry.name + " is too large");
  std::string block(kTarBlock, '\0');
  const auto put = [&](Field field, std::string_view text) { block.replace(field.begin, text.size(), text); };
  put(kName, entry.name);
  put(kMode, octal(7, entry.mode));
  put(kOwner, octal(7, 0));
  put(kGroup, octal(7, 0));
  put(kSize, octal(11, entry.size));
  put(kTime, octal(11, static_cast<unsigned long long>(std::max<std::int64_t>(0, to_unix_millis(at) / 1000))));
  put(kType, "0");
  put(kMagic, kMagicAndVersion);
  put(kSum, octal(6, sum_of(block)) + '\0' + ' ');
  return block;
}

std::string tar_padding(std::uint64_t size) { return std::string((kTarBlock - size % kTarBlock) % kTarBlock, '\0'); }

Result<TarEntry> read_tar_header(std::string_view block) {
  if (block.size() != kTarBlock) return invalid("it ends within a header");
  if (number_of(block, kSum) != sum_of(block)) return invalid("a header has a wrong sum");
  if (block.substr(kMagic.begin, 5) != "ustar") return invalid("a header of another kind");
  const char type = block[kType.begin];
  if (type != '0' && type != '\0') return invalid(std::string("an entry of type ") + type + ", which is no file");
  const auto name = text_of(block, kName), prefix = text_of(block, kPrefix);
  const auto size = number_of(block, kSize), mode = number_of(block, kMode);
  if (!name || name->empty() || !prefix || !prefix->empty()) return invalid("a name that cannot be read");
  if (!size || !mode) return invalid("a size or mode that cannot be read");
  return TarEntry{std::string(*name), *size, static_cast<unsigned>(*mode & 07777)};
}

}  // namespace causeway::backup
