// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>

#include "net/handoff.hpp"
#include "unit/net/certificates.hpp"
#include "unit/net/loopback.hpp"

namespace causeway::net {
namespace {

// Sanitizers keep freed memory for a while.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kMemoryTells = false;
#else
constexpr bool kMemoryTells = true;
#endif

constexpr std::size_t kPiece = 64 * 1024;
constexpr std::size_t kPieces = 3200;  // 200 MB

std::size_t resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word) {
    std::size_t size = 0;
    if (word == "VmRSS:" && status >> size) return size;
  }
  return 0;
}

// Sends back every piece while it arrives: both directions of a connection at once.
Task<void> reflect(ServerCall& call) {
  auto writer = co_await call.respond(ResponseHead{200, {}, {}});
  for (;;) {
    const auto piece = co_await call.body().read_some();
    if (!piece) co_return;
    if (piece->empty()) break;
    if (auto sent = co_await (*writer)->write(*piece); !sent) co_return;
  }
  auto ended = co_await (*writer)->finish();
  EXPECT_TRUE(ended);
}

Task<void> send_pieces(BodyWriter& writer, std::size_t count) {
  const Bytes piece(kPiece, 0x5a);
  for (std::size_t i = 0; i < count; ++i) {
    if (auto sent = co_await writer.write(piece); !sent) co_return;
  }
  auto ended = co_await writer.finish();
  EXPECT_TRUE(ended) << ended.error().text;
}

// Sends in one coroutine while it reads in another.
Task<std::uint64_t> stream_through(IoThreads& threads, HttpClient& client, Endpoint endpoint,
                                   std::shared_ptr<const TlsClientContext> tls, std::size_t count,
                                   std::size_t& most_memory) {
  auto opened = co_await client.open(std::move(endpoint), std::move(tls), ClientTimeouts{});
  if (!opened) co_return 0;
  auto writer = co_await (*opened)->request(post("/"));
  spawn(threads.current(), "sending", [target = *writer, count] { return send_pieces(*target, count); });
  auto response = co_await (*opened)->response();
  if (!response) co_return 0;
  std::uint64_t received = 0;
  for (std::size_t i = 0;; ++i) {
    const auto piece = co_await (*opened)->body().read_some();
    if (!piece || piece->empty()) break;
    received += piece->size();
    if (i % 1000 == 0) most_memory = std::max(most_memory, resident_kilobytes());
  }
  co_return received;
}

class Streaming : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    ListenOptions options;
    if (GetParam()) {
      options.tls = *TlsServerContext::make({TestPki::instance().issue("server"), {}, {}, {}, {}, true});
      tls_ = *TlsClientContext::make({});
    }
    auto started = HttpServer::start(threads_, options, reflect);
    ASSERT_TRUE(started) << started.error().text;
    server_ = *std::move(started);
  }

  IoThreads threads_{2};
  std::shared_ptr<const TlsClientContext> tls_;
  std::vector<std::unique_ptr<HttpClient>> clients_ = make_clients();
  std::unique_ptr<HttpServer> server_;

 private:
  std::vector<std::unique_ptr<HttpClient>> make_clients() {
    std::vector<std::unique_ptr<HttpClient>> made;
    for (std::size_t i = 0; i < threads_.size(); ++i) made.push_back(HttpClient::make(threads_.at(i)));
    return made;
  }
};

TEST_P(Streaming, ALargeBodyInBothDirectionsTakesLittleMemory) {
  const std::size_t before = resident_kilobytes();
  std::size_t most = before;
  const auto received = block_on(
      threads_.at(0), stream_through(threads_, *clients_[0], {"127.0.0.1", server_->port()}, tls_, kPieces, most));
  EXPECT_EQ(received, kPiece * kPieces);
  if (kMemoryTells) EXPECT_LT(most - before, 16U * 1024);
}

TEST_P(Streaming, ManyConnectionsAtOnceDoNotMixTheirOctets) {
  std::atomic<int> left = 64;
  std::atomic<int> right = 0;
  const Handoff<bool> done;
  for (int i = 0; i < 64; ++i) {
    const std::size_t place = static_cast<std::size_t>(i) % threads_.size();
    spawn(threads_.at(place), "caller", [this, i, place, &left, &right, done]() -> Task<void> {
      for (int round = 0; round < 10; ++round) {
        const std::string body(static_cast<std::size_t>(1 + i * 997 + round), static_cast<char>('A' + i % 26));
        const auto answer = co_await call(*clients_[place], {"127.0.0.1", server_->port()}, tls_, post("/"), body);
        if (answer && answer->body == body) ++right;
      }
      if (--left == 0) done.complete(true);
    });
  }
  EXPECT_TRUE(block_on(threads_.at(0), done.wait(std::chrono::minutes(5))));
  EXPECT_EQ(right, 640);
}

INSTANTIATE_TEST_SUITE_P(PlainAndTls, Streaming, testing::Bool(),
                         [](const auto& tls) { return tls.param ? "Tls" : "Plain"; });

}  // namespace
}  // namespace causeway::net
