// SPDX-License-Identifier: MIT
#include "pki/ocsp_responder.hpp"

#include <span>

#include "pki/certificate_state.hpp"
#include "pki/evp_digest.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxRequestBytes = 64 * 1024;
constexpr int kMaxQuestions = 100;

Bytes error_response(int status) {
  const OcspResponsePtr response(OCSP_response_create(status, nullptr));
  return to_der<OCSP_RESPONSE>(&i2d_OCSP_RESPONSE, response.get());
}

OcspRequestPtr read_request(ByteView der) {
  return der.size() <= kMaxRequestBytes ? from_der_exactly<OcspRequestPtr>(&d2i_OCSP_REQUEST, der) : nullptr;
}

// The CertID hashes with an algorithm that the client chose.
const Certificate* issuer_of(OCSP_CERTID* id, std::span<const Certificate> issuers) {
  ASN1_OBJECT* algorithm = nullptr;
  if (OCSP_id_get0_info(nullptr, &algorithm, nullptr, nullptr, id) != 1) return nullptr;
  const EVP_MD* digest = EVP_get_digestbyobj(algorithm);
  if (!digest) return nullptr;
  for (const Certificate& issuer : issuers) {
    const OcspCertIdPtr own(OCSP_cert_id_new(digest, X509_get_subject_name(issuer.handle()),
                                             X509_get0_pubkey_bitstr(issuer.handle()), nullptr));
    if (own && OCSP_id_issuer_cmp(own.get(), id) == 0) return &issuer;
  }
  return nullptr;
}

std::string serial_of(OCSP_CERTID* id) {
  ASN1_INTEGER* serial = nullptr;
  OCSP_id_get0_info(nullptr, nullptr, nullptr, &serial, id);
  const BnPtr number(ASN1_INTEGER_to_BN(serial, nullptr));
  const OpensslStringPtr text(number ? BN_bn2dec(number.get()) : nullptr);
  return text ? std::string(text.get()) : std::string();
}

Asn1TimePtr generalized(TimePoint time) {
  return Asn1TimePtr(ASN1_GENERALIZEDTIME_set(nullptr, std::chrono::system_clock::to_time_t(time)));
}

bool add_answer(OCSP_BASICRESP* basic, OCSP_CERTID* id, const OcspAnswer& answer, ASN1_TIME* this_update,
                ASN1_TIME* next_update) {
  int status = V_OCSP_CERTSTATUS_UNKNOWN;
  if (answer.status == CertificateStatus::good) status = V_OCSP_CERTSTATUS_GOOD;
  Asn1TimePtr revoked_at;
  if (answer.status == CertificateStatus::revoked) {
    status = V_OCSP_CERTSTATUS_REVOKED;
    revoked_at = generalized(answer.revoked_at);
  }
  return OCSP_basic_add1_status(basic, id, status, OCSP_REVOKED_STATUS_NOSTATUS, revoked_at.get(), this_update,
                                next_update) != nullptr;
}

}  // namespace

bool ocsp_request_is_about(ByteView request_der, const Certificate& issuer) {
  const ErrorQueueGuard guard;
  const OcspRequestPtr request = read_request(request_der);
  OCSP_ONEREQ* first = request ? OCSP_request_onereq_get0(request.get(), 0) : nullptr;
  return first && issuer_of(OCSP_onereq_get0_id(first), {&issuer, 1});
}

Bytes OcspResponder::respond(ByteView request_der, TimePoint at) const {
  const ErrorQueueGuard guard;
  const OcspRequestPtr request = read_request(request_der);
  const int questions = request ? OCSP_request_onereq_count(request.get()) : 0;
  if (questions < 1 || questions > kMaxQuestions) return error_response(OCSP_RESPONSE_STATUS_MALFORMEDREQUEST);

  const OcspBasicPtr basic(OCSP_BASICRESP_new());
  const Asn1TimePtr this_update = generalized(at);
  const Asn1TimePtr next_update = options_.valid ? generalized(at + *options_.valid) : nullptr;
  for (int i = 0; i < questions; ++i) {
    OCSP_CERTID* id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(request.get(), i));
    const Certificate* issuer = issuer_of(id, options_.issuers);
    const OcspAnswer answer = issuer ? lookup_(*issuer, serial_of(id)) : OcspAnswer{};
    if (!add_answer(basic.get(), id, answer, this_update.get(), next_update.get())) {
      return error_response(OCSP_RESPONSE_STATUS_INTERNALERROR);
    }
  }
  OCSP_copy_nonce(basic.get(), request.get());
  unsigned long flags = options_.identify_by_key ? OCSP_RESPID_KEY : 0;
  if (!options_.include_certificate) flags |= OCSP_NOCERTS;
  // The time of production is the wall clock's; thisUpdate is what verifiers judge by.
  if (OCSP_basic_sign(basic.get(), certificate_.handle(), key_.handle(), evp_digest(DigestAlgorithm::sha256), nullptr,
                      flags) != 1) {
    return error_response(OCSP_RESPONSE_STATUS_INTERNALERROR);
  }
  const OcspResponsePtr response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  return to_der<OCSP_RESPONSE>(&i2d_OCSP_RESPONSE, response.get());
}

}  // namespace causeway::pki
