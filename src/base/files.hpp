// SPDX-License-Identifier: MIT
// Whole files, read and replaced at once.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway {

// io_error, with path and reason. `limit` in bytes: a longer file is a fault.
Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit = 1UL << 30);

// A temporary file beside `path`, flushed to disk and renamed over it, so that a
// reader sees the old content or the new. `mode` as in chmod(2).
Result<void> write_file_atomically(const std::filesystem::path& path, std::string_view content, unsigned mode = 0644);

Result<void> make_directories(const std::filesystem::path& path);

}  // namespace causeway
