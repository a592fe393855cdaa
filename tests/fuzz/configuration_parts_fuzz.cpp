// SPDX-License-Identifier: MIT
// Configuration parts, anchors and metadata; the first octet says which.
#include <algorithm>
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

// A comment behind it sends the document to the general reader.
void compare_readers(std::string_view xml, int version) {
  const auto one = read_shared_parameters(xml, version);
  const auto other = read_shared_parameters(std::string(xml) + "<!-- -->", version);
  require(one.ok() == other.ok());
  require(!one || write_shared_parameters(*one, version) == write_shared_parameters(*other, version));
}

// Whatever the block says, lookups stay inside it.
void look_up(std::string_view block) {
  const auto image = InstanceImage::of(std::string(block));
  if (!image) return;
  const auto id = ClientId::make("DEV", "COM", "200", "client");
  const std::uint32_t client = image->find_client(*id);
  for (const std::uint32_t server : image->servers_of(client)) (void)image->server(server);
  for (std::uint32_t i = 0; i < std::min<std::size_t>(image->clients(), 100); ++i) (void)image->client(i);
  for (std::uint32_t i = 0; i < std::min<std::size_t>(image->servers(), 100); ++i) (void)image->hashes_of(i);
  for (std::uint32_t i = 0; i < std::min<std::size_t>(image->groups(), 100); ++i) (void)image->in_group(i, *id);
}

void read_parameters(std::string_view xml, int version) {
  compare_readers(xml, version);
  if (auto shared = read_shared_parameters(xml, version)) {
    // Whatever was read can be written, and is read to the same again.
    const std::string written = write_shared_parameters(*shared, version);
    auto again = read_shared_parameters(written, version);
    require(again.ok() && write_shared_parameters(*again, version) == written);
    if (auto instance = Instance::make(*shared, version))
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
    case 'i':
      look_up(text);
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
