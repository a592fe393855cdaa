// SPDX-License-Identifier: MIT
// The web server of those who publish configuration: over HTTP always, over HTTPS too when there
// is a certificate. Configuration is trusted for its signature, whichever way it came.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "globalconf/configuration_server.hpp"
#include "net/http_server.hpp"
#include "net/io_threads.hpp"
#include "net/tls.hpp"

namespace causeway::globalconf {

struct ServingOptions {
  std::string address = "0.0.0.0";
  std::uint16_t port = 80, tls_port = 443;
  std::optional<net::TlsIdentity> identity = {};  // none: HTTP only
  std::filesystem::path docroot = {};
  FileForRequest file_for = {};
  net::ServerLimits limits = {};  // of each of the two
};

class Serving {
 public:
  // Serves on a thread of its own, until it is destroyed: then what is under way is finished.
  // io_error when a port is taken; internal_error when the key does not fit the certificate.
  static Result<std::unique_ptr<Serving>> start(ServingOptions options);
  ~Serving();

  std::uint16_t port() const { return plain_->port(); }
  std::optional<std::uint16_t> tls_port() const { return secure_ ? std::optional(secure_->port()) : std::nullopt; }

 private:
  Serving() = default;
  net::IoThreads threads_{1};
  std::unique_ptr<net::HttpServer> plain_, secure_;
};

}  // namespace causeway::globalconf
