// SPDX-License-Identifier: MIT
#include "base/uuid.hpp"

#include <sys/random.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace causeway {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

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

  static constexpr std::size_t kBlock = 1024;
  std::array<std::uint8_t, kBlock> block_{};
  std::size_t used_ = kBlock;
};

thread_local RandomBytes random_bytes;

}  // namespace

std::string random_uuid() {
  std::array<std::uint8_t, 16> id{};
  for (auto& byte : id) byte = random_bytes.next();
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0f) | 0x40);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3f) | 0x80);
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < id.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kHex[id[i] >> 4];
    text += kHex[id[i] & 15];
  }
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
