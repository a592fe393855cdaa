// SPDX-License-Identifier: MIT
// Linking information as text, and texts that are read must come out as they went in.
#include "evidence/linking_info.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  const auto info = evidence::read_linking_info(as_text({data, size}));
  if (!info) return 0;
  const auto again = evidence::read_linking_info(info->to_text());
  if (!again || again->to_text() != info->to_text()) __builtin_trap();
  return 0;
}
