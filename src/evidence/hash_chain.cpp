// SPDX-License-Identifier: MIT
#include "evidence/hash_chain.hpp"

#include <cassert>

#include "xml/writing.hpp"

namespace causeway::evidence {
namespace {

using Level = std::vector<Bytes>;

constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kNamespaces =
    " xmlns:hc=\"http://cyber.ee/hashchain\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";

Bytes leaf_of(const MessageParts& parts, pki::DigestAlgorithm algorithm) {
  assert(!parts.empty());
  if (parts.size() == 1) return parts.front().digest;
  std::vector<ByteView> digests;
  for (const PartDigest& part : parts) digests.emplace_back(part.digest);
  return step_digest(algorithm, digests);
}

// The levels of the tree, leaves first. An odd last node moves up as it is.
std::vector<Level> tree_over(Level leaves, pki::DigestAlgorithm algorithm) {
  std::vector<Level> levels;
  levels.push_back(std::move(leaves));
  while (levels.back().size() > 1) {
    const Level& below = levels.back();
    Level level;
    level.reserve((below.size() + 1) / 2);
    for (std::size_t i = 0; i + 1 < below.size(); i += 2)
      level.push_back(step_digest(algorithm, {below[i], below[i + 1]}));
    if (below.size() % 2 == 1) level.push_back(below.back());
    levels.push_back(std::move(level));
  }
  return levels;
}

// A lone leaf that is a part's own digest still needs a step to refer to.
Bytes top_of(const std::vector<Level>& levels, bool leaf_is_part, pki::DigestAlgorithm algorithm) {
  const Bytes& root = levels.back().front();
  return levels.size() == 1 && leaf_is_part ? step_digest(algorithm, {root}) : root;
}

// Writes one chain from its root to its data.
class ChainText {
 public:
  explicit ChainText(pki::DigestAlgorithm algorithm) {
    text_ += kDeclaration;
    text_ += "<hc:HashChain";
    text_ += kNamespaces;
    text_ += ">\n<hc:DefaultDigestMethod Algorithm=\"";
    text_ += pki::digest_uri(algorithm);
    text_ += "\"/>\n";
  }

  void open_step() { text_ += "<hc:HashStep id=\"STEP" + std::to_string(steps_++) + "\">"; }
  void close_step() { text_ += "</hc:HashStep>\n"; }
  void hash_value(ByteView digest) {
    text_ += "<hc:HashValue>";
    digest_value(digest);
    text_ += "</hc:HashValue>";
  }
  void next_step() { text_ += "<hc:StepRef URI=\"#STEP" + std::to_string(steps_) + "\"/>"; }
  void data(const PartDigest& part) {
    text_ += "<hc:DataRef URI=\"";
    xml::append_attribute_value(text_, part.name);
    text_ += "\">";
    digest_value(part.digest);
    text_ += "</hc:DataRef>";
  }
  std::string finish() && { return std::move(text_) + "</hc:HashChain>"; }

 private:
  void digest_value(ByteView digest) {
    text_ += "<ds:DigestValue>";
    text_ += to_base64(digest);
    text_ += "</ds:DigestValue>";
  }

  std::string text_;
  std::size_t steps_ = 0;
};

std::string chain_text(const std::vector<Level>& levels, std::size_t leaf, const MessageParts& parts,
                       pki::DigestAlgorithm algorithm) {
  ChainText text(algorithm);
  // A node stands at `leaf >> level`; it has no sibling where it was moved up.
  bool sibling_below_exists = false;
  for (std::size_t level = levels.size() - 1; level-- > 0;) {
    const std::size_t own = leaf >> level;
    if ((own ^ 1) >= levels[level].size()) continue;
    sibling_below_exists = false;
    for (std::size_t below = level; below-- > 0 && !sibling_below_exists;)
      sibling_below_exists = ((leaf >> below) ^ 1) < levels[below].size();
    text.open_step();
    const bool own_is_right = own % 2 == 1;
    if (own_is_right) text.hash_value(levels[level][own ^ 1]);
    if (sibling_below_exists || parts.size() > 1)
      text.next_step();
    else
      text.data(parts.front());
    if (!own_is_right) text.hash_value(levels[level][own ^ 1]);
    text.close_step();
  }
  if (parts.size() > 1 || levels.size() == 1) {
    text.open_step();
    for (const PartDigest& part : parts) text.data(part);
    text.close_step();
  }
  return std::move(text).finish();
}

std::string result_text(ByteView top, std::string_view chain_file, pki::DigestAlgorithm algorithm) {
  std::string text(kDeclaration);
  text += "<hc:HashChainResult";
  text += kNamespaces;
  text += " URI=\"";
  xml::append_attribute_value(text, chain_file);
  text += "#STEP0\">\n<ds:DigestMethod Algorithm=\"";
  text += pki::digest_uri(algorithm);
  text += "\"/>\n<ds:DigestValue>";
  text += to_base64(top);
  text += "</ds:DigestValue>\n</hc:HashChainResult>";
  return text;
}

}  // namespace

HashTree::HashTree(std::vector<Bytes> leaves, std::string_view document, std::string_view chain_file,
                   pki::DigestAlgorithm algorithm)
    : algorithm_(algorithm), document_(document), levels_(tree_over(std::move(leaves), algorithm)) {
  result_ = result_text(top_of(levels_, true, algorithm), chain_file, algorithm);
}

std::string HashTree::chain(std::size_t leaf) const {
  return chain_text(levels_, leaf, {{document_, levels_.front()[leaf]}}, algorithm_);
}

HashChains build_hash_chains(std::span<const MessageParts> messages, std::string_view chain_file,
                             pki::DigestAlgorithm algorithm) {
  assert(!messages.empty());
  Level leaves;
  leaves.reserve(messages.size());
  for (const MessageParts& parts : messages) leaves.push_back(leaf_of(parts, algorithm));
  const std::vector<Level> levels = tree_over(std::move(leaves), algorithm);
  HashChains out;
  out.top = top_of(levels, messages.front().size() == 1, algorithm);
  out.result = result_text(out.top, chain_file, algorithm);
  out.chains.reserve(messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) out.chains.push_back(chain_text(levels, i, messages[i], algorithm));
  return out;
}

}  // namespace causeway::evidence
