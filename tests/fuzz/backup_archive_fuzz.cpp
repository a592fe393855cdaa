// SPDX-License-Identifier: MIT
// Tar archives of strangers, by octets as they come.
#include <algorithm>
#include <array>
#include <cstring>

#include "backup/tar_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  std::size_t at = 0;
  backup::TarReader reader([&](std::span<char> into) -> Result<std::size_t> {
    const std::size_t count = std::min(into.size(), size - at);
    if (count > 0) std::memcpy(into.data(), data + at, count);
    at += count;
    return count;
  });
  for (;;) {
    const auto entry = reader.next();
    if (!entry) return 0;
    if (!*entry) break;
    if ((*entry)->name.empty() || (*entry)->name.find('\0') != std::string::npos) __builtin_trap();
    // What is read again as it would be written is the same.
    const auto header = backup::tar_header(**entry, from_unix_millis(0));
    if (header && (*backup::read_tar_header(*header)) != **entry) __builtin_trap();
    if (const auto content = reader.read_all(1 << 16); content && content->size() != (*entry)->size) __builtin_trap();
  }
  if (at != size) __builtin_trap();  // nothing follows its end
  return 0;
}
