// SPDX-License-Identifier: MIT
// X.509 certificates. A value is immutable, cheap to copy, safe to share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"

struct x509_st;

namespace causeway::pki {

class Certificate {
 public:
  static Result<Certificate> from_der(ByteView der);
  // The first of a bundle; "TRUSTED CERTIFICATE" blocks too.
  static Result<Certificate> from_pem(std::string_view pem);
  // DER or PEM text: configuration files carry both (trust.md 4.1).
  static Result<Certificate> from_der_or_pem(ByteView bytes);

  const Bytes& der() const;
  std::string to_pem() const;
  PublicKey public_key() const;

  std::string subject_rfc2253() const;
  std::string issuer_rfc2253() const;  // as Java's X500Principal.getName() writes it
  // Canonical encodings for lookups: equal names give equal bytes (case-insensitive).
  const std::string& subject_key() const;
  const std::string& issuer_key() const;
  std::string serial_decimal() const;
  std::string serial_hex() const;  // as openssl writes it: upper case, an even number of digits
  TimePoint not_before() const;
  TimePoint not_after() const;
  bool valid_at(TimePoint time) const { return not_before() <= time && time <= not_after(); }
  // Subject and issuer are the same name, which is all that X-Road asks.
  bool self_signed() const;
  // Name matches and the signature verifies with the issuer's key.
  bool issued_by(const Certificate& issuer) const;

  // CertUtils of X-Road (trust.md 8.2). A certificate without keyUsage is neither.
  bool is_signing() const;         // keyUsage nonRepudiation
  bool is_authentication() const;  // EKU clientAuth, or digitalSignature/keyEncipherment/dataEncipherment
  bool has_extended_key_usage(std::string_view oid) const;

  // The value of the last RDN of this type in the subject, RFC 2253-escaped as
  // Java's reading of it is (trust.md 8.1); by dotted OID.
  std::optional<std::string> subject_attribute(std::string_view oid) const;
  // OCSP responder addresses of the AIA extension.
  std::vector<std::string> ocsp_urls() const;
  // DNS names and IP addresses of the subjectAltName extension.
  std::vector<std::string> alt_names() const;

  std::string hash_hex(DigestAlgorithm algorithm) const;  // of the DER, lower case
  bool operator==(const Certificate& other) const { return der() == other.der(); }

  // For this library and TLS only.
  x509_st* handle() const;
  struct State;
  const State& state() const { return *state_; }

 private:
  explicit Certificate(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace causeway::pki
