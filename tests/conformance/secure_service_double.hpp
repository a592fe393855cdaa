// SPDX-License-Identifier: MIT
// A service behind HTTPS that asks for a certificate and notes which one it was shown.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "net/http_server.hpp"
#include "net/io_threads.hpp"
#include "pki/certificate.hpp"

namespace causeway::conformance {

struct SecureServiceRequest {
  std::string method, target, body;
  std::vector<pki::Certificate> shown;  // by the Security Server, leaf first
};

// Answers SOAP as an honest service, anything else with a small JSON document.
class SecureServiceDouble {
 public:
  // `check` of the certificate it is shown; empty: any will do, but one must be shown.
  SecureServiceDouble(net::IoThreads& threads, net::TlsIdentity identity, net::PeerCheck check = {});
  ~SecureServiceDouble();

  std::string url() const;
  // What came since the last call.
  std::vector<SecureServiceRequest> take_requests();

 private:
  net::Task<void> serve(net::ServerCall& call);

  std::mutex mutex_;
  std::vector<SecureServiceRequest> requests_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace causeway::conformance
