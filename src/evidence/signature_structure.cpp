// SPDX-License-Identifier: MIT
#include "evidence/signature_structure.hpp"

#include <map>
#include <string>
#include <vector>

#include "domain/fault_code.hpp"
#include "evidence/names.hpp"

namespace causeway::evidence {
namespace {

// Content models, one line per element. "d:" is ds, "x:" is xades. After a child's name:
// ? at most one, * any number, + at least one, nothing exactly one; in this order.
// "any" lets every content pass, as do elements without a line. Attributes in brackets;
// with ! they are required.
constexpr std::string_view kModels[] = {
    "d:Signature [Id] d:SignedInfo d:SignatureValue d:KeyInfo? d:Object*",
    "d:SignedInfo [Id] d:CanonicalizationMethod d:SignatureMethod d:Reference+",
    "d:CanonicalizationMethod [Algorithm!] any",
    "d:SignatureMethod [Algorithm!] any",
    "d:Reference [Id URI Type] d:Transforms? d:DigestMethod d:DigestValue",
    "d:Transforms [] d:Transform+",
    "d:Transform [Algorithm!] any",
    "d:DigestMethod [Algorithm!] any",
    "d:DigestValue [] text",
    "d:SignatureValue [Id] text",
    "d:KeyInfo [Id] any",
    "d:X509Data [] any",
    "d:X509Certificate [] text",
    "d:Object [Id MimeType Encoding] any",
    "d:Manifest [Id] d:Reference+",
    "x:QualifyingProperties [Id Target!] x:SignedProperties? x:UnsignedProperties?",
    "x:SignedProperties [Id] x:SignedSignatureProperties? x:SignedDataObjectProperties?",
    "x:SignedSignatureProperties [Id] x:SigningTime? x:SigningCertificate? x:SigningCertificateV2?"
    " x:SignaturePolicyIdentifier? x:SignatureProductionPlace? x:SignatureProductionPlaceV2? x:SignerRole?"
    " x:SignerRoleV2?",
    "x:SigningTime [] text",
    "x:SigningCertificate [] x:Cert+",
    "x:SigningCertificateV2 [] x:Cert+",
    "x:Cert [URI] x:CertDigest x:IssuerSerial? x:IssuerSerialV2?",
    "x:CertDigest [] d:DigestMethod d:DigestValue",
    "x:IssuerSerial [] d:X509IssuerName d:X509SerialNumber",
    "x:SignaturePolicyIdentifier [] x:SignaturePolicyId? x:SignaturePolicyImplied?",
    "x:SignaturePolicyId [] x:SigPolicyId d:Transforms? x:SigPolicyHash x:SigPolicyQualifiers?",
    "x:SigPolicyId [] x:Identifier x:Description? x:DocumentationReferences?",
    "x:SigPolicyHash [] d:DigestMethod d:DigestValue",
    "x:SigPolicyQualifiers [] x:SigPolicyQualifier+",
    "x:SignedDataObjectProperties [Id] x:DataObjectFormat* x:CommitmentTypeIndication* x:AllDataObjectsTimeStamp*"
    " x:IndividualDataObjectsTimeStamp*",
    "x:DataObjectFormat [ObjectReference!] x:Description? x:ObjectIdentifier? x:MimeType? x:Encoding?",
    "x:UnsignedProperties [Id] x:UnsignedSignatureProperties? x:UnsignedDataObjectProperties?",
    "x:UnsignedSignatureProperties [Id] any",
    "x:CompleteCertificateRefs [Id] x:CertRefs",
    "x:CertRefs [] x:Cert+",
    "x:CertificateValues [Id] any",
    "x:EncapsulatedX509Certificate [Id Encoding] text",
    "x:RevocationValues [Id] x:CRLValues? x:OCSPValues? x:OtherValues?",
    "x:OCSPValues [] x:EncapsulatedOCSPValue+",
    "x:EncapsulatedOCSPValue [Id Encoding] text",
};

struct Child {
  std::string name;
  std::size_t least = 1;
  std::size_t most = 1;
};

struct Model {
  enum class Content { children, text, any };
  Content content = Content::children;
  std::vector<Child> children;
  std::map<std::string, bool, std::less<>> attributes;  // and whether required
};

using Models = std::map<std::string, Model, std::less<>>;

std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words(1);
  for (const char c : line) {
    if (c == ' ')
      words.emplace_back();
    else
      words.back() += c;
  }
  return words;
}

Model model_of(const std::vector<std::string>& words) {
  Model model;
  bool in_attributes = true;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::string word = words[i];
    if (in_attributes) {
      in_attributes = word.back() != ']';
      std::erase_if(word, [](char c) { return c == '[' || c == ']'; });
      const bool required = word.ends_with('!');
      if (required) word.pop_back();
      if (!word.empty()) model.attributes[word] = required;
    } else if (word == "text") {
      model.content = Model::Content::text;
    } else if (word == "any") {
      model.content = Model::Content::any;
    } else {
      Child child{word};
      const char count = word.back();
      if (count == '?' || count == '*') child.least = 0;
      if (count == '*' || count == '+') child.most = SIZE_MAX;
      if (count == '?' || count == '*' || count == '+') child.name.pop_back();
      model.children.push_back(std::move(child));
    }
  }
  return model;
}

const Models& models() {
  static const Models all = [] {
    Models out;
    for (const std::string_view line : kModels) {
      const auto words = words_of(line);
      out.emplace(words.front(), model_of(words));
    }
    return out;
  }();
  return all;
}

// "d:Name" or "x:Name"; empty for elements of other namespaces.
std::string key_of(const xml::Element& element) {
  if (element.namespace_uri() == kDsNamespace) return "d:" + std::string(element.name());
  if (element.namespace_uri() == kXadesNamespace) return "x:" + std::string(element.name());
  return {};
}

Fault malformed(const xml::Element& element, std::string_view what) {
  return fault(FaultCode::malformed_signature, std::string(element.name()) + ": " + std::string(what));
}

Result<void> check_attributes(const xml::Element& element, const Model& model) {
  bool known = true;
  element.for_each_attribute([&](std::string_view uri, std::string_view name) {
    if (uri.empty() && !model.attributes.contains(name)) known = false;
  });
  if (!known) return malformed(element, "an attribute that is not expected");
  for (const auto& [name, required] : model.attributes)
    if (required && !element.attribute(name)) return malformed(element, "attribute " + name + " is missing");
  return {};
}

Result<void> check_children(const xml::Element& element, const Model& model) {
  if (element.has_text()) return malformed(element, "text that is not expected");
  auto at = element.first_child();
  for (const Child& child : model.children) {
    std::size_t count = 0;
    for (; at && count < child.most && key_of(*at) == child.name; at = at->next_sibling()) ++count;
    if (count < child.least) return malformed(element, child.name.substr(2) + " is missing");
  }
  if (at) return malformed(*at, "an element that is not expected");
  return {};
}

Result<void> check_element(const xml::Element& element) {
  const auto found = models().find(key_of(element));
  if (found == models().end()) return {};
  const Model& model = found->second;
  if (auto ok = check_attributes(element, model); !ok) return ok;
  switch (model.content) {
    case Model::Content::children:
      return check_children(element, model);
    case Model::Content::text:
      if (element.first_child()) return malformed(element, "an element where text is expected");
      return {};
    case Model::Content::any:
      return {};
  }
  return {};
}

}  // namespace

Result<void> check_structure(const xml::Element& signature) {
  for (std::optional<xml::Element> at = signature; at; at = at->next_within(signature))
    if (auto ok = check_element(*at); !ok) return ok;
  return {};
}

}  // namespace causeway::evidence
