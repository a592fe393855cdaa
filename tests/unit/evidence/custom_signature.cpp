// SPDX-License-Identifier: MIT
#include "custom_signature.hpp"

#include "pki/signature_algorithm.hpp"
#include "xml/canonical.hpp"
#include "xml/document.hpp"

namespace causeway::evidence {
namespace {

std::string base64(ByteView bytes, bool wrap) {
  const std::string line = to_base64(bytes);
  if (!wrap) return line;
  std::string out;
  for (std::size_t i = 0; i < line.size(); i += 76) out += (i > 0 ? "&#13;\n" : "") + line.substr(i, 76);
  return out;
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), by);
}

std::string digest_mark(std::size_t i) { return "{digest" + std::to_string(i) + "}"; }

std::string signed_info(const CustomSignature& custom, const std::string& method) {
  std::string text = "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"" + custom.canonicalization +
                     "\"/><ds:SignatureMethod Algorithm=\"" + method + "\"/>";
  for (std::size_t i = 0; i < custom.references.size(); ++i) {
    const CustomReference& reference = custom.references[i];
    text += "<ds:Reference URI=\"" + reference.uri + "\">";
    if (!reference.transforms.empty()) {
      text += "<ds:Transforms>";
      for (const auto& transform : reference.transforms) text += "<ds:Transform Algorithm=\"" + transform + "\"/>";
      text += "</ds:Transforms>";
    }
    text += "<ds:DigestMethod Algorithm=\"" + reference.digest_method + "\"/><ds:DigestValue>" + digest_mark(i) +
            "</ds:DigestValue></ds:Reference>";
  }
  return text + "</ds:SignedInfo>";
}

std::string ocsp_values(const TestMember& member) {
  std::string text = "<xades:RevocationValues><xades:OCSPValues>";
  for (const Bytes& response : member.identity.ocsp_responses)
    text += "<xades:EncapsulatedOCSPValue>" + to_base64(response) + "</xades:EncapsulatedOCSPValue>";
  return text + "</xades:OCSPValues></xades:RevocationValues>";
}

std::string signature_text(const TestMember& member, const CustomSignature& custom) {
  const std::string method =
      custom.signature_method.empty() ? pki::signature_uri(member.identity.algorithm) : custom.signature_method;
  const std::string certificate = custom.key_info_certificate.empty()
                                      ? base64(member.identity.certificate.der(), custom.wrap)
                                      : custom.key_info_certificate;
  const std::string declared = custom.root_namespace.empty() ? " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"" : "";
  return "<ds:Signature" + declared + " Id=\"signature\">\n" + signed_info(custom, method) +
         "<ds:SignatureValue>{signature}</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>" +
         certificate +
         "</ds:X509Certificate></ds:X509Data></ds:KeyInfo><ds:Object>"
         "<xades:QualifyingProperties xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\" Target=\"#signature\">"
         "<xades:SignedProperties Id=\"signed-properties\"><xades:SignedSignatureProperties>"
         "<xades:SigningTime>" +
         custom.signing_time +
         "</xades:SigningTime></xades:SignedSignatureProperties>"
         "</xades:SignedProperties><xades:UnsignedProperties><xades:UnsignedSignatureProperties>" +
         (custom.unsigned_properties.empty() ? ocsp_values(member) : custom.unsigned_properties) +
         "</xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties>" +
         custom.in_object + "</ds:Object></ds:Signature>";
}

pki::DigestAlgorithm algorithm_of(const CustomReference& reference) {
  return pki::digest_from_uri(reference.digest_method).value_or(pki::DigestAlgorithm::sha512);
}

xml::CanonicalForm form_of(const std::string& uri) {
  return xml::CanonicalForm::from_uri(uri).value_or(xml::CanonicalForm{});
}

std::string octets_of(const std::string& text, const CustomReference& reference) {
  if (!reference.uri.starts_with('#')) return reference.data;
  const auto document = xml::Document::parse(text);
  if (!document) return "";
  const std::string id = reference.uri.substr(1);
  for (auto at = std::optional(document->root()); at; at = at->next_within(document->root()))
    if (at->attribute("Id") == id)
      return *xml::canonicalize(*document, *at,
                                form_of(reference.transforms.empty() ? "" : reference.transforms.front()));
  return "";
}

std::string canonical_signed_info(const std::string& text, const CustomSignature& custom) {
  const auto document = xml::Document::parse(text);
  if (!document) return "";
  for (auto at = std::optional(document->root()); at; at = at->next_within(document->root()))
    if (at->name() == "SignedInfo") return *xml::canonicalize(*document, *at, form_of(custom.canonicalization));
  return "";
}

}  // namespace

std::string make_signature(const TestMember& member, const CustomSignature& custom) {
  std::string text = signature_text(member, custom);
  if (!custom.root_namespace.empty())
    text = "<asic:XAdESSignatures xmlns:asic=\"" + custom.root_namespace +
           "\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" xmlns:other=\"urn:other\">" + custom.before_signature +
           text + "</asic:XAdESSignatures>";
  for (std::size_t i = 0; i < custom.references.size(); ++i) {
    const CustomReference& reference = custom.references[i];
    replace(text, digest_mark(i),
            base64(pki::digest(algorithm_of(reference), as_bytes(octets_of(text, reference))), custom.wrap));
  }
  const auto& algorithm = member.identity.algorithm;
  auto value = *member.key.sign(algorithm, as_bytes(canonical_signed_info(text, custom)));
  if (algorithm.scheme == pki::SignatureScheme::ecdsa)
    value = *pki::ecdsa_der_to_raw(value, member.identity.certificate.public_key().ec_field_size());
  replace(text, "{signature}", base64(value, custom.wrap));
  return text;
}

}  // namespace causeway::evidence
