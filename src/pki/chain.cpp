// SPDX-License-Identifier: MIT
#include "pki/chain.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"
#include "pki/certificate_state.hpp"
#include "pki/ocsp_verification.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxIntermediates = 100;
constexpr int kMaxPathLength = 5;  // intermediate CAs in a path, as Java's builder has it

Fault no_path(std::string text) {
  return fault(FaultCode::internal_error, std::move(text)).under(to_string(FaultCode::cannot_create_cert_path));
}

Fault not_valid(std::string text) {
  return fault(FaultCode::cert_validation, std::move(text)).under(to_string(FaultCode::invalid_cert_path));
}

bool means_no_path(int error) {
  switch (error) {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_CHAIN_TOO_LONG:
    case X509_V_ERR_SUBJECT_ISSUER_MISMATCH:
    case X509_V_ERR_AKID_SKID_MISMATCH:
    case X509_V_ERR_AKID_ISSUER_SERIAL_MISMATCH:
      return true;
    default:
      return false;
  }
}

// The anchor's own dates and extensions are not looked at: it is trusted because the
// global configuration says so (evidence.md 1.4 step 7).
int forgive_anchor(int ok, X509_STORE_CTX* context) {
  if (ok == 1) return 1;
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
  const int depth = X509_STORE_CTX_get_error_depth(context);
  const bool of_anchor = depth > 0 && chain && depth == sk_X509_num(chain) - 1;
  if (!of_anchor) return 0;
  switch (X509_STORE_CTX_get_error(context)) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
      return 1;
    default:
      return 0;
  }
}

// Digests that collide are refused, as the Java runtime does by default.
bool has_broken_digest(const Certificate& certificate) {
  const int algorithm = X509_get_signature_nid(certificate.handle());
  int digest_nid = NID_undef;
  return OBJ_find_sigid_algs(algorithm, &digest_nid, nullptr) == 1 &&
         (digest_nid == NID_md5 || digest_nid == NID_md4 || digest_nid == NID_md2);
}

const Certificate& certificate_behind(X509* x509, const Certificate& end, std::span<const Certificate> intermediates) {
  for (const Certificate& candidate : intermediates) {
    if (candidate.handle() == x509) return candidate;
  }
  return end;
}

}  // namespace

Result<CertificatePath> build_path(const Certificate& end, std::span<const Certificate> intermediates,
                                   const ApprovedCa* anchor, TimePoint at) {
  const ErrorQueueGuard guard;
  if (!anchor) return no_path("certificate is not issued by an approved certification service provider");
  if (intermediates.size() > kMaxIntermediates) return no_path("too many intermediate certificates");
  if (end == anchor->certificate) return no_path("the certificate is itself that of an approved CA");

  const X509StackPtr trusted(sk_X509_new_null()), untrusted(sk_X509_new_null());
  sk_X509_push(trusted.get(), anchor->certificate.handle());
  for (const Certificate& certificate : intermediates) sk_X509_push(untrusted.get(), certificate.handle());
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  if (!context || X509_STORE_CTX_init(context.get(), nullptr, end.handle(), untrusted.get()) != 1) {
    return no_path("out of memory");
  }
  X509_STORE_CTX_set0_trusted_stack(context.get(), trusted.get());
  X509_STORE_CTX_set_verify_cb(context.get(), &forgive_anchor);
  X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(at));
  X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_depth(parameters, kMaxPathLength);

  if (X509_verify_cert(context.get()) != 1) {
    const int error = X509_STORE_CTX_get_error(context.get());
    const std::string text = X509_verify_cert_error_string(error);
    return means_no_path(error) ? no_path("no certificate path: " + text)
                                : not_valid("invalid certificate path: " + text);
  }
  CertificatePath path{.certificates = {}, .anchor = anchor};
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i + 1 < sk_X509_num(chain); ++i) {
    path.certificates.push_back(certificate_behind(sk_X509_value(chain, i), end, intermediates));
    if (has_broken_digest(path.certificates.back())) {
      return not_valid("invalid certificate path: a certificate is signed with a broken digest algorithm");
    }
  }
  return path;
}

Result<void> verify_path_ocsp(const CertificatePath& path, std::string_view instance, std::span<const Bytes> responses,
                              const Trust& trust, TimePoint at) {
  for (std::size_t i = 0; i < path.certificates.size(); ++i) {
    const Certificate& subject = path.certificates[i];
    const bool last = i + 1 == path.certificates.size();
    const ApprovedCa* issuer = last ? path.anchor : trust.issuer_of(instance, subject);
    if (!issuer) {
      return fault(FaultCode::internal_error, "certificate is not issued by an approved certification service provider")
          .under(to_string(FaultCode::invalid_cert_path));
    }
    std::optional<Result<OcspFacts>> facts;
    for (auto response = responses.begin(); response != responses.end() && !facts; ++response) {
      facts = verify_ocsp_response_if_about(*response, subject, *issuer, trust, at);
    }
    if (!facts) return not_valid("no OCSP response for certificate " + subject.subject_rfc2253());
    if (!facts->ok()) return facts->error().under(to_string(FaultCode::invalid_cert_path));
  }
  return {};
}

TimePoint path_good_until(const CertificatePath& path, std::span<const Bytes> responses, const OcspPolicy& policy) {
  TimePoint until = TimePoint::max();
  for (const Certificate& certificate : path.certificates) until = std::min(until, certificate.not_after());
  for (const Bytes& response : responses) {
    const auto facts = read_ocsp_response(response);
    if (!facts) return TimePoint::min();
    until = std::min(until, facts->this_update + policy.freshness);
    if (facts->next_update && policy.verify_next_update) until = std::min(until, *facts->next_update);
  }
  return until;
}

}  // namespace causeway::pki
