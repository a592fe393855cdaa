// SPDX-License-Identifier: MIT
#include "base/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

namespace causeway {
namespace {

Fault io_fault(std::string_view doing, const std::filesystem::path& path) {
  return {"io_error", std::string(doing) + " " + path.string() + ": " + std::strerror(errno)};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return io_fault("cannot open", path);
  std::string content;
  struct stat info{};
  if (::fstat(file.get(), &info) == 0 && info.st_size > 0)
    content.reserve(std::min(limit, static_cast<std::size_t>(info.st_size)));
  char buffer[65536];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_fault("cannot read", path);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > limit)
      return Fault{"io_error", path.string() + " is longer than " + std::to_string(limit) + " bytes"};
  }
}

Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  static std::atomic<unsigned> counter{0};
  std::filesystem::path temporary = path;
  temporary += ".tmp" + std::to_string(::getpid()) + "-" + std::to_string(++counter);
  {
    const Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!file) return io_fault("cannot create", temporary);
    if (!write_all(file.get(), content) || ::fsync(file.get()) != 0) {
      Fault fault = io_fault("cannot write", temporary);
      ::unlink(temporary.c_str());
      return fault;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    Fault fault = io_fault("cannot replace", path);
    ::unlink(temporary.c_str());
    return fault;
  }
  return {};
}

Result<void> make_directories(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) return Fault{"io_error", "cannot make directory " + path.string() + ": " + error.message()};
  return {};
}

}  // namespace causeway
