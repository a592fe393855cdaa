// SPDX-License-Identifier: MIT
// Whether the TLS certificate of another Security Server is what the global
// configuration says (messages.md 4.1).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/view.hpp"
#include "net/task.hpp"
#include "pki/certificate.hpp"

namespace causeway::securityserver {

// Fetches what a peer hands out on its OCSP port: one response per certificate, in order.
using OcspFetch =
    std::function<net::Task<Result<std::vector<Bytes>>>(const std::string& host, std::vector<pki::Certificate>)>;

// Remembers who was good, for one view of the global configuration, for at most
// `verdict_period`, and never longer than the certificates and OCSP responses are. Safe to
// share between threads.
class PeerVerifier {
 public:
  explicit PeerVerifier(std::chrono::seconds verdict_period) : verdict_period_(verdict_period) {}

  // In the handshake of an incoming connection: the leaf is an authentication
  // certificate of some registered server.
  static Result<void> check_registered(const std::vector<pki::Certificate>& chain, const globalconf::View& view);

  // An incoming message: `responses` came with it. ssl_authentication_failed; internal_error
  // for an unknown issuer.
  Result<void> verify_consumer_side(const std::vector<pki::Certificate>& chain, std::span<const Bytes> responses,
                                    const ClientId& client, const std::shared_ptr<const globalconf::View>& view,
                                    TimePoint at);

  // An outgoing connection, before anything is sent. Responses are fetched from `host` when
  // those of last time are no longer good, and once in a verdict period in any case: what
  // was revoked meanwhile is seen then, not when the responses of last time expire. While
  // the peer hands none out, those of last time count. ssl_authentication_failed with the
  // reason as tail.
  net::Task<Result<void>> verify_provider_side(const std::vector<pki::Certificate>& chain, const std::string& host,
                                               const ClientId& provider, std::shared_ptr<const globalconf::View> view,
                                               const OcspFetch& fetch);

 private:
  using ViewPtr = std::shared_ptr<const globalconf::View>;
  struct Verdict {
    TimePoint until;
    std::string leaf;  // its hash
  };
  // What a peer handed out about its chain.
  struct HandedOut {
    std::vector<Bytes> responses;
    TimePoint asked;
  };
  struct Lookup {
    bool good;
    std::uint64_t generation;  // of what is remembered; for remember()
  };

  Lookup look_up(const std::string& key, const ViewPtr& view, TimePoint at);
  // Not when anything was forgotten since the lookup: the verdict may be of before.
  void remember(std::string key, Verdict verdict, const Lookup& since);
  // Of last time. `due` when the peer is to be asked again: the caller is then the one who
  // does, while others go on with what there is.
  std::optional<std::vector<Bytes>> handed_out(const std::string& leaf, TimePoint at, bool& due);
  void replace_handed_out(const std::string& leaf, std::vector<Bytes> responses, TimePoint at);
  void forget(const std::string& leaf);

  const std::chrono::seconds verdict_period_;
  std::mutex mutex_;  // of all that follows
  ViewPtr view_;      // that verdicts are about
  std::uint64_t generation_ = 0;
  std::unordered_map<std::string, Verdict> verdicts_;
  std::unordered_map<std::string, HandedOut> handed_out_;  // by hash of the leaf
};

}  // namespace causeway::securityserver
