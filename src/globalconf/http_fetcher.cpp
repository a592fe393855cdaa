// SPDX-License-Identifier: MIT
#include "globalconf/http_fetcher.hpp"

#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "net/http_date.hpp"
#include "net/web_server_check.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::size_t kMostContexts = 64;

}  // namespace

HttpFetcher::HttpFetcher(net::HttpClient& client, HttpFetcherOptions options) : client_(client), options_(options) {}

Result<std::shared_ptr<const net::TlsClientContext>> HttpFetcher::context_for(const net::Url& address) {
  if (!address.tls) return std::shared_ptr<const net::TlsClientContext>();
  const std::string& host = address.endpoint.host;
  if (const auto known = contexts_.find(host); known != contexts_.end()) return known->second;
  net::TlsClientOptions options;
  options.check = net::web_server_check(host, options_.verify_certificate, options_.verify_host_name);
  auto context = net::TlsClientContext::make(std::move(options));
  if (!context) return context;
  if (contexts_.size() >= kMostContexts) contexts_.clear();
  contexts_.emplace(host, *context);
  return context;
}

net::Task<Result<FetchedDocument>> HttpFetcher::get(std::string url, std::size_t limit) {
  auto address = net::Url::parse(url);
  if (!address) co_return std::move(address).error();
  auto tls = context_for(*address);
  if (!tls) co_return std::move(tls).error();
  net::RequestHead head;
  head.method = "GET";
  head.headers.add("Accept", "*/*");
  auto fetching =
      client_.fetch(*std::move(address), std::move(head), Bytes(), limit, *std::move(tls), options_.timeouts);
  auto response = co_await net::with_deadline(options_.whole, url, std::move(fetching));
  if (!response) co_return std::move(response).error();
  const std::string* date = response->head.headers.find("Date");
  co_return FetchedDocument{response->head.status, std::move(response->body),
                            date ? net::read_http_date(*date) : std::nullopt};
}

net::Task<Result<int>> HttpFetcher::get_into(std::string url, std::size_t limit, Sink sink) {
  const std::string what = url;
  co_return co_await net::with_deadline(options_.whole, what, stream(std::move(url), limit, std::move(sink)));
}

net::Task<Result<int>> HttpFetcher::stream(std::string url, std::size_t limit, Sink sink) {
  auto address = net::Url::parse(url);
  if (!address) co_return std::move(address).error();
  auto tls = context_for(*address);
  if (!tls) co_return std::move(tls).error();
  // A new connection: one that was kept may turn out to be closed when it is late to ask again.
  auto call = co_await client_.open(address->endpoint, *std::move(tls), options_.timeouts, false);
  if (!call) co_return std::move(call).error();
  net::RequestHead head;
  head.method = "GET";
  head.target = address->target;
  head.headers.add("Accept", "*/*");
  auto writer = co_await (*call)->request(std::move(head));
  if (!writer) co_return std::move(writer).error();
  if (auto written = co_await (*writer)->finish(); !written) co_return std::move(written).error();
  auto response = co_await (*call)->response();
  if (!response) co_return std::move(response).error();
  if (response->status != 200) co_return response->status;
  std::size_t octets = 0;
  for (;;) {
    const auto piece = co_await (*call)->body().read_some();
    if (!piece) co_return piece.error();
    if (piece->empty()) co_return response->status;
    octets += piece->size();
    if (octets > limit)
      co_return fault(FaultCode::io_error, url + " is longer than " + std::to_string(limit) + " octets");
    if (auto taken = sink(*piece); !taken) co_return std::move(taken).error();
  }
}

}  // namespace causeway::globalconf
