// SPDX-License-Identifier: MIT
#include "centralserver/registry/source_anchors.hpp"

#include <algorithm>

#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/signing_keys.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "globalconf/anchor.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "configuration anchor";
constexpr std::uint16_t kHttpPort = 80, kHttpsPort = 443;

std::string with_port(const std::string& address, std::uint16_t port, std::uint16_t usual) {
  return port == usual ? address : address + ":" + std::to_string(port);
}

Result<SourceAnchor> read_anchor_row(const store::Statement& row) {
  return SourceAnchor{std::string(row.text(0)), to_text(row.octets(1)), from_unix_millis(row.integer(2))};
}

// A node that others know where to find.
struct Node {
  std::string name, address;
  std::vector<Bytes> internal, external;
  const std::vector<Bytes>& certificates(SourceType source) const {
    return source == SourceType::internal ? internal : external;
  }
};

Result<std::vector<Node>> nodes(const Registry& registry) {
  auto addressed = node_addresses(registry);
  if (!addressed) return addressed.error();
  auto keys = signing_keys(registry);
  if (!keys) return keys.error();
  std::vector<Node> all;
  for (NodeAddress& each : *addressed) {
    Node node{std::move(each.node), std::move(each.address), {}, {}};
    for (const SigningKey& key : *keys)
      if (key.node == node.name)
        (key.source == SourceType::internal ? node.internal : node.external).push_back(key.certificate.der());
    if (!node.internal.empty() || !node.external.empty()) all.push_back(std::move(node));
  }
  return all;
}

}  // namespace

std::string public_url(const std::string& address, const PublicPorts& ports, std::string_view path, bool secure) {
  const std::string host =
      secure ? with_port(address, ports.https, kHttpsPort) : with_port(address, ports.http, kHttpPort);
  return (secure ? "https://" : "http://") + host + std::string(path);
}

std::string download_url(const std::string& address, SourceType source, const PublicPorts& ports, bool secure) {
  return public_url(address, ports, "/" + std::string(directory_name(source)), secure);
}

Result<std::vector<globalconf::ConfigurationSource>> configuration_sources(const Registry& registry,
                                                                           const PublicPorts& ports) {
  auto all = nodes(registry);
  if (!all) return all.error();
  std::vector<globalconf::ConfigurationSource> sources;
  for (Node& node : *all)
    sources.push_back(
        {with_port(node.address, ports.http, kHttpPort), std::move(node.internal), std::move(node.external)});
  return sources;
}

Result<std::optional<SourceAnchor>> source_anchor(const Registry& registry, SourceType source) {
  return read_row(registry.database(), "SELECT hash, document, created FROM source_anchor WHERE source = $1",
                  read_anchor_row, to_string(source));
}

Result<SourceAnchor> recreate_source_anchor(Change& change, SourceType source, const PublicPorts& ports) {
  const Registry& registry = change.registry();
  auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  auto all = nodes(registry);
  if (!all) return all.error();
  std::erase_if(*all, [&](const Node& node) { return node.certificates(source).empty(); });
  if (std::ranges::find(*all, registry.node(), &Node::name) == all->end())
    return fault(RegistryFault::no_configuration_signing_keys_configured,
                 "This node has no key that could sign the " + std::string(to_string(source)) + " configuration");
  globalconf::Anchor anchor{from_unix_millis(change.millis()), *instance, {}};
  for (const bool secure : {false, true})
    for (const Node& node : *all)
      anchor.sources.push_back({download_url(node.address, source, ports, secure), node.certificates(source)});
  SourceAnchor made{{}, globalconf::write_anchor(anchor), *anchor.generated_at};
  made.hash = globalconf::anchor_hash(made.document);
  auto before = source_anchor(registry, source);
  if (!before) return before.error();
  const std::string_view sql =
      *before ? "UPDATE source_anchor SET hash = $2, document = $3, created = $4 WHERE source = $1"
              : "INSERT INTO source_anchor (source, hash, document, created) VALUES ($1, $2, $3, $4)";
  auto stored = run(change.database(), sql, to_string(source), made.hash, as_bytes(made.document), change.millis());
  if (!stored) return stored.error();
  const std::string hash_before = *before ? (*before)->hash : std::string();
  if (auto noted = change.note_changed(kKind, to_string(source), "hash", hash_before, made.hash); !noted)
    return noted.error();
  return made;
}

}  // namespace causeway::centralserver
