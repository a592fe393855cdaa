// SPDX-License-Identifier: MIT
// A file read from front to back, for what is too large to hold.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace causeway {

class FileReader {
 public:
  // io_error, with path and reason, as below.
  static Result<FileReader> open(const std::filesystem::path& path);
  ~FileReader();
  FileReader(FileReader&& other) noexcept
      : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)), size_(other.size_) {}
  FileReader& operator=(FileReader&& other) noexcept;

  // In octets, when it was opened.
  std::size_t size() const { return size_; }
  // How much of `into` was filled: less than all of it at the end of the file alone.
  Result<std::size_t> read(std::span<char> into);

 private:
  FileReader(std::filesystem::path path, int file, std::size_t size)
      : path_(std::move(path)), file_(file), size_(size) {}

  std::filesystem::path path_;
  int file_;
  std::size_t size_ = 0;
};

}  // namespace causeway
