// SPDX-License-Identifier: MIT
// A signature document as it was received: read, and those checks of it that need
// nothing but the document. For the sources of this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "evidence/transforms.hpp"
#include "pki/certificate.hpp"
#include "xml/document.hpp"

namespace causeway::evidence {

// A ds:Reference. What is not supported is kept as such: nothing it says can hold.
struct SignedReference {
  std::string uri;
  bool supported = true;  // transforms and digest algorithm
  Transforms transforms;
  pki::DigestAlgorithm algorithm = pki::DigestAlgorithm::sha512;
  Bytes digest;

  bool is_inside() const { return uri.starts_with('#'); }
  // Whether the octets, once transformed, have the digest.
  bool holds_for(std::string_view data) const;
};

// What differs between the documents that one signer writes, and the octets that are
// signed and hashed of them.
struct ChangingParts {
  // As the document has them: the digest of each reference in order, then the signature
  // value, then the signing time.
  std::vector<std::string> texts;
  std::string signed_info, signed_properties;  // canonical
  pki::SignatureAlgorithm algorithm;
  std::size_t properties_reference = 0;  // which reference is that to the signed properties
};

// When a signature says that it was made; nullopt for what the clock cannot hold.
std::optional<TimePoint> read_signing_time(const std::string& text);

// Of the canonical SignedInfo. `text` is the signature value as a document has it.
// invalid_signature_value.
Result<void> check_signature_value(const pki::Certificate& signer, const pki::SignatureAlgorithm& algorithm,
                                   std::string_view signed_info, std::string_view text);

class SignatureReading {
 public:
  // invalid_xml, or malformed_signature when there is no signature in it, an Id is not
  // unique, or there are more than 30 references; with `structure` also when anything
  // is out of place (Java's schema step).
  static Result<SignatureReading> read(std::string_view text, bool structure);

  const std::vector<SignedReference>& references() const { return references_; }

  // The first of KeyInfo, usable for signing: malformed_signature.
  Result<pki::Certificate> signing_certificate() const;
  // Signature value over SignedInfo, and every reference to a part of the document
  // itself: invalid_signature_value.
  Result<void> check_value(const pki::Certificate& signer) const;
  // Legacy manifests of timestamps: invalid_reference.
  Result<void> check_timestamp_manifests() const;
  // Certificates that CompleteCertificateRefs names: malformed_signature.
  Result<std::vector<pki::Certificate>> extra_certificates() const;
  // malformed_signature when there is none.
  Result<std::vector<Bytes>> ocsp_responses() const;
  // Out of the signed properties; nullopt when absent or not signed.
  std::optional<TimePoint> signing_time() const;
  // nullopt when there is more in the document than signers write, or less: references to
  // other parts of it than the signed properties, manifests of timestamps.
  std::optional<ChangingParts> changing_parts() const;
  // The octets that a timestamp of the signature covers.
  Result<Bytes> signature_value() const;
  // The token of the timestamp in the signature: malformed_signature when there is none.
  Result<Bytes> timestamp() const;

 private:
  SignatureReading(xml::Document document, xml::IdIndex ids, xml::Element signature)
      : document_(std::move(document)), ids_(std::move(ids)), signature_(signature) {}
  std::optional<xml::Element> inside(const SignedReference& reference) const;
  std::optional<std::string> signing_time_text() const;
  // `budget`: octets that may still be made canonical for this document.
  bool holds(const SignedReference& reference, std::size_t& budget) const;

  xml::Document document_;
  xml::IdIndex ids_;
  xml::Element signature_;
  std::vector<SignedReference> references_;
};

}  // namespace causeway::evidence
