// SPDX-License-Identifier: MIT
// A small certification authority for the tests of this folder.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "evidence/signature.hpp"
#include "pki/key.hpp"

namespace causeway::evidence {

using NameParts = std::vector<std::pair<std::string, std::string>>;  // {"CN", "..."} in order

struct CertificateOptions {
  std::string key_usage = "critical,nonRepudiation";  // empty: no such extension
  std::string extended_key_usage = {};
  std::string basic_constraints = "CA:FALSE";
  TimePoint not_before = from_unix_millis(1'700'000'000'000);
  TimePoint not_after = from_unix_millis(2'500'000'000'000);
};

struct TestCa {
  pki::PrivateKey key;
  pki::Certificate certificate;

  static TestCa make(const NameParts& name);
  TestCa intermediate(const NameParts& name) const;
  pki::Certificate issue(const NameParts& subject, const pki::PublicKey& key,
                         const CertificateOptions& options = {}) const;

  enum class Status { good, revoked, unknown };
  // Signed by the authority itself; no nextUpdate when zero.
  Bytes ocsp(const pki::Certificate& subject, TimePoint this_update, Status status = Status::good,
             std::chrono::seconds next_update_after = std::chrono::seconds{0}) const;
};

class TestTrust : public pki::Trust {
 public:
  void add(const std::string& instance, pki::ApprovedCa ca) { cas_.emplace(instance, std::move(ca)); }
  pki::OcspPolicy policy;

  const pki::ApprovedCa* issuer_of(std::string_view instance, const pki::Certificate& certificate) const override;
  const pki::ApprovedCa* issuer_of(const pki::Certificate& certificate) const override;
  std::vector<pki::Certificate> ocsp_signer_candidates() const override;
  pki::OcspPolicy ocsp_policy() const override { return policy; }

 private:
  std::multimap<std::string, pki::ApprovedCa, std::less<>> cas_;
};

// Everything one member needs to sign, and others to verify it: XX/COM/1234 under the
// Ejbca profile.
struct TestMember {
  TestCa ca;
  pki::PrivateKey key;
  SigningIdentity identity;
  ClientId id;

  enum class KeyKind { rsa_2048, rsa_3072, rsa_pss, p256, p384 };
  static TestMember make(KeyKind kind = KeyKind::p256, TimePoint ocsp_time = kNow);

  // The same member with another key and certificate.
  TestMember with_key(KeyKind kind) const;

  std::vector<SignatureDocument> sign(const std::vector<MessageParts>& messages, TimePoint at = kNow) const;
  TestTrust trust() const;

  static const TimePoint kNow;
};

MessageParts parts_of(const std::vector<std::string>& contents);

}  // namespace causeway::evidence
