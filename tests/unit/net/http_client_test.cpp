// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "unit/net/certificates.hpp"
#include "unit/net/loopback.hpp"

namespace causeway::net {
namespace {

class ClientSide : public testing::Test {
 protected:
  Result<Answer> ask(const RawServer& server, RequestHead head = get("/")) {
    return block_on(threads_.at(0), call(*client_, {"127.0.0.1", server.port()}, nullptr, std::move(head), {}));
  }

  IoThreads threads_{1};
  std::unique_ptr<HttpClient> client_ = HttpClient::make(threads_.at(0));
};

TEST_F(ClientSide, PassesOverInterimResponses) {
  const RawServer server(
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
  const auto answer = ask(server);
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "ok");
}

TEST_F(ClientSide, ReadsABodyThatEndsWithTheConnection) {
  const RawServer server({"HTTP/1.1 200 OK\r\n\r\nuntil the end", "<close>"});
  const auto answer = ask(server);
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->body, "until the end");
}

TEST_F(ClientSide, ACutOffAnswerIsAFault) {
  for (const std::string text : {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfive!",
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfive!\r\n",
                                 "HTTP/1.1 200 OK\r\nContent-Le", "nonsense\r\n\r\n", ""}) {
    const RawServer server({text, "<close>"});
    const auto answer = ask(server);
    ASSERT_FALSE(answer) << text;
    EXPECT_EQ(answer.error().code, "io_error");
  }
}

TEST_F(ClientSide, DoesNotReuseAConnectionWithUnreadOctets) {
  const RawServer server(
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
       "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"});
  ASSERT_EQ(ask(server)->body, "ok");
  const auto second = ask(server);
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_EQ(second->body, "good");
  EXPECT_FALSE(second->reused);
}

TEST_F(ClientSide, DoesNotReuseAConnectionThatWasForgotten) {
  const RawServer server(
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext"});
  ASSERT_EQ(ask(server)->body, "ok");
  const auto forget = [](HttpClient& client, std::uint16_t port) -> Task<bool> {
    client.forget({"127.0.0.1", port}, nullptr);
    co_return true;
  };
  ASSERT_TRUE(block_on(threads_.at(0), forget(*client_, server.port())));
  const auto second = ask(server);
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_FALSE(second->reused);
}

TEST_F(ClientSide, DoesNotReuseAConnectionTheServerEnded) {
  const RawServer server({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "<close>",
                          "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext"});
  ASSERT_EQ(ask(server)->body, "ok");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const auto second = ask(server);
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_FALSE(second->reused);
}

// The server closes a kept connection at the moment the request arrives.
TEST_F(ClientSide, TellsThatAKeptConnectionWasClosedUnanswered) {
  const RawServer server({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "", "<close>"});
  ASSERT_EQ(ask(server)->body, "ok");
  const auto conversation = [](HttpClient& client, Endpoint endpoint) -> Task<std::string> {
    auto opened = co_await client.open(endpoint, nullptr, ClientTimeouts{});
    auto writer = co_await (*opened)->request(get("/"));
    auto sent = co_await (*writer)->finish();
    auto response = co_await (*opened)->response();
    co_return std::string((*opened)->reused() ? "reused " : "") + ((*opened)->stale() ? "stale " : "") +
        (response ? "answered" : response.error().code);
  };
  EXPECT_EQ(block_on(threads_.at(0), conversation(*client_, {"127.0.0.1", server.port()})), "reused stale io_error");
}

TEST_F(ClientSide, FetchTriesAgainAfterAStaleConnection) {
  const RawServer server({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "", "<close>",
                          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain"});
  const Url url = *Url::parse("http://127.0.0.1:" + std::to_string(server.port()) + "/x");
  const auto fetch = [&] {
    return block_on(threads_.at(0), client_->fetch(url, {}, {}, 5, nullptr, ClientTimeouts{}));
  };
  EXPECT_EQ(to_text(fetch()->body), "ok");
  const auto second = fetch();
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_EQ(to_text(second->body), "again");
}

TEST_F(ClientSide, FetchRefusesABodyThatIsTooLarge) {
  const RawServer server({"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n123456"});
  const Url url = *Url::parse("http://127.0.0.1:" + std::to_string(server.port()));
  EXPECT_FALSE(block_on(threads_.at(0), client_->fetch(url, {}, {}, 5, nullptr, ClientTimeouts{})));
}

TEST_F(ClientSide, ASlowServerIsAFaultAndNotStale) {
  const RawServer server({"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "", "never sent"});
  ASSERT_EQ(ask(server)->body, "ok");
  const auto conversation = [](HttpClient& client, Endpoint endpoint) -> Task<bool> {
    ClientTimeouts timeouts;
    timeouts.idle = std::chrono::milliseconds(200);
    auto opened = co_await client.open(endpoint, nullptr, timeouts);
    auto writer = co_await (*opened)->request(get("/"));
    auto sent = co_await (*writer)->finish();
    auto response = co_await (*opened)->response();
    co_return !response && !(*opened)->stale();
  };
  EXPECT_TRUE(block_on(threads_.at(0), conversation(*client_, {"127.0.0.1", server.port()})));
}

TEST_F(ClientSide, NamesAHostThatDoesNotExist) {
  const auto opened = block_on(threads_.at(0), client_->open({"no..such..host", 1}, nullptr, ClientTimeouts{}));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "unknown_host");
}

Task<void> name_port(ServerCall& call) {
  auto sent = co_await call.respond(ResponseHead{200, {}, {}}, as_bytes("here"));
}

TEST_F(ClientSide, TheFastestOfSeveralIsTaken) {
  IoThreads other(1);
  auto alive = HttpServer::start(other, {}, name_port);
  ASSERT_TRUE(alive);
  auto gone = HttpServer::start(other, {}, name_port);
  const std::uint16_t dead_port = (*gone)->port();
  gone->reset();
  std::vector<Endpoint> endpoints{{"127.0.0.1", dead_port}, {"127.0.0.1", (*alive)->port()}};
  const auto open = [&](bool reuse) {
    return block_on(threads_.at(0), client_->open_fastest(endpoints, nullptr, ClientTimeouts{}, reuse));
  };
  for (int i = 0; i < 3; ++i) {
    auto opened = open(false);
    ASSERT_TRUE(opened) << opened.error().text;
    EXPECT_EQ((*opened)->endpoint().port, (*alive)->port());
    block_on(threads_.at(0), [](std::unique_ptr<ClientCall> ended) -> Task<void> {
      ended.reset();
      co_return;
    }(*std::move(opened)));
  }
  alive->reset();
  const auto none = open(false);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, "network_error");
  EXPECT_EQ(endpoints.size(), 2u) << "none answered, so none failed in the handshake";
}

TEST_F(ClientSide, AServerWithABadCertificateLeavesTheRace) {
  IoThreads other(1);
  std::vector<std::unique_ptr<HttpServer>> servers;
  for (const char* name : {"bad", "good"}) {
    ListenOptions options;
    TlsServerOptions tls{TestPki::instance().issue(name), {}, {}, {}, {}, true};
    options.tls = *TlsServerContext::make(std::move(tls));
    servers.push_back(*HttpServer::start(other, options, name_port));
  }
  TlsClientOptions wanted;
  wanted.check = [](const auto& chain) -> Result<void> {
    if (chain.front().subject_rfc2253() == "CN=good") return {};
    return Fault{"ssl_authentication_failed", "bad"};
  };
  const std::shared_ptr<const TlsClientContext> tls = *TlsClientContext::make(std::move(wanted));
  const std::vector<Endpoint> endpoints{{"127.0.0.1", servers[0]->port()}, {"127.0.0.1", servers[1]->port()}};
  const auto conversation = [](HttpClient& client, std::vector<Endpoint>& to,
                               std::shared_ptr<const TlsClientContext> context) -> Task<std::string> {
    auto opened = co_await client.open_fastest(to, std::move(context), ClientTimeouts{});
    co_return opened ? (*opened)->peer_certificates().front().subject_rfc2253() : opened.error().code;
  };
  std::vector<Endpoint> bad{endpoints[0]};
  EXPECT_EQ(block_on(threads_.at(0), conversation(*client_, bad, tls)), "ssl_authentication_failed");
  EXPECT_TRUE(bad.empty());
  for (int i = 0; i < 5; ++i) {
    std::vector<Endpoint> both = endpoints;
    const std::string first = block_on(threads_.at(0), conversation(*client_, both, tls));
    if (first == "CN=good") continue;
    EXPECT_EQ(first, "ssl_authentication_failed");
    EXPECT_EQ(block_on(threads_.at(0), conversation(*client_, both, tls)), "CN=good");
  }
}

TEST(UrlParsing, SplitsAddresses) {
  const Url plain = *Url::parse("http://Host.example:8080/a%20b?c#d");
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.endpoint.host, "Host.example");
  EXPECT_EQ(plain.endpoint.port, 8080);
  EXPECT_EQ(plain.target, "/a%20b?c");
  const Url secure = *Url::parse("HTTPS://[::1]?q");
  EXPECT_TRUE(secure.tls);
  EXPECT_EQ(secure.endpoint.host, "::1");
  EXPECT_EQ(secure.endpoint.port, 443);
  EXPECT_EQ(secure.target, "/?q");
  for (const char* bad : {"", "ftp://x/", "http://", "http://x:0/", "http://x:70000/", "http://x:1a/", "http://u@x/",
                          "http://[::1/", "http://[::1]x/", "http://a b/", "x/y", "http://x/a\nb"}) {
    EXPECT_FALSE(Url::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace causeway::net
