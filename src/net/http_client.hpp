// SPDX-License-Identifier: MIT
// HTTP/1.1 client: streamed bodies, kept connections, plain TCP or TLS.
//
// A client belongs to one thread (its io_context); a process has one per thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/body.hpp"
#include "net/http_message.hpp"
#include "net/tls.hpp"
#include "pki/certificate.hpp"

namespace causeway::net {

struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;
};

// http or https address of the form scheme://host[:port][/path][?query].
struct Url {
  bool tls = false;
  Endpoint endpoint;
  std::string target;  // "/path?query", at least "/"
  static Result<Url> parse(std::string_view text);
};

struct ClientTimeouts {
  std::chrono::milliseconds connect{30000};  // TCP and TLS handshake
  std::chrono::milliseconds idle{0};         // for a stalled read or write; 0: none
};

// One request on its connection. Destroying it before the response body was read to
// its end closes the connection; otherwise it goes back to the pool.
class ClientCall {
 public:
  virtual ~ClientCall() = default;
  // Certificates the server showed, leaf first.
  virtual const std::vector<pki::Certificate>& peer_certificates() const = 0;
  // True when the connection served an earlier request.
  virtual bool reused() const = 0;
  // For a new check of the peer on a kept connection: the endpoint it goes to.
  virtual const Endpoint& endpoint() const = 0;

  // Sends the head. Chunked unless it has Content-Length; "Host" is added when missing.
  virtual Task<Result<BodyWriter*>> request(RequestHead head) = 0;
  // After the request body was finished. 1xx responses are passed over.
  virtual Task<Result<ResponseHead>> response() = 0;
  virtual BodyReader& body() = 0;
};

// Who a kept connection may be shared with: connections are pooled per endpoint,
// TLS context and this key.
class HttpClient {
 public:
  static std::unique_ptr<HttpClient> make(boost::asio::io_context& context);
  virtual ~HttpClient() = default;

  // A kept connection, or a new one. network_error when none can be made, unknown_host,
  // ssl_authentication_failed when the handshake or the check fails.
  virtual Task<Result<std::unique_ptr<ClientCall>>> open(Endpoint endpoint, std::shared_ptr<const TlsClientContext> tls,
                                                         ClientTimeouts timeouts, bool reuse = true) = 0;
  // Races TCP connections to all; the first to connect wins and is handed over with
  // its index (messages.md section 7).
  virtual Task<Result<std::unique_ptr<ClientCall>>> open_fastest(std::vector<Endpoint> endpoints,
                                                                 std::shared_ptr<const TlsClientContext> tls,
                                                                 ClientTimeouts timeouts, bool reuse = true) = 0;

  // Whole messages, for small things (OCSP, time-stamps, configuration parts).
  struct Response {
    ResponseHead head;
    Bytes body;
  };
  virtual Task<Result<Response>> fetch(Url url, RequestHead head, Bytes body, std::size_t max_body,
                                       std::shared_ptr<const TlsClientContext> tls, ClientTimeouts timeouts) = 0;
};

}  // namespace causeway::net
