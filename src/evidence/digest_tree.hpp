// SPDX-License-Identifier: MIT
// The digests of a hash tree (evidence.md 2.2), in one piece of memory.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "evidence/digest_list.hpp"
#include "evidence/message_parts.hpp"

namespace causeway::evidence {

class DigestTree {
 public:
  // Neither `messages` nor any of them may be empty. A message of one part enters as that
  // part's digest, one of several parts as the step over them.
  DigestTree(std::span<const MessageParts> messages, pki::DigestAlgorithm algorithm);
  DigestTree(std::span<const Bytes> leaves, pki::DigestAlgorithm algorithm);

  // The leaves are level 0, the root is alone on the last.
  std::size_t levels() const { return levels_.size(); }
  std::size_t size(std::size_t level) const { return levels_[level].size; }
  ByteView at(std::size_t level, std::size_t index) const { return digest(levels_[level].begin + index); }
  ByteView root() const { return at(levels() - 1, 0); }

 private:
  struct Level {
    std::size_t begin, size;  // in nodes_
  };
  struct Node {
    std::size_t begin, size;  // in octets_
  };

  void reserve(std::size_t leaves, pki::DigestAlgorithm algorithm);
  void add(ByteView digest);
  void add_step(DigestList& list, pki::DigestAlgorithm algorithm);
  void grow(DigestList& list, pki::DigestAlgorithm algorithm);
  ByteView digest(std::size_t node) const { return ByteView(octets_).subspan(nodes_[node].begin, nodes_[node].size); }

  std::vector<Level> levels_;
  std::vector<Node> nodes_;
  Bytes octets_;
};

}  // namespace causeway::evidence
