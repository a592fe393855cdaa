// SPDX-License-Identifier: MIT
#include "evidence/transforms.hpp"

#include "domain/fault_code.hpp"
#include "evidence/names.hpp"

namespace causeway::evidence {
namespace {

// Messages nest deeper and are larger than signatures.
constexpr xml::Limits kDataLimits{.bytes = std::size_t{16} << 20, .depth = 256};

}  // namespace

Result<xml::CanonicalForm> read_canonical_form(const xml::Element& method) {
  const auto uri = method.attribute("Algorithm");
  if (!uri) return fault(FaultCode::malformed_signature, std::string(method.name()) + " without Algorithm");
  auto form = xml::CanonicalForm::from_uri(*uri);
  if (!form) return fault(FaultCode::malformed_signature, "algorithm not supported: " + *uri);
  if (const auto prefixes = method.child(xml::kExclusiveUri, "InclusiveNamespaces"))
    form->inclusive_prefixes = prefixes->attribute("PrefixList").value_or("");
  return *std::move(form);
}

Result<Transforms> read_transforms(const xml::Element& transforms) {
  Transforms forms;
  for (const xml::Element child : transforms.children()) {
    if (!child.is(kDsNamespace, "Transform") || forms.size() == kMaxTransforms)
      return fault(FaultCode::malformed_signature, "not a list of at most five transforms");
    auto form = read_canonical_form(child);
    if (!form) return std::move(form).error();
    forms.push_back(*std::move(form));
  }
  if (forms.empty()) return fault(FaultCode::malformed_signature, "a list of transforms without any");
  return forms;
}

Result<std::string> transform(std::string_view data, const Transforms& transforms) {
  std::string text(data);
  for (const xml::CanonicalForm& form : transforms) {
    const auto document = xml::Document::parse(text, kDataLimits);
    if (!document) return document.error();
    auto canonical = xml::canonicalize(*document, form);
    if (!canonical) return canonical;
    text = *std::move(canonical);
  }
  return text;
}

}  // namespace causeway::evidence
