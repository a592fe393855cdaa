// SPDX-License-Identifier: MIT
// Room on the disk where archives go. The message log may be on the same disk, and
// messages stop when it is full: archiving stops before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace causeway::securityserver {

// The code of the fault when there is too little room.
inline constexpr std::string_view kArchiveDiskFull = "mlog.archive_disk_full";

// What archives leave free at any time, in octets.
inline constexpr std::uint64_t kRoomLeft = 64UL << 20;

// Whether `needed` octets are free there. mlog.archive_disk_full, io_error.
Result<void> check_room(const std::filesystem::path& directory, std::uint64_t needed);

}  // namespace causeway::securityserver
