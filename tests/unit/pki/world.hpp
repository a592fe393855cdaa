// SPDX-License-Identifier: MIT
// A small trust world for tests: a root, an intermediate CA, an OCSP signer, members.
#pragma once

#include "pki/certificate_builder.hpp"
#include "pki/ocsp_responder.hpp"
#include "pki/trust.hpp"

namespace causeway::pki {

using namespace std::chrono_literals;

inline const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

struct Party {
  PrivateKey key;
  Certificate certificate;
};

inline CertificateSpec spec_of(CertificateKind kind, std::string_view subject) {
  return CertificateSpec{.kind = kind,
                         .subject = *DistinguishedName::parse(subject),
                         .not_before = kNoon - 24h,
                         .not_after = kNoon + 24h * 365};
}

inline Party self_signed(const CertificateSpec& spec) {
  PrivateKey key = *PrivateKey::generate_ec();
  Certificate certificate = *self_sign_certificate(spec, key);
  return {std::move(key), std::move(certificate)};
}

inline Party issued(const CertificateSpec& spec, const Party& issuer) {
  PrivateKey key = *PrivateKey::generate_ec();
  Certificate certificate = *issue_certificate(spec, key.public_key(), issuer.certificate, issuer.key);
  return {std::move(key), std::move(certificate)};
}

struct World final : Trust {
  Party root = self_signed(spec_of(CertificateKind::root_ca, "C=FI, O=Trust, CN=Root"));
  Party ca = issued(spec_of(CertificateKind::intermediate_ca, "C=FI, O=Trust, CN=Issuing"), root);
  Party ocsp = issued(spec_of(CertificateKind::ocsp_signer, "C=FI, O=Trust, CN=OCSP"), ca);
  Party root_ocsp = issued(spec_of(CertificateKind::ocsp_signer, "C=FI, O=Trust, CN=Root OCSP"), root);
  Party member = issued(spec_of(CertificateKind::sign, "C=FI, O=Org, serialNumber=TEST/ss/COM, CN=1234"), ca);

  std::vector<ApprovedCa> approved = {ApprovedCa{.certificate = root.certificate},
                                      ApprovedCa{.certificate = ca.certificate}};
  OcspPolicy policy;

  const ApprovedCa* issuer_of(std::string_view, const Certificate& certificate) const override {
    return issuer_of(certificate);
  }
  const ApprovedCa* issuer_of(const Certificate& certificate) const override {
    for (const ApprovedCa& ca_entry : approved) {
      if (ca_entry.certificate.subject_key() == certificate.issuer_key()) return &ca_entry;
    }
    return nullptr;
  }
  std::vector<Certificate> ocsp_signer_candidates() const override {
    std::vector<Certificate> all;
    for (const ApprovedCa& ca_entry : approved) {
      all.insert(all.end(), ca_entry.ocsp_responders.begin(), ca_entry.ocsp_responders.end());
      all.push_back(ca_entry.certificate);
    }
    return all;
  }
  OcspPolicy ocsp_policy() const override { return policy; }

  OcspResponder::Options options() const { return {.issuers = {root.certificate, ca.certificate}, .valid = {}}; }
  OcspResponder responder(const Party& signer, OcspResponder::Options how,
                          OcspAnswer answer = {CertificateStatus::good}) const {
    return OcspResponder(
        signer.certificate, signer.key, [answer](const Certificate&, const std::string&) { return answer; },
        std::move(how));
  }
  Bytes good_response(TimePoint at = kNoon) const {
    return responder(ocsp, options()).respond(make_ocsp_request(member.certificate, ca.certificate), at);
  }
  Result<OcspFacts> verify(ByteView response, TimePoint at = kNoon) const {
    return verify_ocsp_response(response, member.certificate, approved[1], *this, at);
  }
};

// Made once: keys take time.
inline const World& world() {
  static const World made;
  return made;
}

}  // namespace causeway::pki
