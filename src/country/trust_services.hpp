// SPDX-License-Identifier: MIT
// Whom an instance trusts: CAs with their OCSP responders, time-stamping services, other instances.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pki/certificate.hpp"

namespace causeway::country {

// A certificate is its digest; the admin API tells no more of those that a server has.
struct NamedCertificate {
  std::string sha256;                                // of the DER, upper-case hexadecimal
  std::optional<pki::Certificate> certificate = {};  // where the octets are known
  bool operator==(const NamedCertificate& other) const { return sha256 == other.sha256; }

  static NamedCertificate of(pki::Certificate certificate);
  // Also with colons, or in lower case. Nothing: it is no SHA-256.
  static std::optional<NamedCertificate> of_digest(std::string_view hexadecimal);
};

// `number`, of these and below: what the server calls it; 0 in a file.
struct OcspResponder {
  std::string url;
  std::string cost = "UNDEFINED";  // FREE, PAID, UNDEFINED
  std::optional<NamedCertificate> certificate = {};
  std::int64_t number = 0;
};

struct CertificateAuthority {
  NamedCertificate certificate;
  std::vector<OcspResponder> ocsp_responders = {};
  std::int64_t number = 0;
};

struct CertificationSettings {
  std::string profile;  // class name of a certificate profile
  bool authentication_only = false;
  std::string csr_format = "PEM";  // PEM, DER
  // ACME; empty where there is none.
  std::string acme_directory_url = {}, acme_ip_addresses = {}, acme_authentication_profile = {},
              acme_signing_profile = {};
  bool operator==(const CertificationSettings&) const = default;
};

struct CertificationService {
  CertificateAuthority top;  // its number is that of the service
  CertificationSettings settings;
  std::vector<CertificateAuthority> intermediates = {};
};

struct TimestampingService {
  std::string url;
  std::string cost = "UNDEFINED";
  NamedCertificate certificate;
  std::int64_t number = 0;
};

struct TrustedAnchor {
  std::string hash;      // as people are shown it: SHA-224, "AA:BB:..."
  std::string document;  // may be empty for one that a server has
};

}  // namespace causeway::country
