// SPDX-License-Identifier: MIT
// The text of signature documents. What is signed is written in canonical form to begin
// with: the octets of SignedInfo and SignedProperties differ from the document's only by
// the namespace declarations that their canonical form takes over from the root.
#include "domain/fault_code.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/names.hpp"
#include "evidence/signature.hpp"
#include "pki/signature_algorithm.hpp"
#include "xml/writing.hpp"

namespace causeway::evidence {
namespace {

// References, certificate digests and hash chains: always this one, since receivers hash
// the parts of a message with it (evidence.md, trap 6).
constexpr pki::DigestAlgorithm kDigest = pki::DigestAlgorithm::sha512;

constexpr std::string_view kNamespaces =
    " xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\""
    " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""
    " xmlns:xades=\"http://uri.etsi.org/01903/v1.3.2#\""
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

constexpr std::string_view kDigestMethod =
    "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha512\"></ds:DigestMethod>";

constexpr std::string_view kPolicy =
    "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyId><xades:SigPolicyId>"
    "<xades:Identifier Qualifier=\"OIDAsURN\">urn:oid:1.3.6.1.4.1.3516.16.2</xades:Identifier>"
    "<xades:Description>Profile for High Performance Digital Signatures (version 1.2)</xades:Description>"
    "</xades:SigPolicyId><xades:SigPolicyHash>"
    "<ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha512\"></ds:DigestMethod>"
    "<ds:DigestValue>BuO0EDNfkxSVlUbxCzmQPzX1AUF1/xx9ytWHk3/6SAOePxQiniEfDYk+90QeYb3lWpV3Izhuz9fKaYyE+lTcXw=="
    "</ds:DigestValue></xades:SigPolicyHash><xades:SigPolicyQualifiers><xades:SigPolicyQualifier>"
    "<xades:SPURI>https://repo.cyber.ee/dsig-profile-1.2.pdf</xades:SPURI>"
    "</xades:SigPolicyQualifier></xades:SigPolicyQualifiers></xades:SignaturePolicyId>"
    "</xades:SignaturePolicyIdentifier>";

constexpr std::string_view kPropertiesToSigningTime =
    " Id=\"signed-properties\"><xades:SignedSignatureProperties><xades:SigningTime>";

Fault cannot_sign(std::string text) { return fault(FaultCode::cannot_create_signature, std::move(text)); }

// CertDigest and IssuerSerial, which name a certificate.
std::string certificate_name(const pki::Certificate& certificate) {
  std::string text = "<xades:CertDigest>";
  text += kDigestMethod;
  text += "<ds:DigestValue>" + to_base64(pki::digest(kDigest, certificate.der())) +
          "</ds:DigestValue></xades:CertDigest><xades:IssuerSerial><ds:X509IssuerName>";
  xml::append_text(text, certificate.issuer_rfc2253());
  text += "</ds:X509IssuerName><ds:X509SerialNumber>" + certificate.serial_decimal() +
          "</ds:X509SerialNumber></xades:IssuerSerial>";
  return text;
}

std::string intermediates_text(const std::vector<pki::Certificate>& intermediates) {
  if (intermediates.empty()) return {};
  std::string refs = "<xades:CompleteCertificateRefs Id=\"complete-certificate-refs\"><xades:CertRefs>";
  std::string values = "<xades:CertificateValues>";
  for (std::size_t i = 0; i < intermediates.size(); ++i) {
    const std::string id = "encapsulated-cert-" + std::to_string(i + 1);
    refs += "<xades:Cert URI=\"#" + id + "\">" + certificate_name(intermediates[i]) + "</xades:Cert>";
    values += "<xades:EncapsulatedX509Certificate Id=\"" + id + "\">" + to_base64(intermediates[i].der()) +
              "</xades:EncapsulatedX509Certificate>";
  }
  return refs + "</xades:CertRefs></xades:CompleteCertificateRefs>" + values + "</xades:CertificateValues>";
}

std::string reference(std::string_view attributes, ByteView digest) {
  std::string text = "<ds:Reference ";
  text += attributes;
  text += ">\n";
  text += kDigestMethod;
  text += "\n<ds:DigestValue>" + to_base64(digest) + "</ds:DigestValue>\n</ds:Reference>\n";
  return text;
}

}  // namespace

Result<SignatureTemplate> SignatureTemplate::make(const SigningIdentity& identity) {
  if (identity.ocsp_responses.size() < identity.intermediates.size() + 1)
    return cannot_sign("no OCSP response for every certificate of the chain");
  const pki::PublicKey key = identity.certificate.public_key();
  if (key.is_rsa() != (identity.algorithm.scheme != pki::SignatureScheme::ecdsa))
    return cannot_sign("the signature algorithm is not one for the key of the certificate");

  SignatureTemplate out;
  out.digest_ = identity.algorithm.digest;
  out.ec_field_size_ = key.ec_field_size();
  out.signed_info_start_ =
      ">\n<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\">"
      "</ds:CanonicalizationMethod>\n<ds:SignatureMethod Algorithm=\"" +
      pki::signature_uri(identity.algorithm) + "\"></ds:SignatureMethod>\n";
  out.after_signing_time_ = "</xades:SigningTime><xades:SigningCertificate><xades:Cert>" +
                            certificate_name(identity.certificate) + "</xades:Cert></xades:SigningCertificate>" +
                            std::string(kPolicy) +
                            "</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>"
                            "<xades:DataObjectFormat ObjectReference=\"#signature-reference-0\"><xades:MimeType>";
  out.key_info_ = "\n</ds:SignatureValue>\n<ds:KeyInfo>\n<ds:X509Data>\n<ds:X509Certificate>" +
                  to_base64(identity.certificate.der()) +
                  "</ds:X509Certificate>\n</ds:X509Data>\n</ds:KeyInfo>\n"
                  "<ds:Object><xades:QualifyingProperties Target=\"#signature\"><xades:SignedProperties";
  std::string ocsp;
  for (std::size_t i = 0; i < identity.ocsp_responses.size(); ++i)
    ocsp += "<xades:EncapsulatedOCSPValue Id=\"ocsp-response-" + std::to_string(i + 1) + "\">" +
            to_base64(identity.ocsp_responses[i]) + "</xades:EncapsulatedOCSPValue>";
  out.unsigned_properties_ = "<xades:UnsignedProperties><xades:UnsignedSignatureProperties>" +
                             intermediates_text(identity.intermediates) + "<xades:RevocationValues><xades:OCSPValues>" +
                             ocsp +
                             "</xades:OCSPValues></xades:RevocationValues></xades:UnsignedSignatureProperties>"
                             "</xades:UnsignedProperties></xades:QualifyingProperties></ds:Object>\n"
                             "</ds:Signature></asic:XAdESSignatures>";
  return out;
}

Result<SignatureBatch> SignatureBatch::prepare(std::vector<MessageParts> messages, const SigningIdentity& identity,
                                               TimePoint signing_time) {
  const auto parts = SignatureTemplate::make(identity);
  if (!parts) return parts.error();
  return prepare(messages, *parts, signing_time);
}

Result<SignatureBatch> SignatureBatch::prepare(std::span<const MessageParts> messages, const SignatureTemplate& parts,
                                               TimePoint signing_time) {
  for (const MessageParts& message : messages)
    if (message.empty() || message.front().name != kMessageFile) return cannot_sign("a message without message part");
  if (messages.empty()) return cannot_sign("no message");

  SignatureBatch batch;
  batch.ec_field_size_ = parts.ec_field_size_;
  const bool plain = messages.size() == 1 && messages.front().size() == 1;
  std::string first_reference;
  if (plain) {
    first_reference = reference("Id=\"signature-reference-0\" URI=\"/message.xml\"", messages.front().front().digest);
  } else {
    HashChains chains = build_hash_chains(messages);
    batch.hash_chain_result_ = std::move(chains.result);
    batch.hash_chains_ = std::move(chains.chains);
    first_reference = reference("Id=\"signature-reference-0\" URI=\"/sig-hashchainresult.xml\"",
                                pki::digest(kDigest, as_bytes(batch.hash_chain_result_)));
  }

  std::string properties(kPropertiesToSigningTime);
  properties += to_iso_millis(signing_time);
  properties += parts.after_signing_time_;
  properties += plain ? "text/xml" : "application/hash-chain-result";
  properties +=
      "</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties>";
  pki::Hasher properties_hasher(kDigest);
  properties_hasher.update(as_bytes("<xades:SignedProperties"));
  properties_hasher.update(as_bytes(kNamespaces));
  properties_hasher.update(as_bytes(properties));

  std::string signed_info = parts.signed_info_start_ + first_reference;
  signed_info += reference(
      "Id=\"signature-reference-1\" Type=\"http://uri.etsi.org/01903#SignedProperties\" URI=\"#signed-properties\"",
      properties_hasher.finish());
  signed_info += "</ds:SignedInfo>";
  pki::Hasher hasher(parts.digest_);
  hasher.update(as_bytes("<ds:SignedInfo"));
  hasher.update(as_bytes(kNamespaces));
  hasher.update(as_bytes(signed_info));
  batch.digest_ = hasher.finish();

  batch.xml_before_ = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><asic:XAdESSignatures";
  batch.xml_before_ += kNamespaces;
  batch.xml_before_ += "><ds:Signature Id=\"signature\">\n<ds:SignedInfo";
  batch.xml_before_ += signed_info;
  batch.xml_before_ += "\n<ds:SignatureValue Id=\"signature-value\">\n";
  batch.xml_after_ = parts.key_info_ + properties + parts.unsigned_properties_;
  return batch;
}

Result<std::vector<SignatureDocument>> SignatureBatch::complete(ByteView signature) {
  if (signature.empty()) return cannot_sign("an empty signature");
  Bytes value(signature.begin(), signature.end());
  if (ec_field_size_ > 0) {
    auto raw = pki::ecdsa_der_to_raw(signature, ec_field_size_);
    if (!raw) return cannot_sign(raw.error().text);
    value = *std::move(raw);
  }
  const SharedText xml = xml_before_ + to_base64(value) + xml_after_;
  if (hash_chains_.empty()) return std::vector<SignatureDocument>{{xml, {}, {}}};
  const SharedText result = std::move(hash_chain_result_);
  std::vector<SignatureDocument> documents;
  documents.reserve(hash_chains_.size());
  for (std::string& chain : hash_chains_) documents.push_back({xml, result, std::move(chain)});
  return documents;
}

}  // namespace causeway::evidence
