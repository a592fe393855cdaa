// SPDX-License-Identifier: MIT
// The anchors of the instances that this one is federated with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "globalconf/anchor.hpp"

namespace causeway::centralserver {

struct TrustedAnchor {
  std::string hash;      // by which it is shown and named: SHA-224, "AA:BB:..."
  std::string document;  // as it was uploaded
  globalconf::Anchor anchor;
};

Result<std::vector<TrustedAnchor>> trusted_anchors(const Registry& registry);
// trusted_anchor_not_found.
Result<TrustedAnchor> trusted_anchor(const Registry& registry, const std::string& hash);

// What would be added. malformed_anchor; also without the time when it was made, as in X-Road.
Result<TrustedAnchor> preview_trusted_anchor(std::string_view document);
// In place of another one of the same instance. Whether it leads to a configuration is for its
// caller to try.
Result<TrustedAnchor> add_trusted_anchor(Change& change, std::string_view document);
Result<void> delete_trusted_anchor(Change& change, const std::string& hash);

}  // namespace causeway::centralserver
