// SPDX-License-Identifier: MIT
#include "evidence/signature_verifier.hpp"

#include <atomic>
#include <mutex>

#include "domain/fault_code.hpp"
#include "evidence/bounded_cache.hpp"
#include "evidence/signature_pattern.hpp"
#include "evidence/signature_steps.hpp"
#include "pki/chain.hpp"

namespace causeway::evidence {
namespace {

using FactsPtr = std::shared_ptr<const SignatureFacts>;

// A certificate path and its OCSP responses were good, and are between these times.
struct Verdict {
  TimePoint from, until;
};

std::string key_of(const SignatureCredentials& credentials) {
  CacheKey key;
  key.add(credentials.signer.der());
  for (const auto& certificate : credentials.intermediates) key.add(certificate.der());
  key.add("ocsp");
  for (const auto& response : credentials.ocsp_responses) key.add(response);
  return key.finish();
}

}  // namespace

struct SignatureVerifier::State {
  struct Known {
    FactsPtr facts;
    SharedText text;  // the octets that it is known by
  };
  using Documents = BoundedCache<Known, SharedText>;

  explicit State(const VerifierLimits& limits)
      : documents(limits.documents),
        unchecked_documents(limits.documents),
        patterns(limits.signers),
        verdicts(limits.verdicts) {}

  Documents& documents_for(const VerifyOptions& options) {
    return options.check_structure ? documents : unchecked_documents;
  }

  // Of a document not seen before that is like others; without facts when it is like none.
  Known recall(const SharedText& text, const VerifyOptions& options) {
    if (!options.check_structure) return {};
    auto facts = patterns.recall(text);
    if (!facts) return {};
    ++recalled;
    Known known{std::make_shared<const SignatureFacts>(*std::move(facts)), text};
    documents.put(text, known);
    return known;
  }

  // The number of the snapshot that verdicts are about; those of any other are forgotten.
  std::uint64_t generation_of(const std::shared_ptr<const pki::Trust>& trust) {
    const std::lock_guard lock(mutex);
    // Compared by owner: a new snapshot may come to lie where an old one was.
    const bool same = !snapshot.owner_before(trust) && !trust.owner_before(snapshot);
    if (same) return generation;
    snapshot = trust;
    verdicts.clear();
    return ++generation;
  }

  // By the octets of the document: comparing them costs a twentieth of a digest of them.
  Documents documents, unchecked_documents;
  SignaturePatterns patterns;
  BoundedCache<Verdict> verdicts;
  std::mutex mutex;
  std::weak_ptr<const pki::Trust> snapshot;
  std::uint64_t generation = 0;
  std::atomic<std::uint64_t> read = 0, recalled = 0, read_before = 0, made = 0, made_before = 0;
};

namespace {

// One verification, step by step in Java's order (evidence.md 1.4).
class Verification {
 public:
  Verification(const SignatureDocument& document, const MessageParts& parts, const ClientId& sender,
               const pki::Trust& trust, TimePoint at, const VerifyOptions& options)
      : document_(document),
        parts_check_(document, parts, options),
        sender_(sender),
        trust_(trust),
        at_(at),
        check_structure_(options.check_structure) {}

  // Steps 1 to 7a on a document not seen before; the outside references are checked too.
  Result<FactsPtr> read(SignaturePatterns* patterns) {
    auto reading = SignatureReading::read(document_.signature, check_structure_);
    if (!reading) return std::move(reading).error();
    std::vector<SignedReference> outside = outside_of(reading->references());
    if (auto ok = check_refers_to_message(outside); !ok) return ok.error();
    if (auto ok = parts_check_.check_chain(outside); !ok) return ok.error();
    auto signer = reading->signing_certificate();
    if (!signer) return std::move(signer).error();
    if (auto ok = check_name(*signer); !ok) return ok.error();
    if (auto ok = reading->check_value(*signer); !ok) return ok.error();
    if (auto ok = parts_check_.check_outside(outside); !ok) return ok.error();
    if (auto ok = reading->check_timestamp_manifests(); !ok) return ok.error();
    auto intermediates = reading->extra_certificates();
    if (!intermediates) return std::move(intermediates).error();
    auto ocsp_responses = reading->ocsp_responses();
    if (!ocsp_responses) return std::move(ocsp_responses).error();
    auto credentials = std::make_shared<SignatureCredentials>(
        SignatureCredentials{*signer, *std::move(intermediates), *std::move(ocsp_responses), {}});
    credentials->key = key_of(*credentials);
    if (patterns != nullptr) patterns->learn(document_.signature, *reading, credentials);
    return std::make_shared<const SignatureFacts>(
        SignatureFacts{std::move(credentials), reading->signing_time(), std::move(outside)});
  }

  // What of this depends on the message, for a document seen before.
  Result<void> check_message(const SignatureFacts& facts) {
    if (auto ok = parts_check_.check_chain(facts.outside); !ok) return ok;
    return parts_check_.check_outside(facts.outside);
  }

  Result<void> check_name(const pki::Certificate& signer) const { return check_signer(signer, sender_, trust_); }
  Result<void> check_coverage(const SignatureFacts& facts) const { return parts_check_.check_coverage(facts.outside); }

  // Steps 7 and 8.
  Result<Verdict> check_certificates(const SignatureCredentials& credentials) const {
    const auto path = pki::build_path(credentials.signer, credentials.intermediates,
                                      trust_.issuer_of(sender_.instance(), credentials.signer), at_);
    if (!path) return path.error();
    if (auto ok = pki::verify_path_ocsp(*path, sender_.instance(), credentials.ocsp_responses, trust_, at_); !ok)
      return ok.error().under(to_string(FaultCode::invalid_cert_path));
    return Verdict{at_, pki::path_good_until(*path, credentials.ocsp_responses, trust_.ocsp_policy())};
  }

 private:
  const SignatureDocument& document_;
  PartsCheck parts_check_;
  const ClientId& sender_;
  const pki::Trust& trust_;
  const TimePoint at_;
  const bool check_structure_;
};

Fault prefixed(const Fault& fault) { return fault.under(to_string(FaultCode::signature_verification)); }

std::string verdict_key(const SignatureCredentials& credentials, const ClientId& sender, std::uint64_t generation) {
  std::string key = credentials.key;
  for (const std::string* part : {&sender.instance(), &sender.member_class(), &sender.member_code()}) {
    key += *part;
    key += '\0';
  }
  key += std::to_string(generation);
  return key;
}

}  // namespace

SignatureVerifier::SignatureVerifier(const VerifierLimits& limits) : state_(std::make_unique<State>(limits)) {}

SignatureVerifier::~SignatureVerifier() = default;

Result<VerifiedSignature> SignatureVerifier::verify(const SignatureDocument& document, const MessageParts& parts,
                                                    const ClientId& sender,
                                                    const std::shared_ptr<const pki::Trust>& trust, TimePoint at,
                                                    const VerifyOptions& options) {
  const std::uint64_t generation = state_->generation_of(trust);
  Verification verification(document, parts, sender, *trust, at, options);
  auto& documents = state_->documents_for(options);
  State::Known known = documents.find(document.signature).value_or(State::Known{});
  if (known.facts != nullptr)
    ++state_->read_before;
  else
    known = state_->recall(document.signature, options);
  const bool is_known = known.facts != nullptr;
  if (is_known) {
    if (auto ok = verification.check_message(*known.facts); !ok) return prefixed(ok.error());
  } else {
    ++state_->read;
    auto read = verification.read(options.check_structure ? &state_->patterns : nullptr);
    if (!read) return prefixed(read.error());
    known = {*std::move(read), document.signature};
    documents.put(document.signature, known);
  }
  const FactsPtr& facts = known.facts;
  if (auto ok = verification.check_coverage(*facts); !ok) return prefixed(ok.error());

  // A verdict is about a sender too: its instance says which authorities count.
  const std::string about = verdict_key(*facts->credentials, sender, generation);
  const auto remembered = state_->verdicts.find(about);
  if (remembered && remembered->from <= at && at <= remembered->until) {
    ++state_->made_before;
    return VerifiedSignature{facts->credentials->signer, known.text, facts->signing_time};
  }
  ++state_->made;
  if (is_known)
    if (auto ok = verification.check_name(facts->credentials->signer); !ok) return prefixed(ok.error());
  const auto verdict = verification.check_certificates(*facts->credentials);
  if (!verdict) return prefixed(verdict.error());
  state_->verdicts.put(about, *verdict);
  return VerifiedSignature{facts->credentials->signer, known.text, facts->signing_time};
}

SignatureVerifier::Statistics SignatureVerifier::statistics() const {
  return {state_->read, state_->recalled, state_->read_before, state_->made, state_->made_before};
}

Result<VerifiedSignature> verify_signature(const SignatureDocument& document, const MessageParts& parts,
                                           const ClientId& sender, const pki::Trust& trust, TimePoint at,
                                           const VerifyOptions& options) {
  Verification verification(document, parts, sender, trust, at, options);
  const auto facts = verification.read(nullptr);
  if (!facts) return prefixed(facts.error());
  if (auto ok = verification.check_coverage(**facts); !ok) return prefixed(ok.error());
  if (const auto verdict = verification.check_certificates(*(*facts)->credentials); !verdict)
    return prefixed(verdict.error());
  return VerifiedSignature{(*facts)->credentials->signer, document.signature, (*facts)->signing_time};
}

Result<VerifiedSignature> verify_signature(const SignatureDocument& document, const MessageParts& parts,
                                           const ClientId& sender, const pki::Trust& trust, TimePoint at) {
  return verify_signature(document, parts, sender, trust, at, {});
}

}  // namespace causeway::evidence
