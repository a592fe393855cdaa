// SPDX-License-Identifier: MIT
// HTTP/1.1 client: streamed bodies, kept connections, plain TCP or TLS.
//
// A client belongs to one thread (its io_context); a process has one per thread. It may
// be destroyed anywhere, before its io_context and when no coroutine uses it any more.
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

namespace boost::asio {
class io_context;
}

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
  // service_malformed_url. A fragment is dropped, user information is refused.
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
  // The endpoint it goes to.
  virtual const Endpoint& endpoint() const = 0;

  // Takes the head; it is sent with the first octets of the body, by finish() or by
  // flush(). "Host" is added when missing, "Transfer-Encoding" and "Connection" are ours
  // (of the latter only "close" is heeded). Chunked unless it has Content-Length; GET,
  // HEAD, DELETE, OPTIONS and TRACE without one have no body, unless the head says
  // "Transfer-Encoding: chunked".
  virtual Task<Result<BodyWriter*>> request(RequestHead head) = 0;
  // After the request body was finished, or beside writing it from another coroutine;
  // also after a write failed, because a server may answer early and close. 1xx
  // responses are passed over.
  virtual Task<Result<ResponseHead>> response() = 0;
  virtual BodyReader& body() = 0;
  // After a failed write or response(): the kept connection had been closed by the
  // server before a single octet of the answer came, so the request was in all
  // likelihood not processed; a caller that still has it may send it on a new connection.
  virtual bool stale() const = 0;
};

// Kept connections are pooled per endpoint and TLS context.
class HttpClient {
 public:
  static std::unique_ptr<HttpClient> make(boost::asio::io_context& context);
  virtual ~HttpClient() = default;

  // A kept connection, or a new one. network_error when none can be made, unknown_host,
  // ssl_authentication_failed (or the fault of the PeerCheck) when the handshake or the
  // check fails, in whatever way. `reuse` false: a new connection, which is closed after
  // the call.
  virtual Task<Result<std::unique_ptr<ClientCall>>> open(Endpoint endpoint, std::shared_ptr<const TlsClientContext> tls,
                                                         ClientTimeouts timeouts, bool reuse = true) = 0;
  // A kept connection to any, else races TCP connections to all; the first to connect
  // wins. A winner whose handshake fails is taken out of `endpoints`, so that the caller
  // can try the others (messages.md section 7).
  virtual Task<Result<std::unique_ptr<ClientCall>>> open_fastest(std::vector<Endpoint>& endpoints,
                                                                 std::shared_ptr<const TlsClientContext> tls,
                                                                 ClientTimeouts timeouts, bool reuse = true) = 0;

  // Closes the connections kept for this endpoint: what it showed then is not good now.
  // The next open() makes a new one.
  virtual void forget(const Endpoint& endpoint, const std::shared_ptr<const TlsClientContext>& tls) = 0;

  // Whole messages, for small things (OCSP, time-stamps, configuration parts). Sent a
  // second time when a kept connection turned out to be closed. io_error when the
  // response body is larger than `max_body`. `head` needs no target.
  struct Response {
    ResponseHead head;
    Bytes body;
  };
  virtual Task<Result<Response>> fetch(Url url, RequestHead head, Bytes body, std::size_t max_body,
                                       std::shared_ptr<const TlsClientContext> tls, ClientTimeouts timeouts) = 0;
};

}  // namespace causeway::net
