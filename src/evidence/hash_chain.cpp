// SPDX-License-Identifier: MIT
#include "evidence/hash_chain.hpp"

#include <functional>

#include "xml/writing.hpp"

namespace causeway::evidence {
namespace {

constexpr std::string_view kDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kNamespaces =
    " xmlns:hc=\"http://cyber.ee/hashchain\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"";

// A lone leaf that is a part's own digest still needs a step to refer to.
Bytes top_of(const DigestTree& tree, bool leaf_is_part, pki::DigestAlgorithm algorithm) {
  if (tree.levels() == 1 && leaf_is_part) return step_digest(algorithm, {tree.root()});
  return {tree.root().begin(), tree.root().end()};
}

// Writes one chain from its root to its data. Digests are Base64 texts.
class ChainText {
 public:
  // `steps`, `data` and `digest` say how much to expect: the length of a digest's text for one.
  ChainText(pki::DigestAlgorithm algorithm, std::size_t steps, std::size_t data, std::size_t digest) {
    constexpr std::size_t kHead = 272, kStep = 136, kData = 96;
    text_.reserve(kHead + steps * (kStep + digest) + data * (kData + digest));
    text_ += kDeclaration;
    text_ += "<hc:HashChain";
    text_ += kNamespaces;
    text_ += ">\n<hc:DefaultDigestMethod Algorithm=\"";
    text_ += pki::digest_uri(algorithm);
    text_ += "\"/>\n";
  }

  void open_step() {
    text_ += "<hc:HashStep id=\"STEP";
    text_ += std::to_string(steps_++);
    text_ += "\">";
  }
  void close_step() { text_ += "</hc:HashStep>\n"; }
  void hash_value(std::string_view digest) {
    text_ += "<hc:HashValue><ds:DigestValue>";
    text_ += digest;
    text_ += "</ds:DigestValue></hc:HashValue>";
  }
  void next_step() {
    text_ += "<hc:StepRef URI=\"#STEP";
    text_ += std::to_string(steps_);
    text_ += "\"/>";
  }
  void data(std::string_view name, std::string_view digest) {
    text_ += "<hc:DataRef URI=\"";
    xml::append_attribute_value(text_, name);
    text_ += "\"><ds:DigestValue>";
    text_ += digest;
    text_ += "</ds:DigestValue></hc:DataRef>";
  }
  std::string finish() && {
    text_ += "</hc:HashChain>";
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t steps_ = 0;
};

// `parts` are those of the leaf; `text_of(level, index)` is a node's digest in Base64.
template <class TextOf>
std::string chain_text(const DigestTree& tree, std::size_t leaf, std::span<const PartDigest> parts,
                       pki::DigestAlgorithm algorithm, TextOf text_of) {
  const bool parts_have_step = parts.size() > 1 || tree.levels() == 1;
  const std::size_t digest_length = (pki::digest_size(algorithm) + 2) / 3 * 4;
  ChainText text(algorithm, tree.levels(), parts.size(), digest_length);
  // A node stands at `leaf >> level`; it has no sibling where it was moved up.
  const auto has_sibling = [&](std::size_t level) { return ((leaf >> level) ^ 1) < tree.size(level); };
  for (std::size_t level = tree.levels() - 1; level-- > 0;) {
    if (!has_sibling(level)) continue;
    bool sibling_below_exists = false;
    for (std::size_t below = level; below-- > 0 && !sibling_below_exists;) sibling_below_exists = has_sibling(below);
    text.open_step();
    const std::size_t own = leaf >> level;
    const bool own_is_right = own % 2 == 1;
    if (own_is_right) text.hash_value(text_of(level, own ^ 1));
    if (sibling_below_exists || parts_have_step)
      text.next_step();
    else
      text.data(parts.front().name, to_base64(parts.front().digest));
    if (!own_is_right) text.hash_value(text_of(level, own ^ 1));
    text.close_step();
  }
  if (parts_have_step) {
    text.open_step();
    for (const PartDigest& part : parts) text.data(part.name, to_base64(part.digest));
    text.close_step();
  }
  return std::move(text).finish();
}

// The Base64 texts of a tree's digests but its root: most stand in many chains.
class NodeTexts {
 public:
  explicit NodeTexts(const DigestTree& tree) : levels_(tree.levels() - 1) {
    for (std::size_t level = 0; level < levels_.size(); ++level) {
      levels_[level].reserve(tree.size(level));
      for (std::size_t i = 0; i < tree.size(level); ++i) levels_[level].push_back(to_base64(tree.at(level, i)));
    }
  }

  std::string_view operator()(std::size_t level, std::size_t index) const { return levels_[level][index]; }

 private:
  std::vector<std::vector<std::string>> levels_;
};

std::string result_text(ByteView top, std::string_view chain_file, pki::DigestAlgorithm algorithm) {
  constexpr std::size_t kAllButDigestAndFile = 312;
  const std::string digest = to_base64(top);
  std::string text;
  text.reserve(kAllButDigestAndFile + digest.size() + chain_file.size());
  text += kDeclaration;
  text += "<hc:HashChainResult";
  text += kNamespaces;
  text += " URI=\"";
  xml::append_attribute_value(text, chain_file);
  text += "#STEP0\">\n<ds:DigestMethod Algorithm=\"";
  text += pki::digest_uri(algorithm);
  text += "\"/>\n<ds:DigestValue>";
  text += digest;
  text += "</ds:DigestValue>\n</hc:HashChainResult>";
  return text;
}

}  // namespace

HashTree::HashTree(std::span<const Bytes> leaves, std::string_view document, std::string_view chain_file,
                   pki::DigestAlgorithm algorithm)
    : algorithm_(algorithm), document_(document), tree_(leaves, algorithm) {
  result_ = result_text(top_of(tree_, true, algorithm), chain_file, algorithm);
}

std::string HashTree::chain(std::size_t leaf) const {
  const ByteView digest = tree_.at(0, leaf);
  const PartDigest part{document_, {digest.begin(), digest.end()}};
  const auto text_of = [this](std::size_t level, std::size_t index) { return to_base64(tree_.at(level, index)); };
  return chain_text(tree_, leaf, std::span(&part, 1), algorithm_, text_of);
}

HashChains build_hash_chains(std::span<const MessageParts> messages, std::string_view chain_file,
                             pki::DigestAlgorithm algorithm) {
  const DigestTree tree(messages, algorithm);
  HashChains out;
  out.top = top_of(tree, messages.front().size() == 1, algorithm);
  out.result = result_text(out.top, chain_file, algorithm);
  out.chains.reserve(messages.size());
  const NodeTexts texts(tree);
  for (std::size_t i = 0; i < messages.size(); ++i)
    out.chains.push_back(chain_text(tree, i, messages[i], algorithm, std::cref(texts)));
  return out;
}

}  // namespace causeway::evidence
