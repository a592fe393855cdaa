// SPDX-License-Identifier: MIT
#include "base/uuid.hpp"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.hpp"

namespace causeway {
namespace {

// The kernel's random numbers, fetched a block at a time for each thread.
class RandomBytes {
 public:
  std::uint8_t next() {
    if (used_ == block_.size()) refill();
    return block_[used_++];
  }

 private:
  void refill() {
    std::size_t got = 0;
    while (got < block_.size()) {
      const ssize_t count = ::getrandom(block_.data() + got, block_.size() - got, 0);
      if (count > 0) got += static_cast<std::size_t>(count);
    }
    used_ = 0;
  }

  std::array<std::uint8_t, 256> block_{};
  std::size_t used_ = 256;
};

thread_local RandomBytes random_bytes;

}  // namespace

std::string random_uuid() {
  std::array<std::uint8_t, 16> id{};
  for (auto& byte : id) byte = random_bytes.next();
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x40);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
  std::string text = to_hex(id);
  for (const std::size_t at : {20, 16, 12, 8}) text.insert(at, 1, '-');
  return text;
}

std::string random_letters(std::size_t count) {
  std::string text;
  text.reserve(count);
  while (text.size() < count) {
    const unsigned value = random_bytes.next();
    if (value >= 208) continue;  // 4 * 52: keeps every letter equally likely
    const unsigned letter = value % 52;
    text += static_cast<char>(letter < 26 ? 'a' + letter : 'A' + letter - 26);
  }
  return text;
}

}  // namespace causeway
