// SPDX-License-Identifier: MIT
// The load generator against real servers on loopback.
#include "bench/load.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "net/http_server.hpp"
#include "net/io_threads.hpp"

namespace causeway::bench {
namespace {

using namespace std::chrono_literals;

class LoadTest : public testing::Test {
 protected:
  void serve(net::Handler handler, bool close_after_response = false) {
    net::ListenOptions options;
    options.close_after_response = close_after_response;
    auto server = net::HttpServer::start(threads_, options, std::move(handler));
    ASSERT_TRUE(server) << server.error().text;
    server_ = *std::move(server);
  }

  // Answers after `pause`; counts requests and the octets of their bodies.
  net::Handler counting(int status = 200, std::chrono::milliseconds pause = 0ms) {
    return [this, status, pause](net::ServerCall& call) -> net::Task<void> {
      for (;;) {
        const auto piece = co_await call.body().read_some();
        if (!piece || piece->empty()) break;
        received_ += piece->size();
      }
      ++requests_;
      if (pause > 0ms) std::this_thread::sleep_for(pause);
      (void)co_await call.respond({status, "", {}}, as_bytes("hello"));
    };
  }

  Load load(std::size_t connections) {
    Load made;
    made.request.url = fmt::format("http://127.0.0.1:{}/some/path", server_->port());
    made.connections = connections;
    made.duration = 300ms;
    return made;
  }

  std::atomic<std::uint64_t> requests_ = 0, received_ = 0;
  net::IoThreads threads_{1};
  std::unique_ptr<net::HttpServer> server_;
};

TEST_F(LoadTest, AClosedLoopCountsWhatTheServerAnswered) {
  serve(counting());
  const auto result = run_load(load(8));
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_GT(result->answered, 8U);
  EXPECT_EQ(result->answered, requests_);
  EXPECT_EQ(result->latency.count(), result->answered);
  EXPECT_EQ(result->octets, 5 * result->answered);
  EXPECT_EQ(result->failed(), 0U);
  EXPECT_LE(result->in_time, result->answered);
  EXPECT_DOUBLE_EQ(result->seconds, 0.3);
  EXPECT_TRUE(result->problem.empty());
}

TEST_F(LoadTest, ConnectionsThatCloseAreMadeAgain) {
  for (const bool client_closes : {false, true}) {
    requests_ = 0;
    serve(counting(), !client_closes);
    Load asked = load(4);
    asked.keep_alive = !client_closes;
    const auto result = run_load(asked);
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_GT(result->answered, 4U);
    EXPECT_EQ(result->answered, requests_);
    EXPECT_EQ(result->failed(), 0U) << result->problem;
  }
}

TEST_F(LoadTest, OtherStatusesAreRefusals) {
  serve(counting(500));
  const auto result = run_load(load(2));
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->answered, 0U);
  EXPECT_EQ(result->refused, requests_);
  EXPECT_EQ(result->problem, "status 500");
}

TEST_F(LoadTest, ConnectionsThatAreCutAreCounted) {
  serve([this](net::ServerCall& call) -> net::Task<void> {
    if (++requests_ % 3 == 0)
      call.abort();
    else
      (void)co_await call.respond({200, "", {}}, as_bytes("x"));
  });
  const auto result = run_load(load(2));
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_GT(result->answered, 0U);
  EXPECT_GT(result->broken, 0U);
  EXPECT_EQ(result->answered + result->broken, requests_);
}

TEST_F(LoadTest, NobodyListeningIsAFault) {
  Load asked;
  asked.request.url = "http://127.0.0.1:1/";
  asked.duration = 100ms;
  const auto result = run_load(asked);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, "network_error");
  asked.requests = 3;
  EXPECT_FALSE(run_load(asked));
  asked.request.url = "https://127.0.0.1:1/";
  EXPECT_EQ(run_load(asked).error().code, "service_malformed_url");
}

TEST_F(LoadTest, AnAnswerThatDoesNotComeInTimeBreaksItsConnection) {
  serve(counting(200, 1000ms));
  Load asked = load(1);
  asked.duration = 100ms;
  asked.patience = 300ms;
  const auto result = run_load(asked);
  ASSERT_FALSE(result);  // nothing came at all
  EXPECT_NE(result.error().text.find("no answer in time"), std::string::npos);
}

TEST_F(LoadTest, ACountedLoadSendsJustSoMany) {
  serve(counting());
  Load asked = load(3);
  asked.requests = 10;
  const auto result = run_load(asked);
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->answered, 10U);
  EXPECT_EQ(result->in_time, 10U);
  EXPECT_EQ(requests_, 10U);
  EXPECT_GT(result->seconds, 0);
}

TEST_F(LoadTest, BodiesAreSentWhole) {
  serve(counting());
  Load asked = load(2);
  asked.requests = 4;
  asked.request.method = "POST";
  asked.request.body = "twelve chars";
  ASSERT_TRUE(run_load(asked));
  EXPECT_EQ(received_, 48U);
  received_ = 0;
  asked.request.body.clear();
  asked.request.filling = 3'000'000;
  ASSERT_TRUE(run_load(asked));
  EXPECT_EQ(received_, 12'000'000U);
}

TEST_F(LoadTest, TheRequestIsAsItWasAsked) {
  std::mutex mutex;
  std::set<std::string> seen;
  serve([&](net::ServerCall& call) -> net::Task<void> {
    {
      const std::lock_guard lock(mutex);
      seen.insert(call.head().method + " " + call.head().target + " " + *call.head().headers.find("x-road-client"));
    }
    (void)co_await call.respond({204, "", {}}, {});
  });
  Load asked = load(1);
  asked.requests = 1;
  asked.request.headers = {{"X-Road-Client", "EE/COM/1/app"}};
  ASSERT_TRUE(run_load(asked));
  EXPECT_EQ(seen, std::set<std::string>{"GET /some/path EE/COM/1/app"});
}

TEST_F(LoadTest, AnOpenLoopKeepsItsRate) {
  serve(counting());
  Load asked = load(8);
  asked.duration = 500ms;
  asked.rate = 400;
  const auto result = run_load(asked);
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->answered, 200U);
  EXPECT_EQ(requests_, 200U);
}

// Coordinated omission: a server that stands still for 300 ms delays all requests that were
// meant to be sent meanwhile, not only the one that waited.
TEST_F(LoadTest, InAnOpenLoopAStallDelaysAllThatWereMeantToBeSent) {
  serve([this](net::ServerCall& call) -> net::Task<void> {
    if (++requests_ == 20) std::this_thread::sleep_for(300ms);
    (void)co_await call.respond({200, "", {}}, as_bytes("x"));
  });
  Load asked = load(1);
  asked.duration = 500ms;
  asked.rate = 200;
  const auto result = run_load(asked);
  ASSERT_TRUE(result) << result.error().text;
  EXPECT_EQ(result->answered, 100U);
  // 60 requests were due in the stall; the middle one of them waited for 150 ms.
  EXPECT_GT(result->latency.percentile(70), 140ms);
  EXPECT_GT(result->latency.percentile(99), 280ms);
}

}  // namespace
}  // namespace causeway::bench
