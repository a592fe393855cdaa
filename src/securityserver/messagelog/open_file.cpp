// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/open_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {

Fault OpenFile::fault_of(std::string_view doing) const {
  return fault(FaultCode::io_error, "cannot " + std::string(doing) + " " + path_ + ": " + std::strerror(errno));
}

Result<OpenFile> OpenFile::open(std::string path, int flags, unsigned mode) {
  OpenFile opened(std::move(path), -1);
  opened.file_ = ::open(opened.path_.c_str(), flags | O_CLOEXEC, mode);
  if (opened.file_ < 0) return opened.fault_of("open");
  return opened;
}

OpenFile::~OpenFile() {
  if (file_ >= 0) ::close(file_);
}

OpenFile& OpenFile::operator=(OpenFile&& other) noexcept {
  if (this != &other) {
    if (file_ >= 0) ::close(file_);
    path_ = std::move(other.path_);
    file_ = std::exchange(other.file_, -1);
  }
  return *this;
}

Result<std::uint64_t> OpenFile::size() const {
  struct stat info{};
  if (::fstat(file_, &info) != 0) return fault_of("examine");
  return static_cast<std::uint64_t>(info.st_size);
}

Result<std::size_t> OpenFile::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  std::size_t got = 0;
  while (got < into.size()) {
    const ssize_t count = ::pread(file_, into.data() + got, into.size() - got, static_cast<off_t>(offset + got));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fault_of("read");
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  return got;
}

Result<void> OpenFile::write_at(std::uint64_t offset, ByteView bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fault_of("write");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
    offset += static_cast<std::uint64_t>(count);
  }
  return {};
}

Result<void> OpenFile::truncate(std::uint64_t size) const {
  while (::ftruncate(file_, static_cast<off_t>(size)) != 0)
    if (errno != EINTR) return fault_of("truncate");
  return {};
}

Result<void> OpenFile::sync() const {
  if (::fdatasync(file_) != 0) return fault_of("flush");
  return {};
}

void OpenFile::begin_write_out(std::uint64_t offset, std::uint64_t length) const {
  static_cast<void>(
      ::sync_file_range(file_, static_cast<off_t>(offset), static_cast<off_t>(length), SYNC_FILE_RANGE_WRITE));
}

Result<bool> OpenFile::lock() const {
  if (::flock(file_, LOCK_EX | LOCK_NB) == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  return fault_of("lock");
}

Result<void> sync_directory(const std::string& directory) {
  auto opened = OpenFile::open(directory, O_RDONLY | O_DIRECTORY);
  if (!opened) return opened.error();
  return opened->sync();
}

}  // namespace causeway::securityserver
