// SPDX-License-Identifier: MIT
#include "securityserver/transport/peer_verifier.hpp"

#include "domain/fault_code.hpp"
#include "pki/chain.hpp"
#include "pki/ocsp.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxVerdicts = 10000;

// Purpose, path, OCSP, registration: what both sides check of the other.
Result<void> check(const std::vector<pki::Certificate>& chain, const pki::ApprovedCa* anchor,
                   std::span<const Bytes> responses, const ClientId& client, const globalconf::View& view,
                   TimePoint at) {
  const pki::Certificate& leaf = chain.front();
  if (!leaf.is_authentication())
    return fault(FaultCode::ssl_authentication_failed,
                 "the peer's certificate is not meant for authentication: " + leaf.subject_rfc2253());
  auto path = pki::build_path(leaf, std::span(chain).subspan(1), anchor, at);
  if (!path) return path.error();
  if (auto good = pki::verify_path_ocsp(*path, responses, view, at); !good)
    return good.error().under(to_string(FaultCode::invalid_cert_path));
  const auto* server = view.server_by_auth_certificate(leaf);
  if (!server || !view.serves(*server, client))
    return fault(FaultCode::ssl_authentication_failed,
                 client.to_string() + " is not a client of the security server that this certificate belongs to: " +
                     leaf.subject_rfc2253());
  return {};
}

std::string verdict_key(const std::vector<pki::Certificate>& chain, std::span<const Bytes> responses,
                        const ClientId& client) {
  pki::Hasher hasher(pki::DigestAlgorithm::sha256);
  for (const auto& certificate : chain) hasher.update(certificate.der());
  for (const auto& response : responses) hasher.update(response);
  return to_text(hasher.finish()) + client.to_string();
}

}  // namespace

Result<void> PeerVerifier::check_registered(const std::vector<pki::Certificate>& chain, const globalconf::View& view) {
  if (chain.empty() || !view.server_by_auth_certificate(chain.front()))
    return fault(FaultCode::ssl_authentication_failed,
                 "the certificate belongs to no registered security server" +
                     (chain.empty() ? std::string() : ": " + chain.front().subject_rfc2253()));
  return {};
}

bool PeerVerifier::remembered(const std::string& key, const std::shared_ptr<const globalconf::View>& view,
                              TimePoint at) {
  const std::lock_guard lock(mutex_);
  if (view_ != view || good_until_.size() > kMaxVerdicts) {
    view_ = view;
    good_until_.clear();
  }
  const auto found = good_until_.find(key);
  return found != good_until_.end() && at < found->second;
}

void PeerVerifier::remember(std::string key, TimePoint until) {
  const std::lock_guard lock(mutex_);
  good_until_[std::move(key)] = until;
}

Result<void> PeerVerifier::verify_consumer_side(const std::vector<pki::Certificate>& chain,
                                                std::span<const Bytes> responses, const ClientId& client,
                                                const std::shared_ptr<const globalconf::View>& view, TimePoint at) {
  if (chain.empty()) return fault(FaultCode::ssl_authentication_failed, "the peer showed no certificate");
  std::string key = verdict_key(chain, responses, client);
  if (remembered(key, view, at)) return {};
  // The anchor is looked up from the last certificate shown (messages.md section 11, 13).
  const pki::ApprovedCa* anchor = view->issuer_of(client.instance(), chain.back());
  if (!anchor)
    return fault(
        FaultCode::internal_error,
        "the peer's certificate was not issued by an approved certification service: " + chain.back().issuer_rfc2253());
  if (auto good = check(chain, anchor, responses, client, *view, at); !good)
    return fault(FaultCode::ssl_authentication_failed, good.error().text);
  remember(std::move(key), at + verdict_period_);
  return {};
}

net::Task<Result<void>> PeerVerifier::verify_provider_side(const std::vector<pki::Certificate>& chain,
                                                           const std::string& host, const ClientId& provider,
                                                           std::shared_ptr<const globalconf::View> view,
                                                           const OcspFetch& fetch) {
  constexpr std::string_view kFailed = "ssl_authentication_failed";
  if (chain.empty()) co_return fault(FaultCode::ssl_authentication_failed, "the peer showed no certificate");
  std::string key = verdict_key(chain, {}, provider);
  if (remembered(key, view, now())) co_return Result<void>();
  const pki::ApprovedCa* anchor = view->issuer_of(provider.instance(), chain.front());
  if (!anchor)
    co_return fault(
        FaultCode::internal_error,
        "the peer's certificate was not issued by an approved certification service: " + chain.front().issuer_rfc2253())
        .under(to_string(FaultCode::cannot_create_cert_path))
        .under(kFailed);
  const std::string leaf = chain.front().hash_hex(pki::DigestAlgorithm::sha256);
  std::vector<Bytes> responses;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = fetched_.find(leaf); found != fetched_.end()) responses = found->second;
  }
  auto good = responses.empty() ? Result<void>(fault(FaultCode::cert_validation, "no OCSP response"))
                                : check(chain, anchor, responses, provider, *view, now());
  if (!good) {
    auto fetched = co_await fetch(host, chain);
    if (!fetched)
      co_return fault(FaultCode::internal_error, "OCSP responses of " + host + ": " + fetched.error().text)
          .under(kFailed);
    responses = *std::move(fetched);
    good = check(chain, anchor, responses, provider, *view, now());
    if (!good) co_return good.error().under(kFailed);
    const std::lock_guard lock(mutex_);
    if (fetched_.size() > kMaxVerdicts) fetched_.clear();
    fetched_[leaf] = std::move(responses);
  }
  remember(std::move(key), now() + verdict_period_);
  co_return Result<void>();
}

}  // namespace causeway::securityserver
