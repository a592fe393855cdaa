// SPDX-License-Identifier: MIT
// Fetches configuration over HTTP and HTTPS.
//
// TLS is checked as X-Road does, against the machine's trusted CAs and the host's name; it
// keeps eavesdroppers out, while what a configuration says is trusted for its signature.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "globalconf/fetcher.hpp"
#include "net/http_client.hpp"

namespace causeway::globalconf {

struct HttpFetcherOptions {
  net::ClientTimeouts timeouts{std::chrono::seconds(10), std::chrono::seconds(30)};
  std::chrono::milliseconds whole{std::chrono::minutes(10)};  // for one document
  bool verify_certificate = true;                             // configuration-client.global-conf-tls-cert-verification
  bool verify_host_name = true;                               // configuration-client.global-conf-hostname-verification
};

class HttpFetcher final : public Fetcher {
 public:
  // `client` outlives the fetcher; it is used on the client's thread.
  explicit HttpFetcher(net::HttpClient& client, HttpFetcherOptions options = {});
  net::Task<Result<FetchedDocument>> get(std::string url, std::size_t limit) override;
  net::Task<Result<int>> get_into(std::string url, std::size_t limit, Sink sink) override;

 private:
  // None for an address without TLS.
  Result<std::shared_ptr<const net::TlsClientContext>> context_for(const net::Url& address);
  net::Task<Result<int>> stream(std::string url, std::size_t limit, Sink sink);

  net::HttpClient& client_;
  HttpFetcherOptions options_;
  std::map<std::string, std::shared_ptr<const net::TlsClientContext>> contexts_;  // by host
};

}  // namespace causeway::globalconf
