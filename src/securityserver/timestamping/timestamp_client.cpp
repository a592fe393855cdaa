// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamp_client.hpp"

#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/timestamp_authorities.hpp"
#include "net/coroutines.hpp"
#include "pki/timestamp.hpp"

namespace causeway::securityserver {
namespace {

// A token with its authority's whole chain is some 10 KB.
constexpr std::size_t kMaxResponse = 256UL << 10;

Fault mlog(std::string_view code, std::string text) { return Fault{"mlog." + std::string(code), std::move(text)}; }

// What the answer holds, if everything about it is right.
Result<GrantedTimestamp> verified(const Bytes& response, pki::DigestAlgorithm algorithm, const Bytes& digest,
                                  const globalconf::View& view) {
  auto token = pki::token_of_response(response, algorithm, digest);
  if (!token) return token.error();
  const auto approved = globalconf::timestamp_authorities(view);
  auto facts = pki::verify_timestamp(*token, approved);
  if (!facts) return facts.error();
  auto authority = pki::timestamp_signer(*token, approved);
  if (!authority) return authority.error();
  auto complete = pki::with_certificate(*token, *authority);
  if (!complete) return complete.error();
  return GrantedTimestamp{.token = *std::move(complete), .time = facts->time, .service = {}};
}

}  // namespace

std::vector<std::string> TimestampClient::preferred(const std::vector<std::string>& urls,
                                                    const globalconf::View& view) const {
  std::vector<globalconf::PricedUrl> priced;
  for (const std::string& url : urls) priced.push_back({url, globalconf::cost_of_timestamping(view, url)});
  return globalconf::ordered_by_cost(std::move(priced), settings_.preference);
}

net::Task<Result<GrantedTimestamp>> TimestampClient::stamp(Bytes digest, std::shared_ptr<const globalconf::View> view,
                                                           std::vector<std::string> urls) {
  if (auto valid = view->check_valid(now()); !valid) co_return valid.error();
  const auto services = breaker_.ordered(preferred(urls, *view), now());
  if (services.empty())
    co_return mlog("no_timestamping_provider_found",
                   urls.empty() ? "no time-stamping service is configured; add one to timestamping_urls in server.yaml"
                                : "message-log.timestamping-prioritization-strategy leaves no time-stamping service");
  std::string reasons;
  for (const std::string& url : services) {
    auto granted = co_await ask(url, digest, *view);
    if (granted) {
      breaker_.succeeded(url, now());
      granted->service = url;
      co_return granted;
    }
    log::warn("time-stamping service {}: {}", url, granted.error().text);
    reasons += (reasons.empty() ? "" : "; ") + url + ": " + granted.error().text;
    breaker_.failed(url, std::move(granted).error(), now());
  }
  co_return fault(FaultCode::timestamping_failed, "no time-stamping service gave a time-stamp: " + reasons);
}

net::Task<Result<GrantedTimestamp>> TimestampClient::ask(const std::string& url, const Bytes& digest,
                                                         const globalconf::View& view) {
  auto response = co_await post(url, digest);
  if (!response) co_return response.error();
  co_return verified(*response, settings_.algorithm, digest, view);
}

net::Task<Result<Bytes>> TimestampClient::post(const std::string& url, const Bytes& digest) {
  auto address = net::Url::parse(url);
  if (!address) co_return mlog("malformed_timestamp_server_url", address.error().text);
  std::shared_ptr<const net::TlsClientContext> tls;
  if (address->tls) {
    // The answer is signed; the connection adds no trust.
    auto context = net::TlsClientContext::make({});
    if (!context) co_return context.error();
    tls = *std::move(context);
  }
  net::RequestHead head;
  head.method = "POST";
  head.headers.add("Content-Type", "application/timestamp-query");
  Bytes request = pki::make_timestamp_request(settings_.algorithm, digest);
  const net::ClientTimeouts timeouts{.connect = settings_.connect_timeout, .idle = settings_.read_timeout};
  const auto begin = std::chrono::steady_clock::now();
  // As a whole too: who sends an octet from time to time would hold up the round forever.
  auto response = co_await net::with_deadline(
      settings_.connect_timeout + settings_.read_timeout, "the time-stamp",
      http_().fetch(*std::move(address), std::move(head), std::move(request), kMaxResponse, tls, timeouts));
  if (!response) {
    const bool late = std::chrono::steady_clock::now() - begin >= settings_.read_timeout;
    co_return mlog(late ? "timestamp_request_timed_out" : "timestamp_provider_connection_failed",
                   response.error().text);
  }
  if (response->head.status != 200)
    co_return mlog("timestamping_non_ok_response", "HTTP status " + std::to_string(response->head.status));
  co_return std::move(response->body);
}

}  // namespace causeway::securityserver
