// SPDX-License-Identifier: MIT
#include "base/spool.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace causeway {
namespace {

std::string& directory() {
  static std::string path = [] {
    const char* tmp = std::getenv("TMPDIR");
    return std::string(tmp ? tmp : "/tmp");
  }();
  return path;
}

Fault io_fault(std::string_view doing) {
  return {"io_error", std::string(doing) + " in " + directory() + ": " + std::strerror(errno)};
}

Result<void> write_all(int file, ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_fault("cannot write spool file");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace

void Spool::set_directory(std::string path) { directory() = std::move(path); }

Spool::~Spool() {
  if (file_ >= 0) ::close(file_);
}

Spool::Spool(Spool&& other) noexcept
    : memory_limit_(other.memory_limit_),
      memory_(std::move(other.memory_)),
      size_(std::exchange(other.size_, 0)),
      file_(std::exchange(other.file_, -1)) {}

Spool& Spool::operator=(Spool&& other) noexcept {
  if (this != &other) {
    if (file_ >= 0) ::close(file_);
    memory_limit_ = other.memory_limit_;
    memory_ = std::move(other.memory_);
    size_ = std::exchange(other.size_, 0);
    file_ = std::exchange(other.file_, -1);
  }
  return *this;
}

Result<void> Spool::append(ByteView bytes) {
  if (file_ < 0 && memory_.size() + bytes.size() > memory_limit_)
    if (auto moved = move_to_file(); !moved) return moved;
  if (file_ < 0) {
    memory_.insert(memory_.end(), bytes.begin(), bytes.end());
  } else if (auto written = write_all(file_, bytes); !written) {
    return written;
  }
  size_ += bytes.size();
  return {};
}

Result<void> Spool::move_to_file() {
  const int file = ::open(directory().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return io_fault("cannot make spool file");
  if (auto written = write_all(file, memory_); !written) {
    ::close(file);
    return written;
  }
  memory_ = Bytes();
  file_ = file;
  return {};
}

Result<std::size_t> Spool::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (offset >= size_) return std::size_t{0};
  if (file_ < 0) {
    const std::size_t count = std::min<std::size_t>(into.size(), memory_.size() - offset);
    std::memcpy(into.data(), memory_.data() + offset, count);
    return count;
  }
  for (;;) {
    const ssize_t count = ::pread(file_, into.data(), into.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_fault("cannot read spool file");
    return static_cast<std::size_t>(count);
  }
}

Result<Bytes> Spool::read_all(std::size_t limit) const {
  if (size_ > limit) return Fault{"io_error", "content is longer than " + std::to_string(limit) + " bytes"};
  Bytes all(size_);
  std::size_t got = 0;
  while (got < all.size()) {
    auto count = read_at(got, std::span(all).subspan(got));
    if (!count) return count.error();
    if (*count == 0) return Fault{"io_error", "spool file shorter than what was written"};
    got += *count;
  }
  return all;
}

}  // namespace causeway
