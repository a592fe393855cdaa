// SPDX-License-Identifier: MIT
#include "securityserver/archiving/archive_room.hpp"

#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {

Result<void> check_room(const std::filesystem::path& directory, std::uint64_t needed) {
  struct statvfs file_system{};
  if (::statvfs(directory.c_str(), &file_system) != 0)
    return fault(FaultCode::io_error, directory.string() + ": " + std::strerror(errno));
  const std::uint64_t room = std::uint64_t{file_system.f_bavail} * file_system.f_frsize;
  if (room >= needed) return {};
  return Fault{std::string(kArchiveDiskFull), "archiving has stopped: " + std::to_string(room >> 20) +
                                                  " MB are left in " + directory.string() + ", and " +
                                                  std::to_string(needed >> 20) + " must be; take archives away"};
}

}  // namespace causeway::securityserver
