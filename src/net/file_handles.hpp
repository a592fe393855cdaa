// SPDX-License-Identifier: MIT
// How many more files and sockets this process may open.
#pragma once

#include <chrono>
#include <cstddef>

namespace causeway::net {

// The limit of this process minus what is open; 0 when it cannot be told.
std::size_t free_file_handles();

// Raises the limit to the most that the system allows.
void raise_file_handle_limit();

// Hands out handles while enough are free. Counting costs some time with thousands of
// them, so it is done a few times a second at most. Of one thread.
class FileHandles {
 public:
  // False when fewer than `keep_free` would be left. `sharers` threads take at the same time.
  bool take(std::size_t keep_free, std::size_t sharers);

 private:
  std::chrono::steady_clock::time_point counted_{};
  std::size_t left_ = 0;  // of this thread's share, since then
};

}  // namespace causeway::net
