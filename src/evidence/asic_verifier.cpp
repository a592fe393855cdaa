// SPDX-License-Identifier: MIT
#include "evidence/asic_verifier.hpp"

#include <map>

#include "domain/fault_code.hpp"
#include "evidence/asic_manifest.hpp"
#include "evidence/names.hpp"
#include "evidence/signature_steps.hpp"
#include "evidence/signature_timestamp.hpp"
#include "pki/chain.hpp"

namespace causeway::evidence {
namespace {

using pki::DigestAlgorithm;

// Hash chains name digests without their algorithm where attachments are concerned.
std::optional<DigestAlgorithm> algorithm_of(ByteView digest) {
  for (const auto algorithm : {DigestAlgorithm::sha512, DigestAlgorithm::sha256, DigestAlgorithm::sha384,
                               DigestAlgorithm::sha224, DigestAlgorithm::sha1})
    if (pki::digest_size(algorithm) == digest.size()) return algorithm;
  return std::nullopt;
}

// What the signature says of one attachment.
struct Claim {
  bool direct = false;  // a reference of its own, not the hash chain
  bool holds = true;    // of a direct reference
  std::vector<Bytes> digests;
};

// "/attachment2" before "/attachment10".
struct ByNumber {
  bool operator()(const std::string& one, const std::string& other) const {
    return std::pair(one.size(), std::string_view(one)) < std::pair(other.size(), std::string_view(other));
  }
};

class ContainerCheck {
 public:
  ContainerCheck(const AsicContainer& container, const AsicTrust& trust, ContainerReport& report)
      : container_(container), trust_(trust), report_(report) {}

  void run() {
    list_parts();
    if (!read_signature()) {
      check_message();
      return skip_rest();
    }
    check_timestamp();
    check_message();
    check_hash_chain();
    check_certificate();
    check_signer_name();
    check_value();
    check_references();
    check_path();
    check_attachments();
    check_coverage();
    check_manifest();
    check_timestamp_manifest();
  }

 private:
  Checks& checks() { return report_.checks; }

  // Notes the outcome; whether it was good.
  bool note(std::string_view name, const Result<void>& outcome, std::string text) {
    if (outcome)
      checks().pass(name, std::move(text));
    else
      checks().fail(name, outcome.error());
    return outcome.ok();
  }

  void list_parts() {
    // Without a digest the message itself is hashed, by whatever algorithm it was signed.
    parts_.push_back({std::string(kMessageFile), {}});
    for (const AsicAttachment& attachment : container_.attachments)
      parts_.push_back({"/" + attachment.name, attachment.digest});
  }

  void check_message() {
    auto identity = identify_message(container_.message);
    if (!identity) return checks().fail("message", identity.error());
    report_.message = *std::move(identity);
    checks().pass("message", (report_.message->response ? "response " : "request ") + report_.message->id + " of " +
                                 report_.message->sender().to_string());
  }

  bool read_signature() {
    auto reading = SignatureReading::read(container_.signature.signature, false);
    if (!reading) {
      checks().fail("signature", reading.error());
      return false;
    }
    reading_ = *std::move(reading);
    outside_ = outside_of(reading_->references());
    report_.signing_time = reading_->signing_time();
    return note("signature", check_refers_to_message(outside_), "one signature, which refers to the message");
  }

  void skip_rest() {
    for (const std::string_view name : {"timestamp", "timestamp_authority", "certificate", "signer", "signature_value",
                                        "references", "certificate_path", "ocsp", "coverage"})
      checks().skip(name, "the signature cannot be read");
  }

  bool is_batch() const { return !container_.ts_hash_chain_result.empty(); }

  bool check_timestamp_chain() {
    return note("timestamp_chain",
                verify_timestamp_chain(container_.ts_hash_chain_result, container_.ts_hash_chain,
                                       container_.signature.signature),
                "leads from the signature to what was stamped");
  }

  Result<Bytes> token() const {
    if (!container_.timestamp.empty()) return container_.timestamp;
    return reading_->timestamp();
  }

  void check_timestamp() {
    if (is_batch() && !check_timestamp_chain()) {
      checks().skip("timestamp", "its hash chain does not lead to the signature");
      return checks().skip("timestamp_authority", "its hash chain does not lead to the signature");
    }
    const auto octets =
        is_batch() ? Result<Bytes>(to_bytes(container_.ts_hash_chain_result)) : reading_->signature_value();
    const auto der = token();
    const auto facts = der ? pki::read_timestamp(*der) : Result<pki::TimestampFacts>(der.error());
    if (!facts || !octets) {
      checks().fail("timestamp", facts ? octets.error() : facts.error());
      return checks().skip("timestamp_authority", "there is no timestamp that can be read");
    }
    report_.timestamp = *facts;
    const bool good =
        note("timestamp", check_imprint(*facts, *octets),
             std::string(is_batch() ? "of a batch" : "of the signature value") + ", " + to_iso_seconds(facts->time));
    check_authority(*der);
    if (good && report_.timestamp_authority) at_ = facts->time;
  }

  void check_authority(ByteView der) {
    if (auto verified = pki::verify_timestamp(der, trust_.timestamp_authorities); !verified)
      return checks().fail("timestamp_authority", verified.error());
    auto authority = pki::timestamp_signer(der, trust_.timestamp_authorities);
    if (!authority) return checks().fail("timestamp_authority", authority.error());
    report_.timestamp_authority = *authority;
    checks().pass("timestamp_authority", "approved, and signed the timestamp: " + authority->subject_rfc2253());
  }

  void check_hash_chain() {
    options_ = {.check_structure = false, .message = container_.message, .only_message = true};
    options_.chained_attachment = [this](std::string_view uri, ByteView digest) {
      claims_[std::string(uri)].digests.emplace_back(digest.begin(), digest.end());
    };
    parts_check_.emplace(container_.signature, parts_, options_);
    const bool chained = std::ranges::any_of(
        outside_, [](const SignedReference& reference) { return reference.uri == kSigHashChainResultFile; });
    if (!chained || container_.signature.hash_chain_result.empty()) return;
    chain_good_ = note("hash_chain", parts_check_->check_chain(outside_), "leads from the message to what was signed");
  }

  void check_certificate() {
    auto signer = reading_->signing_certificate();
    if (!signer) return checks().fail("certificate", signer.error());
    report_.signer = *signer;
    checks().pass("certificate", "for signing: " + signer->subject_rfc2253());
  }

  void check_signer_name() {
    if (!report_.signer || !report_.message)
      return checks().skip("signer", report_.message ? "there is no certificate" : "the sender is not known");
    note("signer", check_signer(*report_.signer, report_.message->sender(), trust_.authorities),
         "the certificate is that of " + report_.message->sender().member().to_string() + ", who sent the message");
  }

  void check_value() {
    if (!report_.signer) return checks().skip("signature_value", "there is no certificate");
    note("signature_value", reading_->check_value(*report_.signer), "made with the key of the certificate");
  }

  // Those to attachments are judged with the attachments.
  void check_references() {
    std::vector<SignedReference> others;
    for (const SignedReference& reference : outside_) {
      if (!is_attachment(reference.uri)) {
        others.push_back(reference);
        continue;
      }
      Claim& claim = claims_[reference.uri];
      claim.direct = true;
      claim.holds = claim.holds && parts_check_->holds(reference);
      claim.digests.push_back(reference.digest);
    }
    Result<void> good = parts_check_->check_outside(others);
    if (good) good = reading_->check_timestamp_manifests();
    note("references", good, "message and hash chain are those that were signed");
  }

  void check_path() {
    const std::string_view missing = !report_.signer    ? "there is no certificate"
                                     : !report_.message ? "the sender is not known"
                                     : !at_             ? "no time is proven"
                                                        : "";
    if (!missing.empty()) {
      checks().skip("certificate_path", std::string(missing));
      return checks().skip("ocsp", std::string(missing));
    }
    const pki::ApprovedCa* const anchor =
        trust_.authorities.issuer_of(report_.message->sender().instance(), *report_.signer);
    const auto extra = reading_->extra_certificates();
    const auto path =
        extra ? pki::build_path(*report_.signer, *extra, anchor, *at_) : Result<pki::CertificatePath>(extra.error());
    if (!path) {
      checks().fail("certificate_path", path.error());
      return checks().skip("ocsp", "there is no path to an approved authority");
    }
    checks().pass("certificate_path", "valid at that time, issued by " + anchor->certificate.subject_rfc2253());
    check_ocsp(*path);
  }

  void check_ocsp(const pki::CertificatePath& path) {
    const auto responses = reading_->ocsp_responses();
    if (!responses) return checks().fail("ocsp", responses.error());
    const pki::Certificate& issuer = path.certificates.size() > 1 ? path.certificates[1] : path.anchor->certificate;
    for (const Bytes& response : *responses) {
      if (report_.ocsp || !pki::ocsp_response_is_for(response, *report_.signer, issuer)) continue;
      if (const auto facts = pki::read_ocsp_response(response)) report_.ocsp = *facts;
    }
    const std::string& instance = report_.message->sender().instance();
    note("ocsp", pki::verify_path_ocsp(path, instance, *responses, trust_.authorities, *at_),
         "good, as of " + (report_.ocsp ? to_iso_seconds(report_.ocsp->this_update) : std::string("then")));
  }

  void check_attachments() {
    for (const AsicAttachment& attachment : container_.attachments) claims_["/" + attachment.name];
    for (const auto& [uri, claim] : claims_) {
      const std::string name = uri.starts_with('/') ? uri.substr(1) : uri;
      const auto attachment = std::ranges::find(container_.attachments, name, &AsicAttachment::name);
      const bool present = attachment != container_.attachments.end();
      AttachmentVerdict verdict;
      verdict.name = name;
      verdict.present = present;
      if (present) verdict.size = attachment->size;
      if (!claim.digests.empty()) verdict.signed_digest = claim.digests.front();
      judge(verdict, claim, present ? &*attachment : nullptr);
      report_.attachments.push_back(std::move(verdict));
    }
  }

  void judge(AttachmentVerdict& verdict, const Claim& claim, const AsicAttachment* attachment) {
    const bool trusted = claim.direct || chain_good_;
    if (claim.digests.empty() || !trusted) {
      verdict.state = CheckState::failed;
      checks().fail(verdict.name, fault(FaultCode::malformed_signature, "not covered by the signature"));
    } else if (claim.direct && !claim.holds) {
      verdict.state = CheckState::failed;
      checks().fail(verdict.name, fault(FaultCode::invalid_signature_value,
                                        attachment ? "not what was signed" : "signed, but not in the container"));
    } else if (attachment == nullptr) {
      verdict.state = CheckState::unverified;
      checks().leave(verdict.name, "not in the container; signed was " + to_hex(verdict.signed_digest));
    } else if (!claim.direct && !is_as_signed(*attachment, claim)) {
      verdict.state = CheckState::failed;
      checks().fail(verdict.name, fault(FaultCode::invalid_hash_chain_ref,
                                        "not what was signed, or cut off when it was logged; signed was " +
                                            to_hex(verdict.signed_digest))
                                      .under(to_string(FaultCode::malformed_signature)));
    } else {
      verdict.state = CheckState::passed;
      checks().pass(verdict.name, "what was signed: " + to_hex(verdict.signed_digest));
    }
  }

  bool is_as_signed(const AsicAttachment& attachment, const Claim& claim) const {
    return std::ranges::all_of(claim.digests, [&](const Bytes& digest) {
      const auto algorithm = algorithm_of(digest);
      if (!algorithm) return false;
      if (*algorithm == DigestAlgorithm::sha512) return attachment.digest == digest;
      pki::Hasher hasher(*algorithm);
      const auto done = container_.read_attachment(attachment, [&](ByteView bytes) -> Result<void> {
        hasher.update(bytes);
        return {};
      });
      return done.ok() && hasher.finish() == digest;
    });
  }

  void check_coverage() {
    note("coverage", parts_check_->check_coverage(outside_), "the signature covers the message");
  }

  // What proves something must be listed, what is listed must be there.
  void check_manifest() {
    if (!container_.manifest) return checks().leave("manifest", "there is none");
    const auto manifest = read_file_manifest(*container_.manifest);
    if (!manifest) return checks().fail("manifest", manifest.error());
    const auto differs = [&](const std::string& text) {
      checks().fail("manifest", fault(FaultCode::asic_invalid_container, "META-INF/manifest.xml: " + text));
    };
    if (manifest->media_type != kAsicMimeType) return differs("it is not of an ASiC-E container");
    for (const FileManifest::File& file : manifest->files)
      if (!container_.has(file.path)) return differs(file.path + " is listed, but not in the container");
    for (const std::string& name : files())
      if (std::ranges::find(manifest->files, name, &FileManifest::File::path) == manifest->files.end())
        return differs(name + " is not listed");
    checks().pass("manifest", "lists what the container holds");
  }

  // Outside META-INF, and needed by a check.
  std::vector<std::string> files() const {
    std::vector<std::string> names{std::string(kMessageFile.substr(1))};
    if (chain_good_) {
      names.emplace_back(kSigHashChainResultFile.substr(1));
      names.emplace_back(kSigHashChainFile.substr(1));
    }
    if (is_batch()) {
      names.emplace_back(kTsHashChainResultFile.substr(1));
      names.emplace_back(kTsHashChainFile.substr(1));
    }
    for (const AsicAttachment& attachment : container_.attachments) names.push_back(attachment.name);
    return names;
  }

  void check_timestamp_manifest() {
    if (!container_.asic_manifest) return;
    const auto manifest = read_asic_manifest(*container_.asic_manifest);
    if (!manifest) return checks().fail("timestamp_manifest", manifest.error());
    const auto differs = [&](std::string_view text) {
      checks().fail("timestamp_manifest",
                    fault(FaultCode::asic_invalid_container, "META-INF/ASiCManifest.xml: " + std::string(text)));
    };
    if (!container_.has(manifest->signature_uri)) return differs("it refers to a timestamp that is not there");
    for (const AsicManifest::Reference& reference : manifest->references) {
      const bool stamped = "/" + reference.uri == kTsHashChainResultFile || reference.uri == kTsHashChainResultFile;
      if (!stamped || !is_batch()) return differs("it refers to something else than what was stamped");
      if (!reference.algorithm ||
          pki::digest(*reference.algorithm, as_bytes(container_.ts_hash_chain_result)) != reference.digest)
        return differs("its digest is not that of what was stamped");
    }
    checks().pass("timestamp_manifest", "is about what was stamped");
  }

  const AsicContainer& container_;
  const AsicTrust& trust_;
  ContainerReport& report_;
  MessageParts parts_;
  VerifyOptions options_;
  std::optional<SignatureReading> reading_;
  std::vector<SignedReference> outside_;
  std::optional<PartsCheck> parts_check_;
  std::map<std::string, Claim, ByNumber> claims_;  // by URI
  std::optional<TimePoint> at_;                    // proven by an approved authority
  bool chain_good_ = false;
};

}  // namespace

ContainerReport verify_container(const AsicContainer& container, const AsicTrust& trust) {
  ContainerReport report;
  std::string text = "a container with everything it needs";
  if (!container.others.empty()) text += "; not part of the evidence: " + container.others.front();
  if (container.others.size() > 1) text += " and " + std::to_string(container.others.size() - 1) + " more";
  report.checks.pass("container", std::move(text));
  ContainerCheck(container, trust, report).run();
  return report;
}

ContainerReport verify_container(ByteView file, const AsicTrust& trust) {
  const auto container = AsicContainer::read(file);
  if (container) return verify_container(*container, trust);
  ContainerReport report;
  report.checks.fail("container", container.error());
  return report;
}

}  // namespace causeway::evidence
