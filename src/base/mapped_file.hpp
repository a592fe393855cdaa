// SPDX-License-Identifier: MIT
// A file's content in the address space, however large, without reading it first.
#pragma once

#include <filesystem>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway {

class MappedFile {
 public:
  // io_error, with path and reason; also for what is no regular file. The file must not
  // be cut while this lives.
  static Result<MappedFile> open(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  ByteView bytes() const { return bytes_; }

 private:
  explicit MappedFile(ByteView bytes) : bytes_(bytes) {}
  ByteView bytes_;
};

}  // namespace causeway
