// SPDX-License-Identifier: MIT
#include "evidence/signature_steps.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "evidence/hash_chain.hpp"
#include "evidence/names.hpp"
#include "pki/certificate_profile.hpp"

namespace causeway::evidence {

std::vector<SignedReference> outside_of(const std::vector<SignedReference>& references) {
  std::vector<SignedReference> out;
  for (const SignedReference& reference : references)
    if (!reference.is_inside()) out.push_back(reference);
  return out;
}

Result<void> check_refers_to_message(const std::vector<SignedReference>& outside) {
  for (const SignedReference& reference : outside)
    if (reference.uri == kMessageFile || reference.uri == kSigHashChainResultFile) return {};
  return fault(FaultCode::malformed_signature, "the signature refers neither to a message nor to a hash chain");
}

Result<void> check_signer(const pki::Certificate& signer, const ClientId& sender, const pki::Trust& trust) {
  const pki::ApprovedCa* issuer = trust.issuer_of(sender.instance(), signer);
  if (issuer == nullptr)
    return fault(FaultCode::internal_error, "the certificate is not issued by an approved certification service");
  const auto profile = pki::CertificateProfile::from_class(issuer->profile_class);
  if (!profile) return profile.error();
  const auto member = profile->member_of(signer, sender.instance());
  if (!member) return member.error();
  if (!member->same_member(sender))
    return fault(FaultCode::incorrect_certificate,
                 "the certificate is that of " + member->to_string() + ", the message that of " + sender.to_string());
  return {};
}

std::span<const PartDigest> PartsCheck::required_parts() const {
  return std::span(parts_).first(options_.only_message ? std::min<std::size_t>(parts_.size(), 1) : parts_.size());
}

Result<void> PartsCheck::check_chain(const std::vector<SignedReference>& outside) {
  const bool chained = std::ranges::any_of(
      outside, [](const SignedReference& reference) { return reference.uri == kSigHashChainResultFile; });
  if (!chained || document_.hash_chain_result.empty()) return {};
  std::vector<HashChainInput> inputs;
  inputs.reserve(required_parts().size());
  for (const PartDigest& part : required_parts()) {
    std::optional<DigestValue> digest;
    if (!part.digest.empty()) digest = DigestValue{pki::DigestAlgorithm::sha512, part.digest};
    inputs.push_back({part.name, std::move(digest)});
  }
  HashChainSources sources{.find = [this](std::string_view uri) { return find(uri); }};
  if (options_.only_message)
    sources.believe = [this](std::string_view uri, ByteView digest) {
      if (uri == kMessageFile) return false;
      if (options_.chained_attachment) options_.chained_attachment(uri, digest);
      return true;
    };
  if (auto ok = verify_hash_chain(document_.hash_chain_result, inputs, sources); !ok)
    return ok.error().under(to_string(FaultCode::malformed_signature));
  chain_covers_ = true;
  return {};
}

std::optional<std::string_view> PartsCheck::find(std::string_view uri) const {
  if (uri == kSigHashChainFile && !document_.hash_chain.empty()) return document_.hash_chain;
  if (uri == kMessageFile && !options_.message.empty()) return options_.message;
  return std::nullopt;
}

Result<void> PartsCheck::check_outside(const std::vector<SignedReference>& outside) const {
  for (const SignedReference& reference : outside)
    if (!holds(reference))
      return fault(FaultCode::invalid_signature_value, "the digest of the reference differs: " + reference.uri);
  return {};
}

bool PartsCheck::holds(const SignedReference& reference) const {
  if (reference.uri == kSigHashChainResultFile)
    return !document_.hash_chain_result.empty() && reference.holds_for(document_.hash_chain_result);
  const auto part = std::ranges::find(parts_, reference.uri, &PartDigest::name);
  if (part == parts_.end() || !reference.supported) return false;
  const bool comparable = reference.transforms.empty() && !part->digest.empty();
  // The digest of an attachment is compared whatever algorithm the reference names.
  if (is_attachment(reference.uri)) return comparable && part->digest == reference.digest;
  if (reference.uri != kMessageFile) return false;
  if (comparable && reference.algorithm == pki::DigestAlgorithm::sha512) return part->digest == reference.digest;
  return !options_.message.empty() && reference.holds_for(options_.message);
}

Result<void> PartsCheck::check_coverage(const std::vector<SignedReference>& outside) const {
  if (chain_covers_) return {};
  for (const PartDigest& part : required_parts()) {
    const bool covered =
        std::ranges::any_of(outside, [&](const SignedReference& reference) { return reference.uri == part.name; });
    if (!covered) return fault(FaultCode::malformed_signature, "not covered by the signature: " + part.name);
  }
  return {};
}

}  // namespace causeway::evidence
