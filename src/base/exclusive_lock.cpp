// SPDX-License-Identifier: MIT
#include "base/exclusive_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace causeway {

Result<std::optional<ExclusiveLock>> ExclusiveLock::take(const std::filesystem::path& path) {
  const auto failed = [&] { return Fault{"io_error", "cannot lock " + path.string() + ": " + std::strerror(errno)}; };
  std::error_code ignored;
  const bool directory = std::filesystem::is_directory(path, ignored);
  const int handle = ::open(path.c_str(), (directory ? O_RDONLY | O_DIRECTORY : O_RDWR | O_CREAT) | O_CLOEXEC, 0600);
  if (handle < 0) return failed();
  ExclusiveLock lock(handle);
  if (::flock(handle, LOCK_EX | LOCK_NB) == 0) return std::optional(std::move(lock));
  if (errno == EWOULDBLOCK) return std::optional<ExclusiveLock>();
  return failed();
}

ExclusiveLock::~ExclusiveLock() {
  if (handle_ >= 0) ::close(handle_);
}

}  // namespace causeway
