// SPDX-License-Identifier: MIT
// The header of a regular file in a tar archive (POSIX 1003.1, ustar): all that our archives have.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace causeway::backup {

inline constexpr std::size_t kTarBlock = 512;
inline constexpr std::size_t kMaxTarName = 99;

struct TarEntry {
  std::string name;
  std::uint64_t size = 0;
  unsigned mode = 0644;
  bool operator==(const TarEntry&) const = default;
};

// One block. invalid_archive for a name above kMaxTarName, or a file that no such header can hold.
Result<std::string> tar_header(const TarEntry& entry, TimePoint at);
// What follows content of that size, to the end of its block.
std::string tar_padding(std::uint64_t size);
inline std::string tar_end() { return std::string(2 * kTarBlock, '\0'); }

// The same read: invalid_archive for a wrong sum, and for whatever is no regular file: links, devices,
// folders, names that go on in another header.
Result<TarEntry> read_tar_header(std::string_view block);

}  // namespace causeway::backup
