// SPDX-License-Identifier: MIT
// HTTP calls from the Security Server to services of information systems (messages.md 3).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "net/http_client.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::securityserver {

class ServiceCaller {
 public:
  // The HTTP client of the thread that asks; `internal` is the server's internal TLS
  // identity, shown to services that ask for one.
  ServiceCaller(std::function<net::HttpClient&()> client, std::shared_ptr<const net::TlsIdentity> internal,
                net::TlsSuites suites, std::chrono::milliseconds connect_timeout)
      : client_(std::move(client)),
        internal_(std::move(internal)),
        suites_(std::move(suites)),
        connect_timeout_(connect_timeout) {}

  // A connection to `url`. service_missing_url, service_malformed_url, network_error,
  // unknown_host; ssl_authentication_failed when the service shows a certificate that is
  // not registered, io_error when TLS fails in another way.
  net::Task<Result<std::unique_ptr<net::ClientCall>>> open(const Client& owner, const Service& service,
                                                           const std::string& url);
  // A whole document (WSDL, OpenAPI) from the service's information system.
  net::Task<Result<net::HttpClient::Response>> fetch(const Client& owner, const Service& service,
                                                     const std::string& url);

  // A fault of a connection to a service under its X-Road name.
  static Fault of_connection(const Fault& failed);
  // The same of one that failed while the request was sent: with TLS 1.3 a service may
  // refuse our certificate only then, and says so where an answer would stand.
  static net::Task<Fault> of_sending(net::ClientCall& call, Fault failed);

 private:
  Result<std::shared_ptr<const net::TlsClientContext>> tls_for(const Client& owner, const Service& service);

  std::function<net::HttpClient&()> client_;
  std::shared_ptr<const net::TlsIdentity> internal_;
  net::TlsSuites suites_;
  std::chrono::milliseconds connect_timeout_;

  // One context per set of accepted certificates: connections are pooled by it.
  struct Known {
    std::vector<pki::Certificate> accepted;
    std::shared_ptr<const net::TlsClientContext> tls;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, Known> contexts_;  // by owner and whether it verifies
};

}  // namespace causeway::securityserver
