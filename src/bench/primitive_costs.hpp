// SPDX-License-Identifier: MIT
// What hashing, encrypting and flushing cost on this machine, now.
#pragma once

#include <filesystem>

#include "base/result.hpp"

namespace causeway::bench {

struct PrimitiveCosts {
  double sha512_kb = 0;   // CPU seconds for a kilobyte in pieces of a kilobyte
  double aes_gcm_kb = 0;  // CPU seconds to encrypt a kilobyte, in records of 16 KB
  double flush_cpu = 0;   // CPU seconds to append 4 KB to a file and fdatasync it
  double flush_time = 0;  // seconds until it is on disk
};

// `directory`: on the disk that counts. io_error, internal_error.
Result<PrimitiveCosts> measure_primitives(const std::filesystem::path& directory);

}  // namespace causeway::bench
