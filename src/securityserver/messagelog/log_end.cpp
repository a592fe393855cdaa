// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/log_end.hpp"

#include <fcntl.h>

#include <array>
#include <filesystem>

#include "securityserver/messagelog/crc32c.hpp"
#include "securityserver/messagelog/little_endian.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::uint32_t kMarker = 0x4e455743;  // "CWEN"
constexpr std::size_t kContent = 28, kSize = kContent + 4;
// The reader may meet the writer halfway, which its checksum tells.
constexpr int kTries = 5;

std::string path_in(const std::string& directory) { return directory + "/end"; }

}  // namespace

Result<LogEndFile> LogEndFile::open(const std::string& directory) {
  auto file = OpenFile::open(path_in(directory), O_RDWR | O_CREAT);
  if (!file) return file.error();
  return LogEndFile(*std::move(file));
}

Result<void> LogEndFile::write(const LogEnd& end) const {
  std::array<std::uint8_t, kSize> octets{};
  store_integer(octets.data(), kMarker);
  store_integer(octets.data() + 4, end.position.segment);
  store_integer(octets.data() + 12, end.position.offset);
  store_integer(octets.data() + 20, end.last_id);
  store_integer(octets.data() + kContent, crc32c(ByteView(octets).first(kContent)));
  return file_.write_at(0, octets);
}

Result<std::optional<LogEnd>> read_log_end(const std::string& directory) {
  std::error_code error;
  if (!std::filesystem::exists(path_in(directory), error)) return std::optional<LogEnd>();
  auto file = OpenFile::open(path_in(directory), O_RDONLY);
  if (!file) return file.error();
  for (int i = 0; i < kTries; ++i) {
    std::array<std::uint8_t, kSize> octets{};
    auto got = file->read_at(0, octets);
    if (!got) return got.error();
    if (*got < kSize || load_integer<std::uint32_t>(octets.data()) != kMarker ||
        load_integer<std::uint32_t>(octets.data() + kContent) != crc32c(ByteView(octets).first(kContent)))
      continue;
    return std::optional(
        LogEnd{{load_integer<std::uint64_t>(octets.data() + 4), load_integer<std::uint64_t>(octets.data() + 12)},
               load_integer<std::uint64_t>(octets.data() + 20)});
  }
  return std::optional<LogEnd>();
}

}  // namespace causeway::securityserver
