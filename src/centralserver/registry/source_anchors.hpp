// SPDX-License-Identifier: MIT
// Where this instance's configuration is downloaded from, and the anchors that say so to those
// who download it (trust.md 1.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/source_keys.hpp"

namespace causeway::centralserver {

using globalconf::SourceType;

// At which ports of the nodes' addresses others find the configuration, and the services of management requests.
struct PublicPorts {
  std::uint16_t http = 80, https = 443, registration = 4001, management = 4002;
};

// "https://cs.example.org/internalconf", or another path of the web server; a port that is not the scheme's own is
// named.
std::string public_url(const std::string& address, const PublicPorts& ports, std::string_view path,
                       bool secure = false);
std::string download_url(const std::string& address, SourceType source, const PublicPorts& ports, bool secure);

// What shared parameters say of the nodes: address, and certificates of all their keys. Nodes
// without an address or a key are left out.
Result<std::vector<globalconf::ConfigurationSource>> configuration_sources(const Registry& registry,
                                                                           const PublicPorts& ports);

struct SourceAnchor {
  std::string hash;  // as it is shown to people: SHA-224, "AA:BB:..."
  std::string document;
  TimePoint created;
};

// Nothing before it was made for the first time.
Result<std::optional<SourceAnchor>> source_anchor(const Registry& registry, SourceType source);
// Of every node: http addresses, then https ones, with the certificates of all keys.
// instance_identifier_not_set; no_configuration_signing_keys_configured when this node has none.
Result<SourceAnchor> recreate_source_anchor(Change& change, SourceType source, const PublicPorts& ports);

}  // namespace causeway::centralserver
