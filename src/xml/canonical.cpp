// SPDX-License-Identifier: MIT
#include "xml/canonical.hpp"

#include <libxml/c14n.h>
#include <libxml/tree.h>

#include <vector>

namespace causeway::xml {
namespace {

// A callback instead of a node set: with a set the cost is quadratic in its size.
int is_inside(void* apex, xmlNode* node, xmlNode* parent) {
  const bool hangs_on_parent = node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE;
  for (const xmlNode* at = hangs_on_parent ? parent : node; at != nullptr; at = at->parent)
    if (at == apex) return 1;
  return 0;
}

int append(void* context, const char* bytes, int count) {
  static_cast<std::string*>(context)->append(bytes, static_cast<std::size_t>(count));
  return count;
}

// The prefixes as the null-terminated array that libxml2 takes.
class Prefixes {
 public:
  explicit Prefixes(std::string_view list) {
    for (std::size_t at = 0; at < list.size();) {
      const std::size_t start = list.find_first_not_of(" \t\r\n", at);
      if (start == std::string_view::npos) break;
      at = std::min(list.find_first_of(" \t\r\n", start), list.size());
      names_.emplace_back(list.substr(start, at - start));
    }
    for (std::string& name : names_) pointers_.push_back(reinterpret_cast<xmlChar*>(name.data()));
    pointers_.push_back(nullptr);
  }
  xmlChar** data() { return names_.empty() ? nullptr : pointers_.data(); }

 private:
  std::vector<std::string> names_;
  std::vector<xmlChar*> pointers_;
};

Result<std::string> execute(const Document& document, xmlNode* apex, const CanonicalForm& form) {
  std::string text;
  Prefixes prefixes(form.inclusive_prefixes);
  xmlOutputBuffer* output = xmlOutputBufferCreateIO(append, nullptr, &text, nullptr);
  if (output == nullptr) return Fault{"invalid_xml", "out of memory"};
  const int written = xmlC14NExecute(document.handle(), apex == nullptr ? nullptr : is_inside, apex,
                                     form.exclusive ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0,
                                     form.exclusive ? prefixes.data() : nullptr, form.with_comments ? 1 : 0, output);
  const int flushed = xmlOutputBufferClose(output);
  if (written < 0 || flushed < 0) return Fault{"invalid_xml", "the element has no canonical form"};
  return text;
}

}  // namespace

std::optional<CanonicalForm> CanonicalForm::from_uri(std::string_view uri) {
  if (uri == kInclusiveUri) return CanonicalForm{};
  if (uri == "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments") return CanonicalForm{false, true};
  if (uri == kExclusiveUri) return CanonicalForm{true, false};
  if (uri == "http://www.w3.org/2001/10/xml-exc-c14n#WithComments") return CanonicalForm{true, true};
  return std::nullopt;
}

Result<std::string> canonicalize(const Document& document, const Element& apex, const CanonicalForm& form) {
  return execute(document, apex.handle(), form);
}

Result<std::string> canonicalize(const Document& document, const CanonicalForm& form) {
  return execute(document, nullptr, form);
}

}  // namespace causeway::xml
