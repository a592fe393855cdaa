// SPDX-License-Identifier: MIT
// Speaks the transport between Security Servers as the consumer's server of an instance
// does, with its keys, and does wrong what it is told to: what a provider's server has to
// find out.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "ecosystem/scenario/kit.hpp"
#include "evidence/signature.hpp"
#include "net/http_client.hpp"
#include "pki/certificate.hpp"
#include "signer/client.hpp"

namespace causeway::ecosystem {

struct Forgery {
  bool change_octet = false;  // of the body, after it was hashed and signed
  bool spare_key = false;     // sign with the key that may be revoked
};

// What the provider's server made of a message.
struct Verdict {
  bool accepted = false;
  std::string code, text;  // of the fault, when it refused
};

class Forger {
 public:
  // With the keys of the consumer's server of `from`.
  static Result<Forger> make(Kit& kit, const PlannedInstance& from);

  // A REST call of the app to the echo of `to`, sent directly to that provider's server.
  Result<Verdict> send(const PlannedInstance& to, const Forgery& forgery);

  // The certificate of the spare key.
  const pki::Certificate& spare_certificate() const { return spare_.certificate; }

 private:
  struct Key {
    std::string id;
    pki::Certificate certificate;
  };
  Forger(Kit& kit, const PlannedInstance& from, std::unique_ptr<signer::SignerClient> signer, Key signing, Key spare,
         Key authentication)
      : kit_(&kit),
        from_(&from),
        signer_(std::move(signer)),
        signing_(std::move(signing)),
        spare_(std::move(spare)),
        authentication_(std::move(authentication)) {}

  // What an exchange needs before it begins.
  struct Means {
    std::shared_ptr<const net::TlsClientContext> tls;
    std::vector<Bytes> tls_ocsp, signing_ocsp;  // one each
  };

  net::Task<Result<Verdict>> exchange(const PlannedInstance& to, Forgery forgery);
  net::Task<Result<Means>> gather(net::HttpClient& client, const Key& key);
  net::Task<Result<Bytes>> ocsp_response(net::HttpClient& client, pki::Certificate certificate);
  net::Task<Result<evidence::SignatureDocument>> sign(const Key& key, std::vector<Bytes> ocsp,
                                                      evidence::MessageParts parts);

  Kit* kit_;
  const PlannedInstance* from_;
  std::unique_ptr<signer::SignerClient> signer_;
  Key signing_, spare_, authentication_;
};

}  // namespace causeway::ecosystem
