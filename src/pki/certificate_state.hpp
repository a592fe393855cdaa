// SPDX-License-Identifier: MIT
// What a Certificate remembers of itself, for the sources of this folder.
#pragma once

#include <array>
#include <mutex>

#include "pki/certificate.hpp"
#include "pki/openssl_handles.hpp"

namespace causeway::pki {

using Sha1Value = std::array<std::uint8_t, 20>;
using Sha256Value = std::array<std::uint8_t, 32>;

struct Certificate::State {
  X509Ptr x509;
  Bytes der;
  PublicKey key{nullptr};
  std::string subject_key, issuer_key, responder_name_key;
  Bytes subject_der, serial;          // serial: contents of its INTEGER
  Sha256Value sha256{};               // of the DER
  Sha1Value name_sha1{}, key_sha1{};  // of the subject, as CertIDs and responder ids use them
  TimePoint not_before, not_after;
  std::optional<std::uint32_t> key_usage;  // KU_ bits
  std::vector<std::string> extended_key_usage;

  // The issuer whose key verified the signature last: most certificates have but one.
  mutable std::mutex mutex;
  mutable std::optional<Sha256Value> verified_issuer;  // guarded by mutex

  static Result<std::shared_ptr<const State>> read(ByteView der);
};

// A certificate that OpenSSL has read already; encoded anew.
Result<Certificate> certificate_of(const X509* x509);

// Clamped to what a TimePoint can hold.
std::optional<TimePoint> time_of(const ASN1_TIME* time);

}  // namespace causeway::pki
