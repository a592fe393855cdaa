// SPDX-License-Identifier: MIT
// HTTP/1.1 server over plain TCP or TLS: one coroutine a connection, bodies streamed.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "net/body.hpp"
#include "net/http_message.hpp"
#include "net/io_threads.hpp"
#include "net/tls.hpp"
#include "pki/certificate.hpp"

namespace causeway::net {

// One request and the answer to it. Lives on its connection's thread.
class ServerCall {
 public:
  virtual ~ServerCall() = default;

  virtual const RequestHead& head() const = 0;
  virtual BodyReader& body() = 0;
  // Certificates the peer sent in the TLS handshake, leaf first; empty over plain TCP.
  virtual const std::vector<pki::Certificate>& peer_certificates() const = 0;
  virtual bool is_tls() const = 0;
  virtual std::string peer_address() const = 0;

  // Gives the writer of the body; the head goes out with its first octets (or flush()).
  // Without a Content-Length header the body goes out chunked. Once per call. "Date" is
  // added when missing, "Connection" and "Transfer-Encoding" are ours: of the former only
  // "close" is heeded. The body may be answered before it was read; what is unread is
  // drained before the connection is used again.
  virtual Task<Result<BodyWriter*>> respond(ResponseHead head) = 0;
  // Head and whole body at once, with Content-Length.
  virtual Task<Result<void>> respond(ResponseHead head, ByteView body) = 0;
  // No answer: the connection is cut.
  virtual void abort() = 0;
};

using Handler = std::function<Task<void>(ServerCall&)>;

struct ServerLimits {
  std::size_t max_head_size = 8192;  // request line and headers, octets
  // An equal share per thread. Further ones push out those that have not sent a whole
  // request, or wait in the accept queue when there are none.
  std::size_t max_connections = 5000;
  // A connection that would leave the process with fewer free file handles is closed.
  std::size_t min_free_handles = 0;
  std::chrono::milliseconds idle_time{30000};        // for a stalled read or write, and for a whole head
  std::chrono::milliseconds keep_alive_time{75000};  // until the next request begins
};

struct ListenOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;                       // 0: any free one, see port()
  std::shared_ptr<const TlsServerContext> tls;  // null: plain TCP
  ServerLimits limits;
  // Answer "Connection: close" and close after each response.
  bool close_after_response = false;
};

class HttpServer {
 public:
  // Listens on every thread of `threads` with SO_REUSEPORT. io_error when the address is taken.
  static Result<std::unique_ptr<HttpServer>> start(IoThreads& threads, ListenOptions options, Handler handler);
  virtual ~HttpServer() = default;

  virtual std::uint16_t port() const = 0;
  // New connections get the new certificate; open ones end with their next answer.
  virtual void set_tls(std::shared_ptr<const TlsServerContext> tls) = 0;
  // Stops accepting, lets calls finish for `grace`, then cuts; returns when no call runs.
  // Not from one of the server's own threads; the destructor stops without grace.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace causeway::net
