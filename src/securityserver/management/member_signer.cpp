// SPDX-License-Identifier: MIT
#include "securityserver/management/member_signer.hpp"

#include <array>

#include "domain/fault_code.hpp"
#include "net/http_message.hpp"

namespace causeway::securityserver {
namespace {

// Why a member cannot sign with it; empty: it can.
std::string unusable(const signer::KeyInfo& key, const signer::CertificateInfo& certificate, const OcspCache& ocsp,
                     TimePoint at) {
  if (!key.available) return "its token is not logged in";
  if (!certificate.active || certificate.status != signer::kStatusRegistered)
    return "the certificate is not active and registered";
  if (!certificate.certificate.valid_at(at)) return "the certificate has expired, or is not valid yet";
  return ocsp.find(certificate.certificate) ? "" : "there is no OCSP response for the certificate yet";
}

pki::SignatureScheme scheme_of(const signer::KeyInfo& key) {
  if (!key.rsa) return pki::SignatureScheme::ecdsa;
  return key.mechanism == "CKM_RSA_PKCS_PSS" ? pki::SignatureScheme::rsa_pss : pki::SignatureScheme::rsa_pkcs1;
}

}  // namespace

Result<KeyOfCertificate> signing_certificate_of(std::span<const signer::TokenInfo> tokens, const ClientId& member,
                                                const OcspCache& ocsp, TimePoint at) {
  std::string reason = "no certificate is for this member";
  for (const signer::TokenInfo& token : tokens)
    for (const signer::KeyInfo& key : token.keys)
      for (const signer::CertificateInfo& certificate : key.certificates) {
        if (key.usage != signer::KeyUsage::signing || !certificate.member || certificate.member->member() != member)
          continue;
        const std::string against = unusable(key, certificate, ocsp, at);
        if (against.empty()) return KeyOfCertificate{key, certificate};
        reason = "key " + key.id + ": " + against;
      }
  return fault(FaultCode::cannot_create_signature, "No usable signing key for " + member.to_string() + ": " + reason);
}

Result<KeyOfCertificate> authentication_certificate(std::span<const signer::TokenInfo> tokens, const std::string& id) {
  for (const signer::TokenInfo& token : tokens)
    for (const signer::KeyInfo& key : token.keys)
      for (const signer::CertificateInfo& certificate : key.certificates) {
        const bool meant = net::equals_ignoring_case(certificate.id, id) ||
                           net::equals_ignoring_case(certificate.certificate.hash_hex(pki::DigestAlgorithm::sha1), id);
        if (meant && key.usage == signer::KeyUsage::authentication) return KeyOfCertificate{key, certificate};
      }
  return fault(FaultCode::cert_not_found, "The signer has no certificate " + id + " for authentication");
}

Result<PartSignature> sign_with(signer::SignerConnection& signer, const signer::KeyInfo& key, const Bytes& octets) {
  const pki::SignatureAlgorithm algorithm{scheme_of(key), pki::DigestAlgorithm::sha512};
  const std::array<Bytes, 1> digests{pki::digest(algorithm.digest, octets)};
  auto signatures = signer.sign(key.id, algorithm, digests);
  if (!signatures) return signatures.error().under(to_string(FaultCode::cannot_create_signature));
  return PartSignature{algorithm, std::move(signatures->front())};
}

}  // namespace causeway::securityserver
