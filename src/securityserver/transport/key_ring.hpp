// SPDX-License-Identifier: MIT
// The keys this server may use now: for each member a signing key whose certificate is
// registered, valid and OCSP-good, and the TLS authentication key (evidence.md 7).
//
// Judged when something changes, not per message: a message only looks up.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/snapshot.hpp"
#include "domain/identifiers.hpp"
#include "evidence/signature.hpp"
#include "globalconf/view.hpp"
#include "net/tls.hpp"
#include "securityserver/transport/ocsp_cache.hpp"
#include "signer/client.hpp"

namespace causeway::securityserver {

struct SigningKey {
  std::string key_id;
  bool batch_signing = true;
  pki::SignatureAlgorithm algorithm;
  evidence::SignatureTemplate document;  // what all its signatures share
  TimePoint usable_until;
};

struct AuthenticationKey {
  net::TlsIdentity tls;               // leaf and intermediates, without the root
  std::vector<Bytes> ocsp_responses;  // one per certificate of the chain
  TimePoint usable_until;
};

class KeyRing {
 public:
  KeyRing(signer::SignerClient& signer, const OcspCache& ocsp) : signer_(signer), ocsp_(ocsp) {}

  // Asks the signer and judges every key anew. Keeps what it had when the signer is away.
  net::Task<void> refresh(std::shared_ptr<const globalconf::View> view, const ServerId& own);

  // For people: who can sign and until when, who cannot and why, and the same of the
  // authentication key.
  std::string summary() const;

  // cannot_create_signature, with the reason why there is none.
  Result<std::shared_ptr<const SigningKey>> signing_key(const ClientId& client, TimePoint at) const;
  // ssl_authentication_failed, with the reason.
  Result<std::shared_ptr<const AuthenticationKey>> authentication_key(TimePoint at) const;

 private:
  struct Keys {
    std::unordered_map<ClientId, std::shared_ptr<const SigningKey>> signing;  // by member
    std::unordered_map<ClientId, std::string> reasons;                        // why a member has none
    std::shared_ptr<const AuthenticationKey> authentication;
    std::string authentication_reason = "no authentication key is registered for this server";
  };
  struct Judged {
    std::vector<pki::Certificate> chain;  // leaf first
    std::vector<Bytes> ocsp_responses;
    TimePoint usable_until;
  };

  Result<Judged> judge(const pki::Certificate& certificate, const std::string& instance, const globalconf::View& view,
                       TimePoint at) const;
  void add_signing_key(Keys& keys, const signer::TokenInfo& token, const signer::KeyInfo& key,
                       const globalconf::View& view, TimePoint at) const;
  net::Task<void> add_authentication_key(Keys& keys, const signer::KeyInfo& key, const globalconf::View& view,
                                         const ServerId& own, TimePoint at);

  signer::SignerClient& signer_;
  const OcspCache& ocsp_;
  Snapshot<Keys> keys_;
};

}  // namespace causeway::securityserver
