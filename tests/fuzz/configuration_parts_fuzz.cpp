// SPDX-License-Identifier: MIT
// Configuration parts, anchors and metadata; the first octet says which.
#include <cstdint>
#include <cstdlib>

#include "globalconf/configuration_directory.hpp"
#include "globalconf/instance.hpp"
#include "globalconf/optional_parts.hpp"
#include "globalconf/private_parameters.hpp"
#include "globalconf/shared_parameters.hpp"

namespace {

using namespace causeway;
using namespace causeway::globalconf;

void require(bool holds) {
  if (!holds) std::abort();
}

void read_parameters(std::string_view xml, int version) {
  if (auto shared = read_shared_parameters(xml, version)) {
    // Whatever was read can be written, and is read to the same again.
    const std::string written = write_shared_parameters(*shared, version);
    auto again = read_shared_parameters(written, version);
    require(again.ok() && write_shared_parameters(*again, version) == written);
    if (auto instance = Instance::make(*std::move(shared), version))
      for (const ServerEntry& server : (*instance)->servers())
        if ((*instance)->server(server.id) == &server)
          require((*instance)->servers_of(server.id.owner()).size() < 1000);
  }
  if (auto parameters = read_private_parameters(xml, version))
    require(read_private_parameters(write_private_parameters(*parameters), version).ok());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  switch (bytes[0]) {
    case 'a':
      if (auto anchor = read_anchor(text)) require(read_anchor(write_anchor(*anchor)).ok());
      break;
    case 'j':
      if (auto metadata = read_metadata(text)) require(read_metadata(write_metadata(*metadata)).ok());
      break;
    case 'm':
      (void)read_monitoring_client(text);
      (void)read_ocsp_fetch_interval(text);
      (void)read_verify_next_update(text);
      break;
    default:
      read_parameters(text, bytes[0] - '0');
  }
  return 0;
}
