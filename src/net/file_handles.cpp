// SPDX-License-Identifier: MIT
#include "net/file_handles.hpp"

#include <dirent.h>
#include <sys/resource.h>

#include <algorithm>

namespace causeway::net {
namespace {

constexpr std::chrono::milliseconds kCountAgain{100};

}  // namespace

std::size_t free_file_handles() {
  rlimit limit{};
  DIR* const open = ::opendir("/proc/self/fd");
  if (open == nullptr || ::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  std::size_t used = 0;
  while (const dirent* entry = ::readdir(open))
    if (entry->d_name[0] != '.') ++used;
  ::closedir(open);
  --used;  // the directory itself
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

void raise_file_handle_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

bool FileHandles::take(std::size_t keep_free, std::size_t sharers) {
  if (keep_free == 0) return true;
  const auto now = std::chrono::steady_clock::now();
  if (now - counted_ >= kCountAgain) {
    counted_ = now;
    const std::size_t free = free_file_handles();
    left_ = free > keep_free ? std::max<std::size_t>(1, (free - keep_free) / sharers) : 0;
  }
  if (left_ == 0) return false;
  --left_;
  return true;
}

}  // namespace causeway::net
