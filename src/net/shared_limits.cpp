// SPDX-License-Identifier: MIT
#include "net/shared_limits.hpp"

#include <algorithm>

#include "net/file_handles.hpp"

namespace causeway::net {
namespace {

constexpr std::size_t kForFiles = 100;

}  // namespace

ServerLimits limits_of_one_of(std::size_t servers) {
  ServerLimits limits;
  const std::size_t free = free_file_handles();
  const std::size_t share = free > kForFiles ? (free - kForFiles) / servers : 0;
  limits.max_connections = std::clamp<std::size_t>(share, 1, limits.max_connections);
  return limits;
}

}  // namespace causeway::net
