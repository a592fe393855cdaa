// SPDX-License-Identifier: MIT
// The parts of a message as evidence sees them: names and digests.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace causeway::evidence {

// One signed part: "/message.xml" first, then "/attachment1", ... Digests are SHA-512.
struct PartDigest {
  std::string name;
  Bytes digest;
};
using MessageParts = std::vector<PartDigest>;

}  // namespace causeway::evidence
