// SPDX-License-Identifier: MIT
// Hash chain documents as their schema has them (evidence.md 2.3), read strictly.
#pragma once

#include <forward_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "evidence/transforms.hpp"
#include "pki/digest.hpp"

namespace causeway::evidence {

// Texts of a document that do not stand in its octets as they are. They stay where they
// are when this is moved; a copy would leave the views of the original's texts behind.
class OwnedTexts {
 public:
  OwnedTexts() = default;
  OwnedTexts(OwnedTexts&&) = default;
  OwnedTexts& operator=(OwnedTexts&&) = default;

  std::string_view keep(std::string text) { return texts_.emplace_front(std::move(text)); }

 private:
  std::forward_list<std::string> texts_;
};

struct ChainValue {
  enum class Kind { hash_value, step_ref, data_ref };
  Kind kind = Kind::hash_value;
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;  // its own, or the chain's default
  std::string_view uri;                                           // of a reference
  Transforms transforms;
  Bytes digest;  // empty for a step reference
};

struct ChainStep {
  std::string_view id;
  std::size_t first_value = 0, value_count = 0;
};

// Valid as long as the text it was read from.
struct ChainDocument {
  // nullptr when there is none.
  const ChainStep* step(std::string_view id) const;
  std::span<const ChainValue> values_of(const ChainStep& step) const {
    return std::span(values).subspan(step.first_value, step.value_count);
  }

  std::vector<ChainStep> steps;    // by id
  std::vector<ChainValue> values;  // those of a step one after the other
  OwnedTexts texts;
};

// Valid as long as the text it was read from.
struct ChainResult {
  std::string_view uri;
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;
  Bytes digest;
  OwnedTexts texts;
};

// malformed_hash_chain for everything that is not as the schema has it, for unknown
// algorithms, and for values without one.
Result<ChainDocument> read_hash_chain(std::string_view text);
Result<ChainResult> read_hash_chain_result(std::string_view text);

}  // namespace causeway::evidence
