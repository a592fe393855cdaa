// SPDX-License-Identifier: MIT
#include "evidence/signature_pattern.hpp"

#include <algorithm>

namespace causeway::evidence {
namespace {

// Real ones have some 8 KB; each that is remembered is held nearly twice.
constexpr std::size_t kMaxDocument = std::size_t{64} << 10;

// The Base64 of the first certificate; empty when none is found.
std::string_view certificate_in(std::string_view text) {
  constexpr std::string_view kElement = "X509Certificate>";
  const std::size_t begin = text.find(kElement);
  if (begin == std::string_view::npos) return {};
  text.remove_prefix(begin + kElement.size());
  return text.substr(0, text.find('<'));
}

}  // namespace

std::optional<SignaturePattern> SignaturePattern::of(std::string_view text, const SignatureReading& reading,
                                                     std::shared_ptr<const SignatureCredentials> credentials) {
  if (text.size() > kMaxDocument) return std::nullopt;
  const auto parts = reading.changing_parts();
  if (!parts) return std::nullopt;
  const std::vector<std::string> digests(parts->texts.begin(), parts->texts.end() - 2);
  auto document = GappedText::cut(text, parts->texts, CarriageReturn::of_documents);
  auto signed_info = GappedText::cut(parts->signed_info, digests, CarriageReturn::of_canonical_form);
  auto signed_properties =
      GappedText::cut(parts->signed_properties, {parts->texts.back()}, CarriageReturn::of_canonical_form);
  if (!document || !signed_info || !signed_properties) return std::nullopt;
  SignaturePattern out;
  out.document_ = *std::move(document);
  out.signed_info_ = *std::move(signed_info);
  out.signed_properties_ = *std::move(signed_properties);
  out.credentials_ = std::move(credentials);
  out.algorithm_ = parts->algorithm;
  out.references_ = reading.references();
  out.properties_reference_ = parts->properties_reference;
  return out;
}

std::optional<SignatureFacts> SignaturePattern::recall(std::string_view text) const {
  auto contents = document_.contents_of(text);
  if (!contents) return std::nullopt;
  const std::string time = std::move(contents->back());
  contents->pop_back();
  const std::string value = std::move(contents->back());
  contents->pop_back();
  std::vector<SignedReference> references = references_;
  for (std::size_t i = 0; i < contents->size(); ++i) {
    auto digest = from_base64((*contents)[i]);
    if (!digest) return std::nullopt;
    references[i].digest = *std::move(digest);
  }
  const SignedReference& properties = references[properties_reference_];
  if (pki::digest(properties.algorithm, as_bytes(signed_properties_.filled({time}))) != properties.digest ||
      !check_signature_value(credentials_->signer, algorithm_, signed_info_.filled(*contents), value))
    return std::nullopt;
  std::erase_if(references, [](const SignedReference& reference) { return reference.is_inside(); });
  return SignatureFacts{credentials_, read_signing_time(time), std::move(references)};
}

std::optional<SignatureFacts> SignaturePatterns::recall(std::string_view text) {
  const auto ring = rings_.find(certificate_in(text));
  if (!ring) return std::nullopt;
  for (const auto& pattern : *ring) {
    if (pattern == nullptr) break;
    if (auto facts = pattern->recall(text)) return facts;
  }
  return std::nullopt;
}

void SignaturePatterns::learn(std::string_view text, const SignatureReading& reading,
                              std::shared_ptr<const SignatureCredentials> credentials) {
  auto pattern = SignaturePattern::of(text, reading, std::move(credentials));
  if (!pattern) return;
  const std::string_view certificate = certificate_in(text);
  Ring ring = rings_.find(certificate).value_or(Ring());
  std::ranges::rotate(ring, ring.end() - 1);
  ring.front() = std::make_shared<const SignaturePattern>(*std::move(pattern));
  rings_.put(std::string(certificate), std::move(ring));
}

}  // namespace causeway::evidence
