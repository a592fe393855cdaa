// SPDX-License-Identifier: MIT
// Both manifests of containers; what is read can be written and read again.
#include "evidence/asic_manifest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  const std::string_view text = as_text({data, size});
  if (const auto manifest = evidence::read_file_manifest(text))
    if (!evidence::read_file_manifest(evidence::write_file_manifest(*manifest))) __builtin_trap();
  if (const auto manifest = evidence::read_asic_manifest(text))
    if (!evidence::read_asic_manifest(evidence::write_asic_manifest(*manifest))) __builtin_trap();
  return 0;
}
