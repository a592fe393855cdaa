// SPDX-License-Identifier: MIT
#include "evidence/hash_chain_document.hpp"

#include <algorithm>
#include <initializer_list>

#include "domain/fault_code.hpp"
#include "evidence/names.hpp"
#include "xml/document.hpp"
#include "xml/plain_document.hpp"

namespace causeway::evidence {
namespace {

using Kind = ChainValue::Kind;
constexpr std::string_view kXsiNamespace = "http://www.w3.org/2001/XMLSchema-instance";
constexpr xml::Limits kChainLimits{.bytes = std::size_t{4} << 20,
                                   .depth = 16,
                                   .elements = 50'000,
                                   .attributes_of_an_element = 16,
                                   .namespace_declarations = 64};

Fault malformed(std::string text) { return fault(FaultCode::malformed_hash_chain, std::move(text)); }

// The readers below take an element of either parser.
template <class Element>
Fault misplaced(const Element& element) {
  return malformed("element or content not expected: " + std::string(element.name()));
}

template <class Element>
bool has_only_attributes(const Element& element, std::initializer_list<std::string_view> allowed) {
  bool good = true;
  element.for_each_attribute([&](std::string_view uri, std::string_view name) {
    bool known = uri == kXsiNamespace;
    for (const std::string_view one : allowed) known = known || (uri.empty() && name == one);
    good = good && known;
  });
  return good;
}

template <class Element>
Result<pki::DigestAlgorithm> read_algorithm(const Element& method) {
  const auto uri = method.attribute("Algorithm");
  if (!uri || !has_only_attributes(method, {"Algorithm"})) return misplaced(method);
  const auto algorithm = pki::digest_from_uri(*uri);
  if (!algorithm) return malformed("digest algorithm not supported: " + std::string(*uri));
  return *algorithm;
}

template <class Element>
Result<Bytes> read_digest(const Element& value) {
  if (value.first_child() || !has_only_attributes(value, {})) return misplaced(value);
  auto digest = from_base64(value.text());
  if (!digest || digest->size() > 1024) return malformed("not a digest value");
  return digest;
}

// The text of an attribute, valid as long as the document's octets and `texts`.
std::string_view keep(OwnedTexts& texts, std::string&& attribute) { return texts.keep(std::move(attribute)); }
std::string_view keep(OwnedTexts& /*texts*/, std::string_view attribute) { return attribute; }

template <class Element>
Result<std::string_view> read_uri(const Element& element, OwnedTexts& texts) {
  auto uri = element.attribute("URI");
  if (!uri) return malformed(std::string(element.name()) + " without URI");
  return keep(texts, *std::move(uri));
}

// The members every value has in this order: DigestMethod?, Transforms?, DigestValue.
template <class Element>
class Members {
 public:
  explicit Members(const Element& element) : next_(element.first_child()) {}

  std::optional<Element> take(std::string_view name) {
    if (!next_ || !next_->is(kDsNamespace, name)) return std::nullopt;
    const Element found = *next_;
    next_ = found.next_sibling();
    return found;
  }
  bool done() const { return !next_; }

 private:
  std::optional<Element> next_;
};

template <class Element>
std::optional<Kind> kind_of(const Element& element) {
  if (element.is(kHashChainNamespace, "HashValue")) return Kind::hash_value;
  if (element.is(kHashChainNamespace, "StepRef")) return Kind::step_ref;
  if (element.is(kHashChainNamespace, "DataRef")) return Kind::data_ref;
  return std::nullopt;
}

template <class Element>
Result<void> read_algorithm_or_default(ChainValue& value, Members<Element>& members,
                                       std::optional<pki::DigestAlgorithm> fallback) {
  if (const auto method = members.take("DigestMethod")) {
    const auto algorithm = read_algorithm(*method);
    if (!algorithm) return algorithm.error();
    value.algorithm = *algorithm;
    return {};
  }
  if (!fallback) return malformed("a value without digest method in a chain without a default one");
  value.algorithm = *fallback;
  return {};
}

Result<Transforms> transforms_of(const xml::Element& list) { return read_transforms(list); }
// A chain with transforms is not read from a plain document.
Result<Transforms> transforms_of(const xml::PlainElement& list) { return misplaced(list); }

template <class Element>
Result<void> read_data_members(ChainValue& value, Members<Element>& members) {
  if (const auto list = members.take("Transforms")) {
    auto transforms = transforms_of(*list);
    if (!transforms) return malformed(transforms.error().text);
    value.transforms = *std::move(transforms);
  }
  const auto digest = members.take("DigestValue");
  if (!digest) return malformed("a value without digest");
  auto bytes = read_digest(*digest);
  if (!bytes) return bytes.error();
  value.digest = *std::move(bytes);
  return {};
}

template <class Element>
Result<ChainValue> read_value(const Element& element, std::optional<pki::DigestAlgorithm> fallback, OwnedTexts& texts) {
  const auto kind = kind_of(element);
  const bool is_reference = kind && *kind != Kind::hash_value;
  const bool attributes_good = is_reference ? has_only_attributes(element, {"URI"}) : has_only_attributes(element, {});
  if (!kind || element.has_text() || !attributes_good) return misplaced(element);
  ChainValue value;
  value.kind = *kind;
  if (is_reference) {
    auto uri = read_uri(element, texts);
    if (!uri) return std::move(uri).error();
    value.uri = *uri;
  }
  Members members(element);
  if (auto ok = read_algorithm_or_default(value, members, fallback); !ok) return ok.error();
  if (value.kind != Kind::step_ref)
    if (auto ok = read_data_members(value, members); !ok) return ok.error();
  if (!members.done()) return misplaced(element);
  return value;
}

// A step without id is in order, but nothing can refer to it: it is not kept.
template <class Element>
Result<void> read_step(const Element& element, std::optional<pki::DigestAlgorithm> fallback, ChainDocument& chain) {
  if (!element.is(kHashChainNamespace, "HashStep") || element.has_text() || !has_only_attributes(element, {"id"}))
    return misplaced(element);
  ChainStep step;
  step.first_value = chain.values.size();
  for (auto child = element.first_child(); child; child = child->next_sibling()) {
    auto value = read_value(*child, fallback, chain.texts);
    if (!value) return std::move(value).error();
    chain.values.push_back(*std::move(value));
  }
  step.value_count = chain.values.size() - step.first_value;
  if (auto id = element.attribute("id")) {
    step.id = keep(chain.texts, *std::move(id));
    chain.steps.push_back(step);
  } else {
    chain.values.resize(step.first_value);
  }
  return {};
}

template <class Element>
bool is_root(const Element& root, std::string_view name) {
  return root.is(kHashChainNamespace, name) && !root.has_text();
}

// `expected_values` need not be exact.
template <class Element>
Result<ChainDocument> chain_of(const Element& root, std::size_t expected_values) {
  if (!is_root(root, "HashChain") || !has_only_attributes(root, {})) return misplaced(root);
  ChainDocument chain;
  chain.steps.reserve(expected_values / 2);
  chain.values.reserve(expected_values);
  std::optional<pki::DigestAlgorithm> fallback;
  auto next = root.first_child();
  if (next && next->is(kHashChainNamespace, "DefaultDigestMethod")) {
    const auto algorithm = read_algorithm(*next);
    if (!algorithm) return algorithm.error();
    fallback = *algorithm;
    next = next->next_sibling();
  }
  for (; next; next = next->next_sibling()) {
    if (auto ok = read_step(*next, fallback, chain); !ok) return std::move(ok).error();
  }
  std::ranges::sort(chain.steps, {}, &ChainStep::id);
  const auto twice = std::ranges::adjacent_find(chain.steps, {}, &ChainStep::id);
  if (twice != chain.steps.end()) return malformed("two steps with id " + std::string(twice->id));
  return chain;
}

template <class Element>
Result<ChainResult> result_of(const Element& root) {
  if (!is_root(root, "HashChainResult") || !has_only_attributes(root, {"URI"})) return misplaced(root);
  ChainResult result;
  auto uri = read_uri(root, result.texts);
  if (!uri) return std::move(uri).error();
  Members members(root);
  const auto method = members.take("DigestMethod");
  const auto value = members.take("DigestValue");
  if (!method || !value || !members.done()) return malformed("a hash chain result without digest method or value");
  const auto algorithm = read_algorithm(*method);
  if (!algorithm) return algorithm.error();
  auto digest = read_digest(*value);
  if (!digest) return std::move(digest).error();
  result.uri = *uri;
  result.algorithm = *algorithm;
  result.digest = *std::move(digest);
  return result;
}

// What `read` makes of the root. Chains are plain but for those with transforms.
template <class Read>
auto read_document(std::string_view text, Read read) -> decltype(read(std::declval<xml::Element>())) {
  if (text.find("Transform") == std::string_view::npos)
    if (const auto plain = xml::PlainDocument::parse(text)) return read(plain->root());
  const auto document = xml::Document::parse(text, kChainLimits);
  if (!document) return malformed(document.error().text);
  return read(document->root());
}

}  // namespace

const ChainStep* ChainDocument::step(std::string_view id) const {
  const auto found = std::ranges::lower_bound(steps, id, {}, &ChainStep::id);
  return found != steps.end() && found->id == id ? &*found : nullptr;
}

Result<ChainDocument> read_hash_chain(std::string_view text) {
  constexpr std::size_t kUsualValue = 128;  // octets of the document
  return read_document(text, [&](const auto& root) { return chain_of(root, text.size() / kUsualValue + 2); });
}

Result<ChainResult> read_hash_chain_result(std::string_view text) {
  return read_document(text, [](const auto& root) { return result_of(root); });
}

}  // namespace causeway::evidence
