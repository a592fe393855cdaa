// SPDX-License-Identifier: MIT
// Makes certificates: for development trust services, servers' own TLS, configuration
// signing and software tokens.
#pragma once

#include <string>
#include <vector>

#include "pki/certificate.hpp"
#include "pki/csr.hpp"
#include "pki/distinguished_name.hpp"

namespace causeway::pki {

enum class CertificateKind {
  root_ca,
  intermediate_ca,
  sign,            // keyUsage nonRepudiation
  authentication,  // digitalSignature, keyEncipherment, dataEncipherment; clientAuth, serverAuth
  ocsp_signer,     // OCSPSigning, and no revocation check of its own
  time_stamping,   // critical EKU timeStamping alone (RFC 3161 2.3)
  tls,             // digitalSignature, keyEncipherment; clientAuth, serverAuth
  plain            // no extensions but a subject alternative name, where one is given
};

struct CertificateSpec {
  CertificateKind kind = CertificateKind::plain;
  DistinguishedName subject;
  TimePoint not_before, not_after;
  Bytes serial = {};                        // a positive number, most significant octet first; empty: 16 random octets
  std::vector<std::string> alt_names = {};  // DNS names and IP addresses
  std::string ocsp_url = {};                // for the AIA extension; empty: none
  DigestAlgorithm digest = DigestAlgorithm::sha256;
};

// bad_request for a specification that makes no certificate.
Result<Certificate> issue_certificate(const CertificateSpec& spec, const PublicKey& key, const Certificate& issuer,
                                      const PrivateKey& issuer_key);
Result<Certificate> self_sign_certificate(const CertificateSpec& spec, const PrivateKey& key);
// By a key that lives elsewhere. What `sign` says when it cannot.
Result<Certificate> self_sign_certificate(const CertificateSpec& spec, const PublicKey& key, SignatureScheme scheme,
                                          const DigestSigner& sign);

}  // namespace causeway::pki
