// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <utility>

#include "unit/net/loopback.hpp"

namespace causeway::net {
namespace {

// Answers with what it got: method, target and body.
Task<void> echo(ServerCall& call) {
  auto body = co_await read_text(call.body());
  if (!body) {
    call.abort();
    co_return;
  }
  const std::string answer = call.head().method + " " + call.head().target + " " + *body;
  auto sent = co_await call.respond(ResponseHead{200, {}, {}}, as_bytes(answer));
  EXPECT_TRUE(sent);
}

class HttpExchange : public testing::Test {
 protected:
  void serve(Handler handler, ListenOptions options = {}) {
    auto started = HttpServer::start(threads_, std::move(options), std::move(handler));
    ASSERT_TRUE(started) << started.error().text;
    server_ = *std::move(started);
  }

  Endpoint here() const { return {"127.0.0.1", server_->port()}; }
  std::string raw(std::string_view request) {
    RawPeer peer(server_->port());
    peer.send(request);
    peer.end_sending();
    return peer.read_all();
  }
  Result<Answer> ask(RequestHead head, std::string body = {}) {
    return block_on(threads_.at(0), call(*client_, here(), nullptr, std::move(head), std::move(body)));
  }

  IoThreads threads_{2};
  std::unique_ptr<HttpClient> client_ = HttpClient::make(threads_.at(0));
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpExchange, AnswersAPostAndKeepsTheConnection) {
  serve(echo);
  const auto first = ask(post("/a?b=c"), "hello");
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_EQ(first->status, 200);
  EXPECT_EQ(first->body, "POST /a?b=c hello");
  EXPECT_FALSE(first->reused);
  const auto second = ask(get("/"));
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_EQ(second->body, "GET / ");
  EXPECT_TRUE(second->reused);
}

TEST_F(HttpExchange, ServesPipelinedRequestsInOrder) {
  serve(echo);
  const std::string answers =
      raw("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
          "POST /2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n"
          "GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::size_t one = answers.find("POST /1 abc"), two = answers.find("POST /2 def"),
                    three = answers.find("GET /3 ");
  EXPECT_LT(one, two);
  EXPECT_LT(two, three);
  EXPECT_NE(three, std::string::npos) << answers;
}

// What a reader says after each piece that came in one segment; "-" ends the body.
class BodiesThatArePartlyThere : public HttpExchange {
 protected:
  std::string told(const std::string& first, const std::string& second) {
    std::string said;
    std::promise<void> waits, answered;
    serve([&](ServerCall& call) -> Task<void> {
      for (bool waiting = false;;) {
        const auto piece = co_await call.body().read_some();
        if (!piece) break;
        said += piece->empty() ? "-" : std::string(as_text(*piece)) + (call.body().ready() ? "+ " : "? ");
        if (piece->empty()) break;
        if (!call.body().ready() && !std::exchange(waiting, true)) waits.set_value();
      }
      (void)co_await call.respond(ResponseHead{200, {}, {}}, as_bytes("done"));
      answered.set_value();
    });
    RawPeer peer(server_->port());
    peer.send(first);
    waits.get_future().wait();
    peer.send(second);
    answered.get_future().wait();
    return said;
  }
};

TEST_F(BodiesThatArePartlyThere, AreReadyForAsLongAsTheyAre) {
  EXPECT_EQ(told("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc", "def"), "abc? def+ -");
}

TEST_F(BodiesThatArePartlyThere, AreNotReadyByTheFramingOfAChunk) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(told(head + "1\r\na\r\n1\r\nb\r\n", "1\r\nc\r\n0\r\n\r\n"), "a+ b? c+ -");
}

TEST_F(BodiesThatArePartlyThere, AreNotReadyByTheSizeOfAChunkAlone) {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(told(head + "1\r\na\r\n1\r", "\nb\r\n0\r\n\r\n"), "a? b+ -");
}

TEST_F(HttpExchange, ClosesAfterTheResponseWhenToldTo) {
  serve(echo);
  const std::string answers =
      raw("GET /1 HTTP/1.1\r\nHost: x\r\nConnection: Close\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(answers.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(answers.find("GET /2"), std::string::npos) << answers;
}

TEST_F(HttpExchange, AnOptionClosesEveryConnectionAfterItsResponse) {
  ListenOptions options;
  options.close_after_response = true;
  serve(echo, options);
  const auto first = ask(get("/"));
  const auto second = ask(get("/"));
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->reused);
}

TEST_F(HttpExchange, SpeaksToPeersOfHttp10) {
  serve([](ServerCall& call) -> Task<void> {
    auto writer = co_await call.respond(ResponseHead{200, {}, {}});
    auto sent = co_await (*writer)->finish_with(as_bytes("streamed"));
    EXPECT_TRUE(sent);
  });
  const std::string answer = raw("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(answer.find("chunked"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nstreamed")) << answer;
}

TEST_F(HttpExchange, KeepsAConnectionOfHttp10WhenAsked) {
  serve(echo);
  const std::string answer = raw("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n");
  EXPECT_NE(answer.find("Connection: keep-alive\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("GET /2 ")) << answer;
}

TEST_F(HttpExchange, SendsNoBodyForHeadAndStatusesWithoutOne) {
  serve([](ServerCall& call) -> Task<void> {
    const int status = call.head().target == "/204" ? 204 : 200;
    auto sent = co_await call.respond(ResponseHead{status, {}, {}}, as_bytes(status == 204 ? "" : "text"));
    EXPECT_TRUE(sent);
  });
  const auto head = ask({"HEAD", "/", {}});
  ASSERT_TRUE(head) << head.error().text;
  EXPECT_EQ(head->body, "");
  const auto none = ask(get("/204"));
  ASSERT_TRUE(none) << none.error().text;
  EXPECT_EQ(none->status, 204);
  EXPECT_TRUE(none->reused);
  const auto text = ask(get("/"));
  ASSERT_TRUE(text);
  EXPECT_EQ(text->body, "text");
  EXPECT_TRUE(text->reused);
  const std::string answer = raw("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_NE(answer.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(HttpExchange, ContinuesOnlyWhenTheBodyIsWanted) {
  serve([](ServerCall& call) -> Task<void> {
    if (call.head().target == "/read") co_return co_await echo(call);
    auto sent = co_await call.respond(ResponseHead{403, {}, {}}, as_bytes("no"));
    EXPECT_TRUE(sent);
  });
  RawPeer wanted(server_->port());
  wanted.send("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(wanted.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  wanted.send("ok");
  EXPECT_TRUE(wanted.read_until("/read ok").ends_with("/read ok"));

  RawPeer unwanted(server_->port());
  unwanted.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  const std::string answer = unwanted.read_until("no");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"));
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  unwanted.end_sending();
  EXPECT_TRUE(unwanted.ended());
}

TEST_F(HttpExchange, KeepsOrderAndCaseOfHeaders) {
  serve([](ServerCall& call) -> Task<void> {
    std::string seen;
    for (const auto& [name, value] : call.head().headers) seen += name + "=" + value + ";";
    ResponseHead head;
    head.headers.add("x-lower", "1");
    head.headers.add("X-Upper", "2");
    auto sent = co_await call.respond(std::move(head), as_bytes(seen));
    EXPECT_TRUE(sent);
  });
  const std::string answer = raw("GET / HTTP/1.1\r\nhost: a\r\nX-b:  two words \t\r\nX-B:\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("host=a;X-b=two words;X-B=;")) << answer;
  EXPECT_LT(answer.find("x-lower: 1\r\n"), answer.find("X-Upper: 2\r\n"));
}

TEST_F(HttpExchange, RefusesHeadersThatWouldSplitTheResponse) {
  serve([](ServerCall& call) -> Task<void> {
    ResponseHead head;
    head.headers.add("X-Bad", "a\r\nSet-Cookie: b");
    auto sent = co_await call.respond(std::move(head), ByteView());
    EXPECT_FALSE(sent);
  });
  const std::string answer = raw("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 ")) << answer;
  EXPECT_EQ(answer.find("Set-Cookie"), std::string::npos);
}

TEST_F(HttpExchange, DrainsAnUnreadBodyBeforeTheNextRequest) {
  serve([](ServerCall& call) -> Task<void> {
    auto sent = co_await call.respond(ResponseHead{200, {}, {}}, as_bytes(call.head().target));
    EXPECT_TRUE(sent);
  });
  const auto first = ask(post("/1"), std::string(1 << 20, 'x'));
  ASSERT_TRUE(first) << first.error().text;
  const auto second = ask(post("/2"), "y");
  ASSERT_TRUE(second) << second.error().text;
  EXPECT_EQ(second->body, "/2");
  EXPECT_TRUE(second->reused);
}

TEST_F(HttpExchange, AnEarlyAnswerReachesAClientThatStillSends) {
  serve([](ServerCall& call) -> Task<void> {
    auto sent = co_await call.respond(ResponseHead{413, {}, {}}, as_bytes("too much"));
    EXPECT_TRUE(sent);
  });
  const auto conversation = [](HttpClient& client, Endpoint endpoint) -> Task<std::string> {
    auto opened = co_await client.open(endpoint, nullptr, ClientTimeouts{});
    auto writer = co_await (*opened)->request(post("/"));
    const std::string piece(65536, 'x');
    bool refused = false;
    for (int i = 0; i < 16384 && !refused; ++i) refused = !co_await (*writer)->write(as_bytes(piece));
    EXPECT_TRUE(refused);
    auto response = co_await (*opened)->response();
    if (!response) co_return response.error().text;
    auto text = co_await read_text((*opened)->body());
    co_return std::to_string(response->status) + " " + (text ? *text : text.error().text);
  };
  EXPECT_EQ(block_on(threads_.at(0), conversation(*client_, here())), "413 too much");
}

TEST_F(HttpExchange, AnUnfinishedAnswerIsCutOffForTheClient) {
  serve([](ServerCall& call) -> Task<void> {
    auto writer = co_await call.respond(ResponseHead{200, {}, {}});
    auto sent = co_await (*writer)->write(as_bytes("half"));
    EXPECT_TRUE(sent);
  });
  const auto answer = ask(get("/"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "network_error");
}

TEST_F(HttpExchange, AnUnfinishedRequestIsCutOffForTheServer) {
  std::atomic<bool> failed = false;
  serve([&failed](ServerCall& call) -> Task<void> {
    const auto body = co_await read_text(call.body());
    failed = !body;
    call.abort();
  });
  const auto conversation = [](HttpClient& client, Endpoint endpoint) -> Task<void> {
    auto opened = co_await client.open(endpoint, nullptr, ClientTimeouts{});
    auto writer = co_await (*opened)->request(post("/"));
    auto sent = co_await (*writer)->write(as_bytes("half"));
    EXPECT_TRUE(sent);
  };
  block_on(threads_.at(0), conversation(*client_, here()));
  for (int i = 0; i < 200 && !failed; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_TRUE(failed);
}

TEST_F(HttpExchange, AHandlerThatThrowsOrForgetsToAnswerGives500) {
  serve([](ServerCall& call) -> Task<void> {
    if (call.head().target == "/throw") throw std::runtime_error("bug");
    co_return;
  });
  EXPECT_EQ(ask(get("/throw"))->status, 500);
  EXPECT_EQ(ask(get("/forget"))->status, 500);
}

TEST_F(HttpExchange, ASlowHeadAndASlowBodyAreCutOff) {
  std::atomic<bool> failed = false;
  ListenOptions options;
  options.limits.idle_time = std::chrono::milliseconds(300);
  options.limits.keep_alive_time = std::chrono::milliseconds(300);
  serve(
      [&failed](ServerCall& call) -> Task<void> {
        failed = !co_await read_text(call.body());
        call.abort();
      },
      options);
  RawPeer silent(server_->port());
  EXPECT_TRUE(silent.ended());
  RawPeer slow_head(server_->port());
  slow_head.send("GET / HT");
  EXPECT_TRUE(slow_head.ended());
  RawPeer slow_body(server_->port());
  slow_body.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(slow_body.ended());
  EXPECT_TRUE(failed);
}

TEST_F(HttpExchange, TheWaitForTheHandlerIsNotAnIdleConnection) {
  ListenOptions options;
  options.limits.idle_time = std::chrono::milliseconds(100);
  serve(
      [](ServerCall& call) -> Task<void> {
        co_await sleep_for(std::chrono::milliseconds(900));
        co_await echo(call);
      },
      options);
  const auto answer = ask(get("/"));
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->body, "GET / ");
}

TEST_F(HttpExchange, SaysWhatIsWrongWithTheAddress) {
  serve(echo);
  const std::uint16_t port = server_->port();
  ListenOptions taken;
  taken.port = port;
  const auto second = HttpServer::start(threads_, taken, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "io_error");
  server_.reset();
  const auto nobody = block_on(threads_.at(0), client_->open({"127.0.0.1", port}, nullptr, ClientTimeouts{}));
  ASSERT_FALSE(nobody);
  EXPECT_EQ(nobody.error().code, "network_error");
}

TEST_F(HttpExchange, LetsRunningCallsFinishWhenStopping) {
  std::atomic<bool> running = false;
  serve([&running](ServerCall& call) -> Task<void> {
    running = true;
    co_await sleep_for(std::chrono::milliseconds(300));
    co_await echo(call);
  });
  RawPeer peer(server_->port());
  RawPeer idle(server_->port());
  peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  while (!running) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  server_->stop(std::chrono::seconds(20));
  EXPECT_TRUE(peer.read_all().ends_with("GET / "));
  EXPECT_TRUE(idle.ended());
}

TEST_F(HttpExchange, FurtherConnectionsWaitUntilOneEnds) {
  ListenOptions options;
  options.limits.max_connections = 2;  // one on each of the two threads
  serve(echo, options);
  std::vector<std::thread> callers;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([this, &answered] {
      if (raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("GET / ")) ++answered;
    });
  }
  for (auto& caller : callers) caller.join();
  EXPECT_EQ(answered, 8);
}

// An octet now and then is never idle for long, and yet takes for ever.
TEST_F(HttpExchange, ATrickleIsCutOff) {
  std::atomic<bool> failed = false;
  ListenOptions options;
  options.limits.idle_time = std::chrono::milliseconds(600);
  serve(
      [&failed](ServerCall& call) -> Task<void> {
        failed = !co_await read_text(call.body());
        call.abort();
      },
      options);
  RawPeer peer(server_->port());
  peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
  for (int i = 0; i < 200 && !failed; ++i) {
    peer.send("a");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_TRUE(failed);
  EXPECT_TRUE(peer.ended());
}

// Whoever sends too slowly may still read, and is told.
TEST_F(HttpExchange, ASlowBodyIsAnswered) {
  ListenOptions options;
  options.limits.idle_time = std::chrono::milliseconds(300);
  serve(
      [](ServerCall& call) -> Task<void> {
        const auto text = co_await read_text(call.body());
        const std::string answer = text ? *text : text.error().text;
        (void)co_await call.respond(ResponseHead(), as_bytes(answer));
      },
      options);
  RawPeer peer(server_->port());
  peer.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
  EXPECT_TRUE(peer.read_until("too slow").ends_with("too slow"));
  peer.send("defghij");  // may come while the connection is closed
  peer.read_all();
}

TEST_F(HttpExchange, WhoTakesTheAnswerTooSlowlyIsCutOff) {
  std::atomic<bool> failed = false;
  ListenOptions options;
  options.limits.idle_time = std::chrono::milliseconds(300);
  serve(
      [&failed](ServerCall& call) -> Task<void> {
        const Bytes much(64UL << 20);
        failed = !(co_await call.respond(ResponseHead(), much)).ok();
      },
      options);
  RawPeer peer(server_->port());
  peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  for (int i = 0; i < 300 && !failed; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(failed);
}

TEST_F(HttpExchange, ThoseWhoSayNothingMakeRoomForThoseWhoSpeak) {
  ListenOptions options;
  options.limits.max_connections = 4;  // two on each of the two threads
  options.limits.idle_time = std::chrono::minutes(10);
  serve(echo, options);
  std::vector<std::unique_ptr<RawPeer>> silent;
  for (int i = 0; i < 20; ++i) silent.push_back(std::make_unique<RawPeer>(server_->port()));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(raw("GET / HTTP/1.1\r\nHost: x\r\n\r\n").ends_with("GET / "));
}

TEST_F(HttpExchange, KeepsFileHandlesFree) {
  ListenOptions options;
  options.limits.min_free_handles = 1UL << 40;
  serve(echo, options);
  RawPeer peer(server_->port());
  peer.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(peer.ended());
}

}  // namespace
}  // namespace causeway::net
