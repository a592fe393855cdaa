// SPDX-License-Identifier: MIT
// Whether the TLS certificate of another Security Server is what the global
// configuration says (messages.md 4.1).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
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

  // An outgoing connection, before anything is sent; responses are fetched from `host`
  // when none is remembered. ssl_authentication_failed with the reason as tail.
  net::Task<Result<void>> verify_provider_side(const std::vector<pki::Certificate>& chain, const std::string& host,
                                               const ClientId& provider, std::shared_ptr<const globalconf::View> view,
                                               const OcspFetch& fetch);

 private:
  bool remembered(const std::string& key, const std::shared_ptr<const globalconf::View>& view, TimePoint at);
  void remember(std::string key, TimePoint until);

  std::chrono::seconds verdict_period_;
  std::mutex mutex_;
  // Verdicts hold for one view of the global configuration.
  std::shared_ptr<const globalconf::View> view_;
  std::unordered_map<std::string, TimePoint> good_until_;
  std::unordered_map<std::string, std::vector<Bytes>> fetched_;  // by leaf hash
};

}  // namespace causeway::securityserver
