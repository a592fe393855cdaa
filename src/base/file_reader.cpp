// SPDX-License-Identifier: MIT
#include "base/file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace causeway {
namespace {

Fault io_fault(std::string_view doing, const std::filesystem::path& path) {
  return {"io_error", std::string(doing) + " " + path.string() + ": " + std::strerror(errno)};
}

}  // namespace

Result<FileReader> FileReader::open(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return io_fault("cannot open", path);
  struct stat info{};
  const bool known = ::fstat(file, &info) == 0;
  return FileReader(path, file, known && info.st_size > 0 ? static_cast<std::size_t>(info.st_size) : 0);
}

FileReader::~FileReader() {
  if (file_ >= 0) ::close(file_);
}

FileReader& FileReader::operator=(FileReader&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(file_, other.file_);
  std::swap(size_, other.size_);
  return *this;
}

Result<std::size_t> FileReader::read(std::span<char> into) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const ssize_t count = ::read(file_, into.data() + filled, into.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_fault("cannot read", path_);
    if (count == 0) break;
    filled += static_cast<std::size_t>(count);
  }
  return filled;
}

}  // namespace causeway
