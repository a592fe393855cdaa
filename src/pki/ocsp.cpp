// SPDX-License-Identifier: MIT
#include "pki/ocsp.hpp"

#include <algorithm>
#include <mutex>

#include "pki/certificate_state.hpp"
#include "pki/evp_digest.hpp"
#include "pki/name.hpp"
#include "pki/ocsp_verification.hpp"
#include "pki/parse_cache.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxResponseBytes = 1024 * 1024;
constexpr int kMaxEmbeddedCertificates = 20;
constexpr std::string_view kOcspSigning = "1.3.6.1.5.5.7.3.9";

Fault invalid(std::string text) { return fault(FaultCode::incorrect_validation_info, std::move(text)); }

// CertID by SHA-1 with NULL parameters: the one form that Java's comparison takes
// (evidence.md 6.2).
Bytes cert_id(const Certificate& subject, const Certificate& issuer) {
  const Certificate::State& ca = issuer.state();
  const Bytes& serial = subject.state().serial;
  static const Bytes kAlgorithm = {0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00};
  const int content = static_cast<int>(kAlgorithm.size()) + 2 * (2 + SHA_DIGEST_LENGTH) +
                      ASN1_object_size(0, static_cast<int>(serial.size()), V_ASN1_INTEGER);
  Bytes der(static_cast<std::size_t>(ASN1_object_size(1, content, V_ASN1_SEQUENCE)));
  unsigned char* end = der.data();
  ASN1_put_object(&end, 1, content, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
  end = std::ranges::copy(kAlgorithm, end).out;
  for (const Sha1Value& hash : {ca.name_sha1, ca.key_sha1}) {
    ASN1_put_object(&end, 0, SHA_DIGEST_LENGTH, V_ASN1_OCTET_STRING, V_ASN1_UNIVERSAL);
    end = std::ranges::copy(hash, end).out;
  }
  ASN1_put_object(&end, 0, static_cast<int>(serial.size()), V_ASN1_INTEGER, V_ASN1_UNIVERSAL);
  std::ranges::copy(serial, end);
  return der;
}

// A response that is well-formed and "successful", and what its first SingleResponse
// says. Immutable but for what is remembered of its signature; shared by threads.
class Response {
 public:
  static Result<std::shared_ptr<const Response>> of(ByteView der);

  const OcspFacts& facts() const { return facts_; }
  bool is_about(const Certificate& subject, const Certificate& issuer) const {
    return cert_id_ == cert_id(subject, issuer);
  }
  bool is_by(const Certificate& signer) const;
  bool signature_verifies(const Certificate& signer) const;
  const std::vector<Certificate>& embedded() const { return embedded_; }

 private:
  static Result<std::shared_ptr<const Response>> read(ByteView der);
  Result<void> read_facts(OCSP_SINGLERESP* single);
  void read_responder_id();
  void read_embedded();

  OcspBasicPtr basic_;
  OcspFacts facts_;
  Bytes cert_id_;
  std::optional<std::string> responder_name_;  // its key; or else
  Bytes responder_key_hash_;
  std::vector<Certificate> embedded_;
  mutable std::mutex mutex_;
  mutable std::optional<Certificate> verified_by_;  // guarded by mutex_
};

Result<std::shared_ptr<const Response>> Response::of(ByteView der) {
  static ParseCache<Response> cache;
  if (auto known = cache.find(der)) return known;
  auto response = read(der);
  if (response) cache.put(der, *response);
  return response;
}

Result<std::shared_ptr<const Response>> Response::read(ByteView der) {
  if (der.size() > kMaxResponseBytes) return invalid("OCSP response is too long");
  const auto outer = from_der_exactly<OcspResponsePtr>(&d2i_OCSP_RESPONSE, der);
  if (!outer) return openssl_fault(FaultCode::incorrect_validation_info, "cannot read OCSP response");
  const int status = OCSP_response_status(outer.get());
  if (status != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
    return invalid(std::string("OCSP response is not successful but ") + OCSP_response_status_str(status));
  }
  auto response = std::make_shared<Response>();
  response->basic_.reset(OCSP_response_get1_basic(outer.get()));
  if (!response->basic_) return openssl_fault(FaultCode::incorrect_validation_info, "cannot read basic OCSP response");
  OCSP_SINGLERESP* single = OCSP_resp_get0(response->basic_.get(), 0);
  if (!single) return invalid("OCSP response has no answer in it");
  response->cert_id_ = to_der<OCSP_CERTID>(&i2d_OCSP_CERTID, OCSP_SINGLERESP_get0_id(single));
  if (auto ok = response->read_facts(single); !ok) return ok.error();
  response->read_responder_id();
  response->read_embedded();
  return std::shared_ptr<const Response>(std::move(response));
}

Result<void> Response::read_facts(OCSP_SINGLERESP* single) {
  ASN1_GENERALIZEDTIME *this_update = nullptr, *next_update = nullptr;
  const int status = OCSP_single_get0_status(single, nullptr, nullptr, &this_update, &next_update);
  const auto at = time_of(this_update);
  const auto produced = time_of(OCSP_resp_get0_produced_at(basic_.get()));
  if (!at || !produced) return invalid("OCSP response has a malformed time");
  facts_ = {.status = CertificateStatus::unknown, .produced_at = *produced, .this_update = *at, .next_update = {}};
  if (status == V_OCSP_CERTSTATUS_GOOD) facts_.status = CertificateStatus::good;
  if (status == V_OCSP_CERTSTATUS_REVOKED) facts_.status = CertificateStatus::revoked;
  if (next_update) {
    facts_.next_update = time_of(next_update);
    if (!facts_.next_update) return invalid("OCSP response has a malformed time");
  }
  return {};
}

void Response::read_responder_id() {
  const ASN1_OCTET_STRING* key_hash = nullptr;
  const X509_NAME* name = nullptr;
  OCSP_resp_get0_id(basic_.get(), &key_hash, &name);
  if (name) responder_name_ = unordered_name_key(name);
  if (key_hash) responder_key_hash_.assign(bytes_of(key_hash).begin(), bytes_of(key_hash).end());
}

void Response::read_embedded() {
  const STACK_OF(X509)* stack = OCSP_resp_get0_certs(basic_.get());
  for (int i = 0; stack && i < std::min(sk_X509_num(stack), kMaxEmbeddedCertificates); ++i) {
    if (auto certificate = certificate_of(sk_X509_value(stack, i))) embedded_.push_back(*std::move(certificate));
  }
}

bool Response::is_by(const Certificate& signer) const {
  const Certificate::State& state = signer.state();
  return responder_name_ ? *responder_name_ == state.responder_name_key
                         : std::ranges::equal(responder_key_hash_, state.key_sha1);
}

bool Response::signature_verifies(const Certificate& signer) const {
  {
    const std::lock_guard lock(mutex_);
    if (verified_by_ == signer) return true;
  }
  if (ASN1_item_verify(ASN1_ITEM_rptr(OCSP_RESPDATA), OCSP_resp_get0_tbs_sigalg(basic_.get()),
                       OCSP_resp_get0_signature(basic_.get()), OCSP_resp_get0_respdata(basic_.get()),
                       signer.state().key.handle()) != 1) {
    return false;
  }
  const std::lock_guard lock(mutex_);
  verified_by_ = signer;
  return true;
}

// Listed for the CA, the CA itself, or delegated by it (RFC 6960 4.2.2.2).
bool is_authorised(const Certificate& signer, const ApprovedCa& issuer) {
  return std::ranges::find(issuer.ocsp_responders, signer) != issuer.ocsp_responders.end() ||
         signer == issuer.certificate ||
         (signer.has_extended_key_usage(kOcspSigning) && signer.issued_by(issuer.certificate));
}

// Looks for the signer among the certificates it most likely is, and only then among
// all. Java takes the first that the responder id fits; going on when its key does not
// verify the signature lets a CA change its responder's key under the same name.
Result<void> check_signer(const Response& response, const ApprovedCa& issuer, const Trust& trust) {
  bool found = false, verified = false;
  const auto accepts = [&](const Certificate& candidate) {
    if (!response.is_by(candidate)) return false;
    found = true;
    if (!response.signature_verifies(candidate)) return false;
    verified = true;
    return is_authorised(candidate, issuer);
  };
  if (std::ranges::any_of(issuer.ocsp_responders, accepts) || accepts(issuer.certificate) ||
      std::ranges::any_of(response.embedded(), accepts) ||
      std::ranges::any_of(trust.ocsp_signer_candidates(), accepts)) {
    return {};
  }
  if (verified) return invalid("OCSP responder is not authorised for the CA");
  if (found) return invalid("the signature of the OCSP response does not verify");
  return invalid("no certificate is known for the OCSP responder");
}

Result<void> check_times(const OcspFacts& facts, const OcspPolicy& policy, TimePoint at) {
  if (facts.this_update < at - policy.freshness) {
    return invalid("OCSP response is too old: thisUpdate is " + to_iso_seconds(facts.this_update));
  }
  if (policy.verify_next_update && facts.next_update && *facts.next_update < at) {
    return invalid("OCSP response is too old: nextUpdate was " + to_iso_seconds(*facts.next_update));
  }
  return {};
}

// Steps 2 to 6 of evidence.md 6.3.
Result<OcspFacts> verified(const Response& response, const ApprovedCa& issuer, const Trust& trust, TimePoint at) {
  const OcspFacts& facts = response.facts();
  if (auto ok = check_times(facts, trust.ocsp_policy(), at); !ok) return ok.error();
  if (auto ok = check_signer(response, issuer, trust); !ok) return ok.error();
  if (facts.status == CertificateStatus::good) return facts;
  return fault(FaultCode::cert_validation, std::string("OCSP response says that the certificate is ") +
                                               (facts.status == CertificateStatus::revoked ? "revoked" : "unknown"));
}

}  // namespace

std::string_view to_string(CertificateStatus status) {
  switch (status) {
    case CertificateStatus::good:
      return "good";
    case CertificateStatus::revoked:
      return "revoked";
    case CertificateStatus::unknown:
      break;
  }
  return "unknown";
}

Bytes make_ocsp_request(const Certificate& subject, const Certificate& issuer) {
  const OcspRequestPtr request(OCSP_REQUEST_new());
  auto id = from_der_exactly<OcspCertIdPtr>(&d2i_OCSP_CERTID, cert_id(subject, issuer));
  OCSP_request_add0_id(request.get(), id.release());
  return to_der<OCSP_REQUEST>(&i2d_OCSP_REQUEST, request.get());
}

Result<OcspFacts> read_ocsp_response(ByteView der) {
  const ErrorQueueGuard guard;
  const auto response = Response::of(der);
  if (!response) return response.error();
  return (*response)->facts();
}

bool is_ocsp_response(ByteView der) {
  const ErrorQueueGuard guard;
  return from_der_exactly<OcspResponsePtr>(&d2i_OCSP_RESPONSE, der) != nullptr;
}

bool ocsp_response_is_for(ByteView der, const Certificate& subject, const Certificate& issuer) {
  const ErrorQueueGuard guard;
  const auto response = Response::of(der);
  return response && (*response)->is_about(subject, issuer);
}

std::optional<Result<OcspFacts>> verify_ocsp_response_if_about(ByteView der, const Certificate& subject,
                                                               const ApprovedCa& issuer, const Trust& trust,
                                                               TimePoint at) {
  const ErrorQueueGuard guard;
  const auto response = Response::of(der);
  if (!response || !(*response)->is_about(subject, issuer.certificate)) return std::nullopt;
  return verified(**response, issuer, trust, at);
}

Result<OcspFacts> verify_ocsp_response(ByteView der, const Certificate& subject, const ApprovedCa& issuer,
                                       const Trust& trust, TimePoint at) {
  const ErrorQueueGuard guard;
  const auto response = Response::of(der);
  if (!response) return response.error();
  if (!(*response)->is_about(subject, issuer.certificate)) {
    return invalid("OCSP response is not about certificate " + subject.serial_decimal());
  }
  return verified(**response, issuer, trust, at);
}

}  // namespace causeway::pki
