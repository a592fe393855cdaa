// SPDX-License-Identifier: MIT
// The web server of a configuration proxy: over HTTP always, over HTTPS too when its directory
// has ssl/confproxy.crt and ssl/confproxy.key, the names that X-Road's package has.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.hpp"
#include "configurationproxy/settings.hpp"
#include "net/http_server.hpp"
#include "net/io_threads.hpp"
#include "net/tls.hpp"

namespace causeway::configurationproxy {

class Serving {
 public:
  // Serves on a thread of its own, until it is destroyed: then what is under way is finished.
  // io_error when a port is taken; malformed_configuration when the certificate or its key
  // cannot be used, or one of them is missing.
  static Result<std::unique_ptr<Serving>> start(const ProxySettings& settings);
  ~Serving();

  std::uint16_t port() const { return plain_->port(); }
  std::optional<std::uint16_t> tls_port() const { return secure_ ? std::optional(secure_->port()) : std::nullopt; }

 private:
  Serving() = default;
  net::IoThreads threads_{1};
  std::unique_ptr<net::HttpServer> plain_, secure_;
};

}  // namespace causeway::configurationproxy
