// SPDX-License-Identifier: MIT
// Hash chain documents as their schema has them (evidence.md 2.3), read strictly.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "evidence/transforms.hpp"
#include "pki/digest.hpp"

namespace causeway::evidence {

struct ChainValue {
  enum class Kind { hash_value, step_ref, data_ref };
  Kind kind = Kind::hash_value;
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;  // its own, or the chain's default
  std::string uri;                                                // of a reference
  Transforms transforms;
  Bytes digest;  // empty for a step reference
};

struct ChainStep {
  std::vector<ChainValue> values;
};

struct ChainDocument {
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>{}(id); }
  };
  std::unordered_map<std::string, ChainStep, Hash, std::equal_to<>> steps;  // by id
};

struct ChainResult {
  std::string uri;
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;
  Bytes digest;
};

// malformed_hash_chain for everything that is not as the schema has it, for unknown
// algorithms, and for values without one.
Result<ChainDocument> read_hash_chain(std::string_view text);
Result<ChainResult> read_hash_chain_result(std::string_view text);

}  // namespace causeway::evidence
