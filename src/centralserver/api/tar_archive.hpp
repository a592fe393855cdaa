// SPDX-License-Identifier: MIT
// A few small files as one that people unpack: POSIX tar, compressed by gzip.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"

namespace causeway::centralserver {

struct ArchivedFile {
  std::string_view name;  // below 100 octets
  std::string content;
};

std::string tar_gz(const std::vector<ArchivedFile>& files, TimePoint at);

}  // namespace causeway::centralserver
