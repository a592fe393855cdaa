// SPDX-License-Identifier: MIT
#include "evidence/signature_reading.hpp"

#include <algorithm>
#include <utility>

#include "domain/fault_code.hpp"
#include "evidence/names.hpp"
#include "evidence/signature_structure.hpp"
#include "pki/signature_algorithm.hpp"
#include "xml/canonical.hpp"

namespace causeway::evidence {
namespace {

using xml::Element;

constexpr std::size_t kMaxReferences = 30;
// Thirty references with five transforms each could otherwise make minutes of work of a
// document of modest size.
constexpr std::size_t kCanonicalBudget = std::size_t{8} << 20;
constexpr xml::Limits kSignatureLimits{.bytes = std::size_t{1} << 20,
                                       .depth = 64,
                                       .elements = 20'000,
                                       .attributes_of_an_element = 16,
                                       .namespace_declarations = 100};

Fault malformed(std::string text) { return fault(FaultCode::malformed_signature, std::move(text)); }
Fault wrong_value(std::string text) { return fault(FaultCode::invalid_signature_value, std::move(text)); }

Result<Element> find_signature(const xml::Document& document) {
  const Element root = document.root();
  if (root.is(kDsNamespace, "Signature")) return root;
  const bool known_root = root.is(kAsicNamespace, "XAdESSignatures") || root.is(kOldAsicNamespace, "XAdESSignatures");
  std::optional<Element> found;
  for (const Element child : root.children()) {
    if (!child.is(kDsNamespace, "Signature")) continue;
    if (found) return malformed("more than one signature in the document");
    found = child;
  }
  if (!known_root || !found) return malformed("no signature in the document");
  return *found;
}

// Java looks for this part of a signature before anything else.
Result<void> require_parts(const Element& signature) {
  for (const std::string_view name : {"SignedInfo", "SignatureValue", "Object"})
    if (!signature.child(kDsNamespace, name)) return malformed("a signature without " + std::string(name));
  return {};
}

SignedReference read_reference(const Element& element) {
  SignedReference reference;
  reference.uri = element.attribute("URI").value_or("");
  if (const auto list = element.child(kDsNamespace, "Transforms")) {
    auto transforms = read_transforms(*list);
    reference.supported = transforms.ok();
    if (transforms) reference.transforms = *std::move(transforms);
  }
  const auto method = element.child(kDsNamespace, "DigestMethod");
  const auto value = element.child(kDsNamespace, "DigestValue");
  const auto algorithm = pki::digest_from_uri(method ? method->attribute("Algorithm").value_or("") : "");
  auto digest = from_base64(value ? value->text() : "");
  if (!algorithm || !digest) {
    reference.supported = false;
    return reference;
  }
  reference.algorithm = *algorithm;
  reference.digest = *std::move(digest);
  return reference;
}

// Of ds:SignedInfo and ds:Manifest.
Result<std::vector<SignedReference>> read_references(const Element& parent) {
  std::vector<SignedReference> references;
  for (const Element child : parent.children()) {
    if (!child.is(kDsNamespace, "Reference")) continue;
    if (references.size() == kMaxReferences) return malformed("more than 30 references");
    references.push_back(read_reference(child));
  }
  if (references.empty()) return malformed("a signature without references");
  return references;
}

Result<pki::Certificate> read_certificate(const Element& element) {
  const auto der = from_base64(element.text());
  if (!der) return malformed("a certificate that is not Base64");
  auto certificate = pki::Certificate::from_der(*der);
  if (!certificate) return malformed(certificate.error().text);
  return certificate;
}

Result<Bytes> read_value(std::string_view text) {
  auto value = from_base64(text);
  if (!value || value->empty()) return wrong_value("a signature value that is not Base64");
  return value;
}

struct SignedInfoMethods {
  xml::CanonicalForm form;
  pki::SignatureAlgorithm algorithm;
};

Result<SignedInfoMethods> read_methods(const Element& info) {
  const auto method = info.child(kDsNamespace, "CanonicalizationMethod");
  const auto algorithm_element = info.child(kDsNamespace, "SignatureMethod");
  if (!method || !algorithm_element) return malformed("SignedInfo without its methods");
  auto form = read_canonical_form(*method);
  if (!form) return wrong_value(form.error().text);
  const std::string uri = algorithm_element->attribute("Algorithm").value_or("");
  const auto algorithm = pki::signature_from_uri(uri);
  if (!algorithm) return wrong_value("signature algorithm not supported: " + uri);
  return SignedInfoMethods{*std::move(form), *algorithm};
}

std::optional<Element> find_below(const Element& top, std::string_view ns, std::string_view name) {
  for (auto at = std::optional(top); at; at = at->next_within(top))
    if (at->is(ns, name)) return at;
  return std::nullopt;
}

}  // namespace

bool SignedReference::holds_for(std::string_view data) const {
  if (!supported) return false;
  if (transforms.empty()) return pki::digest(algorithm, as_bytes(data)) == digest;
  const auto transformed = transform(data, transforms);
  return transformed && pki::digest(algorithm, as_bytes(*transformed)) == digest;
}

Result<SignatureReading> SignatureReading::read(std::string_view text, bool structure) {
  auto document = xml::Document::parse(text, kSignatureLimits);
  if (!document) return std::move(document).error();
  const auto signature = find_signature(*document);
  if (!signature) return signature.error();
  if (auto ok = require_parts(*signature); !ok) return ok.error();
  auto ids = document->ids();
  if (!ids) return malformed(ids.error().text);
  if (structure)
    if (auto ok = check_structure(*signature); !ok) return ok.error();
  auto references = read_references(*signature->child(kDsNamespace, "SignedInfo"));
  if (!references) return std::move(references).error();
  SignatureReading reading(*std::move(document), *std::move(ids), *signature);
  reading.references_ = *std::move(references);
  return reading;
}

Result<pki::Certificate> SignatureReading::signing_certificate() const {
  const auto info = signature_.child(kDsNamespace, "KeyInfo");
  const auto data = info ? info->child(kDsNamespace, "X509Data") : std::nullopt;
  const auto element = data ? data->child(kDsNamespace, "X509Certificate") : std::nullopt;
  if (!element) return malformed("the signature does not contain the signing certificate");
  auto certificate = read_certificate(*element);
  if (certificate && !certificate->is_signing())
    return malformed("not a signing certificate: " + certificate->subject_rfc2253());
  return certificate;
}

Result<Bytes> SignatureReading::signature_value() const {
  return read_value(signature_.child(kDsNamespace, "SignatureValue")->text());
}

Result<Bytes> SignatureReading::timestamp() const {
  const auto outer = find_below(signature_, kXadesNamespace, "SignatureTimeStamp");
  if (!outer) return malformed("the signature has no timestamp");
  // Old ones have the token without an element of its own.
  const auto inner = find_below(*outer, kXadesNamespace, "EncapsulatedTimeStamp");
  auto token = from_base64((inner ? *inner : *outer).text());
  if (!token || token->empty()) return malformed("a timestamp that is not Base64");
  return token;
}

Result<void> check_signature_value(const pki::Certificate& signer, const pki::SignatureAlgorithm& algorithm,
                                   std::string_view signed_info, std::string_view text) {
  auto value = read_value(text);
  if (!value) return value.error();
  if (algorithm.scheme == pki::SignatureScheme::ecdsa) {
    value = pki::ecdsa_raw_to_der(*value);
    if (!value) return wrong_value(value.error().text);
  }
  if (!signer.public_key().verify(algorithm, as_bytes(signed_info), *value))
    return wrong_value("the signature value does not belong to what is signed and the certificate");
  return {};
}

Result<void> SignatureReading::check_value(const pki::Certificate& signer) const {
  const Element info = *signature_.child(kDsNamespace, "SignedInfo");
  const auto methods = read_methods(info);
  if (!methods) return methods.error();
  const auto canonical = xml::canonicalize(document_, info, methods->form);
  if (!canonical) return wrong_value(canonical.error().text);
  const std::string value = signature_.child(kDsNamespace, "SignatureValue")->text();
  if (auto ok = check_signature_value(signer, methods->algorithm, *canonical, value); !ok) return ok;
  std::size_t budget = kCanonicalBudget;
  for (const SignedReference& reference : references_)
    if (reference.is_inside() && !holds(reference, budget))
      return wrong_value("the digest of the reference differs: " + reference.uri);
  return {};
}

Result<void> SignatureReading::check_timestamp_manifests() const {
  const auto root = ids_.find("ts-root-manifest");
  if (!root) return {};
  const auto manifests = read_references(*root);
  if (!manifests) return manifests.error();
  std::size_t budget = kCanonicalBudget;
  for (const SignedReference& manifest : *manifests) {
    const auto element = inside(manifest);
    if (!element) continue;
    const auto references = read_references(*element);
    if (!references) return references.error();
    for (const SignedReference& reference : *references)
      if (!holds(reference, budget))
        return fault(FaultCode::invalid_reference, "timestamp manifest " + manifest.uri + ": " + reference.uri);
  }
  return {};
}

Result<std::vector<pki::Certificate>> SignatureReading::extra_certificates() const {
  std::vector<pki::Certificate> certificates;
  const auto refs = find_below(signature_, kXadesNamespace, "CompleteCertificateRefs");
  const auto list = refs ? refs->child(kXadesNamespace, "CertRefs") : std::nullopt;
  if (!list) return certificates;
  for (const Element cert : list->children()) {
    const std::string uri = cert.attribute("URI").value_or("");
    const auto element = uri.starts_with('#') ? ids_.find(std::string_view(uri).substr(1)) : std::nullopt;
    if (!element) return malformed("no certificate of the id \"" + uri + "\"");
    if (certificates.size() == kMaxReferences) return malformed("too many certificates");
    auto certificate = read_certificate(*element);
    if (!certificate) return std::move(certificate).error();
    const auto digest = cert.child(kXadesNamespace, "CertDigest");
    if (!digest || !read_reference(*digest).holds_for(as_text(certificate->der())))
      return malformed("the digest of the certificate differs: " + uri);
    certificates.push_back(*std::move(certificate));
  }
  return certificates;
}

Result<std::vector<Bytes>> SignatureReading::ocsp_responses() const {
  std::vector<Bytes> responses;
  const auto list = find_below(signature_, kXadesNamespace, "OCSPValues");
  if (list) {
    for (const Element child : list->children()) {
      if (!child.is(kXadesNamespace, "EncapsulatedOCSPValue")) continue;
      auto response = from_base64(child.text());
      if (!response) return malformed("an OCSP response that is not Base64");
      if (responses.size() == kMaxReferences) return malformed("too many OCSP responses");
      responses.push_back(*std::move(response));
    }
  }
  if (responses.empty()) return malformed("no OCSP response in the signature");
  return responses;
}

std::optional<TimePoint> read_signing_time(const std::string& text) {
  // Years that the clock cannot hold, or nobody can have signed in, are no time at all.
  if (!text.starts_with("19") && !text.starts_with("20") && !text.starts_with("21")) return std::nullopt;
  const auto time = parse_iso(text);
  return time ? std::optional(*time) : std::nullopt;
}

std::optional<std::string> SignatureReading::signing_time_text() const {
  for (const SignedReference& reference : references_) {
    const auto properties = inside(reference);
    if (!properties || !properties->is(kXadesNamespace, "SignedProperties")) continue;
    const auto inner = properties->child(kXadesNamespace, "SignedSignatureProperties");
    const auto element = inner ? inner->child(kXadesNamespace, "SigningTime") : std::nullopt;
    return element ? std::optional(element->text()) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<TimePoint> SignatureReading::signing_time() const {
  const auto text = signing_time_text();
  return text ? read_signing_time(*text) : std::nullopt;
}

std::optional<ChangingParts> SignatureReading::changing_parts() const {
  const Element info = *signature_.child(kDsNamespace, "SignedInfo");
  const auto methods = read_methods(info);
  if (!methods || ids_.find("ts-root-manifest")) return std::nullopt;
  ChangingParts parts;
  parts.algorithm = methods->algorithm;
  std::optional<std::size_t> properties;
  for (const Element child : info.children()) {
    if (!child.is(kDsNamespace, "Reference")) continue;
    const auto digest = child.child(kDsNamespace, "DigestValue");
    const SignedReference& reference = references_[parts.texts.size()];
    if (!digest || !reference.supported) return std::nullopt;
    if (reference.is_inside() && std::exchange(properties, parts.texts.size())) return std::nullopt;
    parts.texts.push_back(digest->text());
  }
  const auto element = properties ? inside(references_[*properties]) : std::nullopt;
  const auto time = signing_time_text();
  if (!element || !element->is(kXadesNamespace, "SignedProperties") || !time) return std::nullopt;
  parts.properties_reference = *properties;
  parts.texts.push_back(signature_.child(kDsNamespace, "SignatureValue")->text());
  parts.texts.push_back(*time);
  const Transforms& transforms = references_[*properties].transforms;
  if (transforms.size() > 1) return std::nullopt;
  auto signed_info = xml::canonicalize(document_, info, methods->form);
  auto signed_properties =
      xml::canonicalize(document_, *element, transforms.empty() ? xml::CanonicalForm{} : transforms.front());
  if (!signed_info || !signed_properties) return std::nullopt;
  parts.signed_info = *std::move(signed_info);
  parts.signed_properties = *std::move(signed_properties);
  return parts;
}

std::optional<Element> SignatureReading::inside(const SignedReference& reference) const {
  if (!reference.is_inside()) return std::nullopt;
  return ids_.find(std::string_view(reference.uri).substr(1));
}

bool SignatureReading::holds(const SignedReference& reference, std::size_t& budget) const {
  const auto element = inside(reference);
  if (!element || !reference.supported) return false;
  // Without a transform a part of a document becomes octets by the inclusive form.
  const xml::CanonicalForm first = reference.transforms.empty() ? xml::CanonicalForm{} : reference.transforms.front();
  const auto canonical = xml::canonicalize(document_, *element, first);
  if (!canonical) return false;
  const std::size_t cost = canonical->size() * std::max<std::size_t>(reference.transforms.size(), 1);
  if (cost > budget) return false;
  budget -= cost;
  SignedReference rest = reference;
  if (!rest.transforms.empty()) rest.transforms.erase(rest.transforms.begin());
  return rest.holds_for(*canonical);
}

}  // namespace causeway::evidence
