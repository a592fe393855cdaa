// SPDX-License-Identifier: MIT
#include "xml/document.hpp"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <algorithm>

#include "xml/markup_meter.hpp"

namespace causeway::xml {
namespace {

std::string_view view(const xmlChar* text) {
  return text == nullptr ? std::string_view{} : std::string_view(reinterpret_cast<const char*>(text));
}

Fault invalid(std::string text) { return Fault{"invalid_xml", std::move(text)}; }

bool is_element(const xmlNode* node) { return node->type == XML_ELEMENT_NODE; }

bool is_text(const xmlNode* node) { return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE; }

xmlNode* element_from(xmlNode* node) {
  while (node != nullptr && !is_element(node)) node = node->next;
  return node;
}

std::optional<Element> wrap(xmlNode* node) {
  if (node == nullptr) return std::nullopt;
  return Element(node);
}

std::string value_of(const xmlAttr* attribute) {
  std::string text;
  for (const xmlNode* part = attribute->children; part != nullptr; part = part->next)
    if (part->content != nullptr) text += view(part->content);
  return text;
}

// Called at "<!DOCTYPE", before anything inside is read.
void refuse_doctype(void* context, const xmlChar*, const xmlChar*, const xmlChar*) {
  auto* parser = static_cast<xmlParserCtxt*>(context);
  *static_cast<bool*>(parser->_private) = true;
  xmlStopParser(parser);
}

struct FreeParser {
  void operator()(xmlParserCtxt* parser) const noexcept { xmlFreeParserCtxt(parser); }
};

std::string reason_of(const xmlParserCtxt& parser) {
  if (parser.lastError.message == nullptr) return "not a well-formed XML document";
  std::string text = parser.lastError.message;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return "line " + std::to_string(parser.lastError.line) + ": " + text;
}

// What must not reach the parser at all.
Result<void> meter(std::string_view text, const Limits& limits) {
  return MarkupMeter({.elements = limits.elements,
                      .nodes = 4 * limits.elements,
                      .attributes_of_a_tag = limits.attributes_of_an_element + limits.namespace_declarations,
                      .namespace_declarations = limits.namespace_declarations})
      .pass(as_bytes(text));
}

// Counts what the parser itself does not limit.
class LimitCheck {
 public:
  explicit LimitCheck(const Limits& limits) : limits_(limits) {}

  Result<void> check(const xmlDoc& document) {
    const xmlNode* top = document.children;
    std::size_t depth = 1;
    for (const xmlNode* node = top; node != nullptr;) {
      if (auto ok = check(*node, depth); !ok) return ok;
      if (is_element(node) && node->children != nullptr) {
        node = node->children;
        ++depth;
        continue;
      }
      while (node != nullptr && node->next == nullptr) {
        node = depth > 1 ? node->parent : nullptr;
        --depth;
      }
      if (node != nullptr) node = node->next;
    }
    return {};
  }

 private:
  Result<void> check(const xmlNode& node, std::size_t depth) {
    const bool known = is_element(&node) || is_text(&node) || node.type == XML_COMMENT_NODE || node.type == XML_PI_NODE;
    if (!known) return invalid("a document type declaration or an entity reference");
    if (++nodes_ > 4 * limits_.elements) return invalid("too many nodes");
    if (!is_element(&node)) return {};
    if (++elements_ > limits_.elements) return invalid("too many elements");
    if (depth > limits_.depth) return invalid("elements nested too deep");
    for (const xmlNs* ns = node.nsDef; ns != nullptr; ns = ns->next)
      if (++namespaces_ > limits_.namespace_declarations) return invalid("too many namespace declarations");
    std::size_t attributes = 0;
    for (const xmlAttr* at = node.properties; at != nullptr; at = at->next)
      if (++attributes > limits_.attributes_of_an_element) return invalid("too many attributes");
    return {};
  }

  const Limits& limits_;
  std::size_t nodes_ = 0, elements_ = 0, namespaces_ = 0;
};

}  // namespace

std::string_view Element::name() const { return view(node_->name); }

std::string_view Element::namespace_uri() const { return node_->ns == nullptr ? "" : view(node_->ns->href); }

bool Element::is(std::string_view uri, std::string_view local) const {
  return name() == local && namespace_uri() == uri;
}

std::optional<std::string> Element::attribute(std::string_view local) const { return attribute({}, local); }

std::optional<std::string> Element::attribute(std::string_view uri, std::string_view local) const {
  for (const xmlAttr* at = node_->properties; at != nullptr; at = at->next)
    if (view(at->name) == local && (at->ns == nullptr ? uri.empty() : view(at->ns->href) == uri)) return value_of(at);
  return std::nullopt;
}

Element::Attribute Element::next_attribute(const void*& cursor) const {
  const xmlAttr* at = cursor == nullptr ? node_->properties : static_cast<const xmlAttr*>(cursor)->next;
  cursor = at;
  if (at == nullptr) return {};
  return {at->ns == nullptr ? std::string_view{} : view(at->ns->href), view(at->name)};
}

std::string Element::text() const {
  std::string text;
  for (const xmlNode* node = node_->children; node != nullptr; node = node->next)
    if (is_text(node)) text += view(node->content);
  return text;
}

bool Element::has_text() const {
  for (const xmlNode* node = node_->children; node != nullptr; node = node->next)
    if (is_text(node) && view(node->content).find_first_not_of(" \t\r\n") != std::string_view::npos) return true;
  return false;
}

std::optional<Element> Element::parent() const {
  xmlNode* above = node_->parent;
  return above != nullptr && is_element(above) ? wrap(above) : std::nullopt;
}

std::optional<Element> Element::first_child() const { return wrap(element_from(node_->children)); }

std::optional<Element> Element::next_sibling() const { return wrap(element_from(node_->next)); }

Children Element::children() const { return Children(first_child()); }

std::optional<Element> Element::child(std::string_view uri, std::string_view local) const {
  for (const Element child : children())
    if (child.is(uri, local)) return child;
  return std::nullopt;
}

std::optional<Element> Element::next_within(const Element& root) const {
  if (auto below = first_child()) return below;
  for (Element at = *this; at != root;) {
    if (auto beside = at.next_sibling()) return beside;
    const auto above = at.parent();
    if (!above) break;
    at = *above;
  }
  return std::nullopt;
}

std::optional<Element> IdIndex::find(std::string_view id) const {
  const auto found = elements_.find(id);
  if (found == elements_.end()) return std::nullopt;
  return found->second;
}

Result<Document> Document::parse(std::string_view text, const Limits& limits) {
  static const bool initialized = (xmlInitParser(), true);
  (void)initialized;
  if (text.empty()) return invalid("an empty document");
  if (text.size() > limits.bytes) return invalid("a document larger than " + std::to_string(limits.bytes) + " bytes");
  // The parser would take it for the end, and not see what follows.
  if (text.find('\0') != std::string_view::npos) return invalid("a null character");
  if (auto metered = meter(text, limits); !metered) return metered.error();
  const std::unique_ptr<xmlParserCtxt, FreeParser> parser(xmlNewParserCtxt());
  if (parser == nullptr) return invalid("out of memory");
  bool has_doctype = false;
  parser->_private = &has_doctype;
  parser->sax->internalSubset = refuse_doctype;
  Document document(xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr, "UTF-8",
                                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING));
  if (has_doctype) return invalid("a document type declaration");
  if (document.document_ == nullptr) return invalid(reason_of(*parser));
  // Undeclared prefixes and the like are no error to the parser.
  if (parser->wellFormed == 0 || parser->nsWellFormed == 0) return invalid(reason_of(*parser));
  if (auto ok = LimitCheck(limits).check(*document.document_); !ok) return ok.error();
  return document;
}

Element Document::root() const { return Element(xmlDocGetRootElement(document_.get())); }

Result<IdIndex> Document::ids() const {
  IdIndex index;
  const Element top = root();
  for (std::optional<Element> at = top; at; at = at->next_within(top)) {
    const auto id = at->attribute("Id");
    if (!id) continue;
    if (!index.elements_.emplace(*id, *at).second) return invalid("two elements with Id \"" + *id + "\"");
  }
  return index;
}

void Document::Free::operator()(_xmlDoc* document) const noexcept { xmlFreeDoc(document); }

}  // namespace causeway::xml
