// SPDX-License-Identifier: MIT
// ZIP files of strangers: what opens is read to its end.
#include "evidence/zip_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway::evidence;
  const auto zip = ZipReader::open({data, size}, {.total_bytes = 1 << 24});
  if (!zip) return 0;
  for (const ZipEntry& entry : zip->entries()) {
    (void)zip->read_all(entry, 1 << 20);
    if (zip->find(entry.name) != &entry) __builtin_trap();  // names are unique
  }
  return 0;
}
