// SPDX-License-Identifier: MIT
#include "securityserver/transport/peer_verifier.hpp"

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "pki/chain.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxVerdicts = 10000;
// A message waits so long for newer responses while those of last time are good.
constexpr std::chrono::milliseconds kRenewalTime{1000};
constexpr std::string_view kFailed = "ssl_authentication_failed";

// Purpose, path, OCSP, registration: what both sides check of the other. Until when it
// stays so.
Result<TimePoint> check(const std::vector<pki::Certificate>& chain, const pki::ApprovedCa* anchor,
                        std::span<const Bytes> responses, const ClientId& client, const globalconf::View& view,
                        TimePoint at) {
  const pki::Certificate& leaf = chain.front();
  if (!leaf.is_authentication())
    return fault(FaultCode::ssl_authentication_failed,
                 "the peer's certificate is not meant for authentication: " + leaf.subject_rfc2253());
  auto path = pki::build_path(leaf, std::span(chain).subspan(1), anchor, at);
  if (!path) return path.error();
  if (auto good = pki::verify_path_ocsp(*path, client.instance(), responses, view, at); !good)
    return good.error().under(to_string(FaultCode::invalid_cert_path));
  const auto* server = view.server_by_auth_certificate(leaf);
  if (!server || !view.serves(*server, client))
    return fault(FaultCode::ssl_authentication_failed,
                 client.to_string() + " is not a client of the security server that this certificate belongs to: " +
                     leaf.subject_rfc2253());
  return pki::path_good_until(*path, responses, view.ocsp_policy());
}

std::string verdict_key(const std::vector<pki::Certificate>& chain, std::span<const Bytes> responses,
                        const ClientId& client) {
  // The counts say which digests are of certificates and where the name begins.
  const std::string counts = std::to_string(chain.size()) + "," + std::to_string(responses.size()) + ":";
  const std::string name = client.to_string();
  constexpr std::size_t kHex = 64;
  std::array<std::uint8_t, 32> digest;
  std::string key;
  key.reserve(counts.size() + chain.size() * kHex + responses.size() * digest.size() + name.size());
  key += counts;
  // A certificate knows its own.
  for (const auto& certificate : chain) key += certificate.hash_hex(pki::DigestAlgorithm::sha256);
  for (const auto& response : responses) {
    pki::digest_into(pki::DigestAlgorithm::sha256, response, digest.data());
    key += as_text(digest);
  }
  key += name;
  return key;
}

}  // namespace

Result<void> PeerVerifier::check_registered(const std::vector<pki::Certificate>& chain, const globalconf::View& view) {
  if (chain.empty() || !view.server_by_auth_certificate(chain.front()))
    return fault(FaultCode::ssl_authentication_failed,
                 "the certificate belongs to no registered security server" +
                     (chain.empty() ? std::string() : ": " + chain.front().subject_rfc2253()));
  return {};
}

PeerVerifier::Lookup PeerVerifier::look_up(const std::string& key, const ViewPtr& view, TimePoint at) {
  const std::lock_guard lock(mutex_);
  if (view_ != view || verdicts_.size() > kMaxVerdicts) {
    view_ = view;
    verdicts_.clear();
    ++generation_;
  }
  const auto found = verdicts_.find(key);
  return {found != verdicts_.end() && at < found->second.until, generation_};
}

void PeerVerifier::remember(std::string key, Verdict verdict, const Lookup& since) {
  const std::lock_guard lock(mutex_);
  if (since.generation == generation_) verdicts_.insert_or_assign(std::move(key), std::move(verdict));
}

std::optional<std::vector<Bytes>> PeerVerifier::handed_out(const std::string& leaf, TimePoint at, bool& due) {
  const std::lock_guard lock(mutex_);
  const auto found = handed_out_.find(leaf);
  due = found == handed_out_.end() || at - found->second.asked >= verdict_period_;
  if (found == handed_out_.end()) return std::nullopt;
  if (due) found->second.asked = at;
  return found->second.responses;
}

void PeerVerifier::replace_handed_out(const std::string& leaf, std::vector<Bytes> responses, TimePoint at) {
  const std::lock_guard lock(mutex_);
  if (handed_out_.size() > kMaxVerdicts) handed_out_.clear();
  handed_out_.insert_or_assign(leaf, HandedOut{std::move(responses), at});
}

void PeerVerifier::forget(const std::string& leaf) {
  const std::lock_guard lock(mutex_);
  handed_out_.erase(leaf);
  std::erase_if(verdicts_, [&leaf](const auto& entry) { return entry.second.leaf == leaf; });
  ++generation_;
}

Result<void> PeerVerifier::verify_consumer_side(const std::vector<pki::Certificate>& chain,
                                                std::span<const Bytes> responses, const ClientId& client,
                                                const std::shared_ptr<const globalconf::View>& view, TimePoint at) {
  if (chain.empty()) return fault(FaultCode::ssl_authentication_failed, "the peer showed no certificate");
  std::string key = verdict_key(chain, responses, client);
  const Lookup before = look_up(key, view, at);
  if (before.good) return {};
  // The anchor is looked up from the last certificate shown (messages.md section 11, 13).
  const pki::ApprovedCa* anchor = view->issuer_of(client.instance(), chain.back());
  if (!anchor)
    return fault(
        FaultCode::internal_error,
        "the peer's certificate was not issued by an approved certification service: " + chain.back().issuer_rfc2253());
  auto good_until = check(chain, anchor, responses, client, *view, at);
  if (!good_until) return fault(FaultCode::ssl_authentication_failed, good_until.error().text);
  remember(std::move(key), {std::min(at + verdict_period_, *good_until), {}}, before);
  return {};
}

net::Task<Result<void>> PeerVerifier::verify_provider_side(const std::vector<pki::Certificate>& chain,
                                                           const std::string& host, const ClientId& provider,
                                                           std::shared_ptr<const globalconf::View> view,
                                                           const OcspFetch& fetch) {
  if (chain.empty()) co_return fault(FaultCode::ssl_authentication_failed, "the peer showed no certificate");
  std::string key = verdict_key(chain, {}, provider);
  const TimePoint at = now();
  const Lookup before = look_up(key, view, at);
  if (before.good) co_return Result<void>();
  const pki::ApprovedCa* anchor = view->issuer_of(provider.instance(), chain.front());
  if (!anchor)
    co_return fault(
        FaultCode::internal_error,
        "the peer's certificate was not issued by an approved certification service: " + chain.front().issuer_rfc2253())
        .under(to_string(FaultCode::cannot_create_cert_path))
        .under(kFailed);
  const std::string leaf = chain.front().hash_hex(pki::DigestAlgorithm::sha256);
  bool due = false;
  auto responses = handed_out(leaf, at, due);
  Result<TimePoint> good_until = responses ? check(chain, anchor, *responses, provider, *view, at)
                                           : fault(FaultCode::cert_validation, "no OCSP response");
  if (due || !good_until) {
    auto fetched = good_until
                       ? co_await net::with_deadline(kRenewalTime, "OCSP responses of " + host, fetch(host, chain))
                       : co_await fetch(host, chain);
    if (fetched) {
      good_until = check(chain, anchor, *fetched, provider, *view, now());
      if (!good_until) {
        forget(leaf);
        co_return good_until.error().under(kFailed);
      }
      replace_handed_out(leaf, *std::move(fetched), at);
    } else if (!good_until || now() >= *good_until) {
      co_return fault(FaultCode::internal_error, "OCSP responses of " + host + ": " + fetched.error().text)
          .under(kFailed);
    } else {
      log::warn("OCSP responses of {}: {}; those of last time count", host, fetched.error().text);
    }
  }
  remember(std::move(key), {std::min(at + verdict_period_, *good_until), leaf}, before);
  co_return Result<void>();
}

}  // namespace causeway::securityserver
