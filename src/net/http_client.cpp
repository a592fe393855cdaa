// SPDX-License-Identifier: MIT
#include "net/http_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include "domain/fault_code.hpp"
#include "net/client_call.hpp"
#include "net/connection_pool.hpp"
#include "net/connector.hpp"
#include "net/tls_stream.hpp"

namespace causeway::net {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

bool is_numeric(const std::string& host) {
  boost::system::error_code not_numeric;
  boost::asio::ip::make_address(host, not_numeric);
  return !not_numeric;
}

class Client : public HttpClient {
 public:
  explicit Client(boost::asio::io_context& context) : context_(context) {}

  // Kept connections end on their own thread, wherever this is called.
  ~Client() override {
    boost::asio::post(context_, [pool = std::move(pool_)] {});
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Task<Result<std::unique_ptr<ClientCall>>> open(Endpoint endpoint, std::shared_ptr<const TlsClientContext> tls,
                                                 ClientTimeouts timeouts, bool reuse) override {
    std::vector<Endpoint> only;
    only.push_back(std::move(endpoint));
    co_return co_await open_fastest(only, std::move(tls), timeouts, reuse);
  }

  Task<Result<std::unique_ptr<ClientCall>>> open_fastest(std::vector<Endpoint>& endpoints,
                                                         std::shared_ptr<const TlsClientContext> tls,
                                                         ClientTimeouts timeouts, bool reuse) override {
    if (reuse) {
      for (const Endpoint& endpoint : endpoints) {
        if (auto kept = pool()->take(endpoint, tls.get())) co_return call_on(std::move(kept), timeouts, reuse);
      }
    }
    std::size_t index = 0;
    auto connection = co_await connect(endpoints, tls, timeouts.connect, index);
    if (connection) co_return call_on(*std::move(connection), timeouts, reuse);
    if (index < endpoints.size()) endpoints.erase(endpoints.begin() + static_cast<std::ptrdiff_t>(index));
    co_return std::move(connection).error();
  }

  void forget(const Endpoint& endpoint, const std::shared_ptr<const TlsClientContext>& tls) override {
    pool()->forget(endpoint, tls.get());
  }

  Task<Result<Response>> fetch(Url url, RequestHead head, Bytes body, std::size_t max_body,
                               std::shared_ptr<const TlsClientContext> tls, ClientTimeouts timeouts) override {
    if (url.tls && !tls) co_return fault(FaultCode::internal_error, "an https address without a TLS context");
    if (!url.tls) tls = nullptr;
    head.target = url.target;
    if (head.method.empty()) head.method = "GET";
    if (!body.empty() || head.method == "POST" || head.method == "PUT") {
      head.headers.set("Content-Length", std::to_string(body.size()));
    }
    for (bool fresh = false;; fresh = true) {
      auto call = co_await open_for_fetch(url.endpoint, tls, timeouts, fresh);
      if (!call) co_return std::move(call).error();
      auto response = co_await exchange(**call, head, body, max_body);
      if (response || fresh || !(*call)->stale()) co_return response;
    }
  }

 private:
  // Made by the first call, so on the thread that sweeps it.
  const std::shared_ptr<ConnectionPool>& pool() {
    if (!pool_) pool_ = std::make_shared<ConnectionPool>(context_);
    return pool_;
  }

  std::unique_ptr<ClientCall> call_on(std::unique_ptr<ClientConnection> connection, ClientTimeouts timeouts,
                                      bool keep) {
    connection->http.stream->set_idle_time(timeouts.idle);
    return make_client_call(std::move(connection), keep ? pool() : nullptr);
  }

  // A connection to whichever answers first; `index` tells which, also on failure.
  static Task<Result<std::unique_ptr<ClientConnection>>> connect(const std::vector<Endpoint>& endpoints,
                                                                 std::shared_ptr<const TlsClientContext> tls,
                                                                 milliseconds limit, std::size_t& index) {
    index = endpoints.size();
    const Clock::time_point deadline = Clock::now() + limit;
    auto connected = co_await connect_fastest(endpoints, limit);
    if (!connected) co_return std::move(connected).error();
    index = connected->index;
    static const Certificates nobody;
    auto connection = std::make_unique<ClientConnection>();
    connection->endpoint = endpoints[index];
    connection->tls = tls;
    connection->peer_certificates = &nobody;
    if (!tls) {
      connection->http.stream = make_plain_stream(std::move(connected->socket));
      co_return connection;
    }
    const Endpoint& endpoint = connection->endpoint;
    auto stream =
        TlsStream::client(std::move(connected->socket), tls, endpoint.host + ":" + std::to_string(endpoint.port),
                          is_numeric(endpoint.host) ? std::string() : endpoint.host);
    stream->set_deadline(deadline);
    if (auto shaken = co_await stream->handshake(); !shaken) {
      Fault failed = std::move(shaken).error();
      // A peer that leaves within the handshake has refused it in its way.
      const bool broke =
          failed.code == to_string(FaultCode::io_error) || failed.code == to_string(FaultCode::network_error);
      if (broke) failed.code = to_string(FaultCode::ssl_authentication_failed);
      co_return failed.while_doing(endpoint.host + ":" + std::to_string(endpoint.port));
    }
    stream->set_deadline(Clock::time_point::max());
    connection->peer_certificates = &stream->peer_certificates();
    connection->http.stream = std::move(stream);
    co_return connection;
  }

  Task<Result<std::unique_ptr<ClientCall>>> open_for_fetch(Endpoint endpoint,
                                                           std::shared_ptr<const TlsClientContext> tls,
                                                           ClientTimeouts timeouts, bool fresh) {
    if (!fresh) co_return co_await open(std::move(endpoint), std::move(tls), timeouts, true);
    std::vector<Endpoint> only;
    only.push_back(std::move(endpoint));
    std::size_t index = 0;
    auto connection = co_await connect(only, std::move(tls), timeouts.connect, index);
    if (!connection) co_return std::move(connection).error();
    co_return call_on(*std::move(connection), timeouts, true);
  }

  static Task<Result<Response>> exchange(ClientCall& call, RequestHead head, const Bytes& body, std::size_t max_body) {
    auto writer = co_await call.request(std::move(head));
    if (!writer) co_return std::move(writer).error();
    // A server may answer without having read everything: its answer counts then.
    auto written = co_await (*writer)->finish_with(body);
    auto answered = co_await call.response();
    if (!answered) co_return written ? std::move(answered).error() : std::move(written).error();
    Response response;
    response.head = *std::move(answered);
    for (;;) {
      const auto piece = co_await call.body().read_some();
      if (!piece) co_return piece.error();
      if (piece->empty()) co_return response;
      if (piece->size() > max_body - response.body.size()) {
        co_return fault(FaultCode::io_error, "the answer of " + call.endpoint().host + " is larger than " +
                                                 std::to_string(max_body) + " octets");
      }
      response.body.insert(response.body.end(), piece->begin(), piece->end());
    }
  }

  boost::asio::io_context& context_;
  std::shared_ptr<ConnectionPool> pool_;
};

}  // namespace

std::unique_ptr<HttpClient> HttpClient::make(boost::asio::io_context& context) {
  return std::make_unique<Client>(context);
}

}  // namespace causeway::net
