// SPDX-License-Identifier: MIT
#include "globalconf/http_fetcher.hpp"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "domain/fault_code.hpp"
#include "net/coroutines.hpp"
#include "pki/openssl_handles.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::size_t kMostContexts = 64;

using StorePtr = pki::Handle<X509_STORE, &X509_STORE_free>;
using StackPtr = pki::Handle<STACK_OF(X509), &pki::free_x509_stack>;  // the certificates belong to others
using StoreContextPtr = pki::Handle<X509_STORE_CTX, &X509_STORE_CTX_free>;

Fault refused(const std::string& host, std::string_view why) {
  return fault(FaultCode::ssl_authentication_failed, host + ": " + std::string(why));
}

Result<void> check_chain(const std::string& host, const std::vector<pki::Certificate>& shown) {
  const StorePtr store(X509_STORE_new());
  const StoreContextPtr context(X509_STORE_CTX_new());
  const StackPtr others(sk_X509_new_null());
  if (!store || !context || !others || X509_STORE_set_default_paths(store.get()) != 1)
    return refused(host, "the machine's trusted certificates cannot be read");
  for (std::size_t i = 1; i < shown.size(); ++i) sk_X509_push(others.get(), shown[i].handle());
  if (X509_STORE_CTX_init(context.get(), store.get(), shown.front().handle(), others.get()) != 1)
    return refused(host, "the certificate cannot be checked");
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_SERVER);
  if (X509_verify_cert(context.get()) == 1) return {};
  return refused(host, X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
}

Result<void> check_host(const std::string& host, const pki::Certificate& leaf) {
  if (X509_check_ip_asc(leaf.handle(), host.c_str(), 0) == 1) return {};
  if (X509_check_host(leaf.handle(), host.data(), host.size(), X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1)
    return {};
  return refused(host, "the certificate is of another host");
}

}  // namespace

net::PeerCheck web_server_check(std::string host, bool verify_certificate, bool verify_host_name) {
  return [host = std::move(host), verify_certificate,
          verify_host_name](const std::vector<pki::Certificate>& shown) -> Result<void> {
    if (shown.empty()) return refused(host, "the server showed no certificate");
    if (verify_certificate)
      if (auto checked = check_chain(host, shown); !checked) return checked;
    return verify_host_name ? check_host(host, shown.front()) : Result<void>();
  };
}

HttpFetcher::HttpFetcher(net::HttpClient& client, HttpFetcherOptions options) : client_(client), options_(options) {}

Result<std::shared_ptr<const net::TlsClientContext>> HttpFetcher::context_for(const net::Url& address) {
  if (!address.tls) return std::shared_ptr<const net::TlsClientContext>();
  const std::string& host = address.endpoint.host;
  if (const auto known = contexts_.find(host); known != contexts_.end()) return known->second;
  net::TlsClientOptions options;
  options.check = web_server_check(host, options_.verify_certificate, options_.verify_host_name);
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
  co_return FetchedDocument{response->head.status, std::move(response->body)};
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
