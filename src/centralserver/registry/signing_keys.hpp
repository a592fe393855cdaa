// SPDX-License-Identifier: MIT
// The keys that sign what this instance publishes (trust.md section 5). They lie in the signer of
// their node; here is which ones there are, and a certificate of each, a mere container.
//
// Of a source and a node one key is active: it signs. The certificates of all are published, so
// that another one can take over without a new anchor.
#pragma once

#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "globalconf/source_keys.hpp"
#include "pki/certificate.hpp"

namespace causeway::centralserver {

using globalconf::SourceType;

struct SigningKey {
  std::string id;  // the signer's
  SourceType source = SourceType::internal;
  std::string node;
  std::string token;
  pki::Certificate certificate;
  bool active = false;
  TimePoint created = {};
};

// Of all nodes, in the order in which they were added.
Result<std::vector<SigningKey>> signing_keys(const Registry& registry);
// signing_key_not_found.
Result<SigningKey> signing_key(const Registry& registry, const std::string& id);

// To this node; the first one of a source is active. What `key` says of node, time and being active
// does not count; as it was added.
Result<SigningKey> add_signing_key(Change& change, SigningKey key);
// In place of the one that was. signing_key_not_found, also for another node's;
// signing_key_action_not_possible for the active one, as below.
Result<void> activate_signing_key(Change& change, const std::string& id);
Result<void> delete_signing_key(Change& change, const std::string& id);

}  // namespace causeway::centralserver
