// SPDX-License-Identifier: MIT
#include "evidence/digest_tree.hpp"

#include <bit>
#include <cassert>

namespace causeway::evidence {

DigestTree::DigestTree(std::span<const MessageParts> messages, pki::DigestAlgorithm algorithm) {
  reserve(messages.size(), algorithm);
  DigestList list;
  for (const MessageParts& parts : messages) {
    assert(!parts.empty());
    if (parts.size() == 1) {
      add(parts.front().digest);
      continue;
    }
    list.clear();
    for (const PartDigest& part : parts) list.add(algorithm, part.digest);
    add_step(list, algorithm);
  }
  grow(list, algorithm);
}

DigestTree::DigestTree(std::span<const Bytes> leaves, pki::DigestAlgorithm algorithm) {
  reserve(leaves.size(), algorithm);
  for (const Bytes& leaf : leaves) add(leaf);
  DigestList list;
  grow(list, algorithm);
}

void DigestTree::reserve(std::size_t leaves, pki::DigestAlgorithm algorithm) {
  assert(leaves > 0);
  const auto levels = static_cast<std::size_t>(std::bit_width(leaves)) + 1;
  levels_.reserve(levels);
  // Every level but the last may have a node that moved up.
  nodes_.reserve(2 * leaves + levels);
  octets_.reserve((2 * leaves + levels) * pki::digest_size(algorithm));
}

void DigestTree::add(ByteView digest) {
  nodes_.push_back({octets_.size(), digest.size()});
  octets_.insert(octets_.end(), digest.begin(), digest.end());
}

void DigestTree::add_step(DigestList& list, pki::DigestAlgorithm algorithm) {
  const std::size_t begin = octets_.size();
  octets_.resize(begin + pki::digest_size(algorithm));
  pki::digest_into(algorithm, list.octets(), octets_.data() + begin);
  nodes_.push_back({begin, octets_.size() - begin});
}

void DigestTree::grow(DigestList& list, pki::DigestAlgorithm algorithm) {
  levels_.push_back({0, nodes_.size()});
  while (levels_.back().size > 1) {
    const Level below = levels_.back();
    for (std::size_t i = 0; i + 1 < below.size; i += 2) {
      list.clear();
      list.add(algorithm, digest(below.begin + i));
      list.add(algorithm, digest(below.begin + i + 1));
      add_step(list, algorithm);
    }
    // An odd last node moves up as it is, and so is the same piece of memory.
    if (below.size % 2 == 1) nodes_.push_back(nodes_[below.begin + below.size - 1]);
    levels_.push_back({below.begin + below.size, nodes_.size() - below.begin - below.size});
  }
}

}  // namespace causeway::evidence
