// SPDX-License-Identifier: MIT
#include "securityserver/transport/batch_signer.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "net/coroutines.hpp"
#include "net/handoff.hpp"
#include "net/io_threads.hpp"
#include "unit/evidence/test_pki.hpp"

namespace causeway::securityserver {
namespace {

using namespace std::chrono_literals;
using Signed = Result<evidence::SignatureDocument>;

// Signs with a key of its own, each time only when the test says so.
class HeldSigner : public signer::SignerClient {
 public:
  explicit HeldSigner(const evidence::TestMember& member) : member_(member) {}

  net::Task<Result<std::vector<Bytes>>> sign(std::string, pki::SignatureAlgorithm algorithm,
                                             std::vector<Bytes> digests) override {
    const net::Handoff<bool> go;
    {
      const std::lock_guard lock(mutex_);
      calls_.push_back(go);
    }
    const auto good = co_await go.wait();
    if (!good || !*good) co_return fault(FaultCode::io_error, "the token is gone");
    co_return std::vector<Bytes>{*member_.key.sign_digest(algorithm, digests.front())};
  }
  net::Task<Result<std::vector<signer::TokenInfo>>> tokens() override { co_return std::vector<signer::TokenInfo>(); }
  net::Task<Result<std::uint64_t>> version() override { co_return std::uint64_t{1}; }
  net::Task<Result<void>> enter_pin(std::string, std::string) override { co_return Result<void>(); }
  net::Task<Result<void>> logout(std::string) override { co_return Result<void>(); }
  net::Task<Result<pki::PrivateKey>> authentication_key(std::string) override {
    co_return fault(FaultCode::key_not_found, "none");
  }

  std::size_t calls() const {
    const std::lock_guard lock(mutex_);
    return calls_.size();
  }
  void answer(std::size_t call, bool good = true) const {
    const std::lock_guard lock(mutex_);
    calls_.at(call).complete(good);
  }

 private:
  const evidence::TestMember& member_;
  mutable std::mutex mutex_;
  std::vector<net::Handoff<bool>> calls_;
};

class BatchSignerTest : public ::testing::Test {
 protected:
  std::future<Signed> sign(BatchSigner& signer, const std::string& content) {
    auto promise = std::make_shared<std::promise<Signed>>();
    auto result = promise->get_future();
    net::spawn(threads_.at(0), "a message", [this, &signer, content, promise]() -> net::Task<void> {
      promise->set_value(co_await signer.sign(evidence::parts_of({content}), key_));
    });
    return result;
  }
  static bool is_there(const std::future<Signed>& result, std::chrono::milliseconds time) {
    return result.wait_for(time) == std::future_status::ready;
  }
  void wait_for_calls(std::size_t count) const {
    for (int i = 0; i < 1000 && signer_.calls() < count; ++i) std::this_thread::sleep_for(10ms);
    ASSERT_EQ(signer_.calls(), count);
  }
  // All that was started has come to where it waits.
  void settle() {
    for (int i = 0; i < 3; ++i) net::block_on(threads_.at(0), net::sleep_for(5ms));
  }

  evidence::TestMember member_ = evidence::TestMember::make();
  HeldSigner signer_{member_};
  std::shared_ptr<const SigningKey> key_ =
      std::make_shared<SigningKey>(SigningKey{.key_id = "1",
                                              .algorithm = member_.identity.algorithm,
                                              .document = *evidence::SignatureTemplate::make(member_.identity),
                                              .usable_until = TimePoint::max()});
  net::IoThreads threads_{1};
};

TEST_F(BatchSignerTest, SignsTogetherWhatGathersMeanwhile) {
  BatchSigner batches(signer_, true);
  auto first = sign(batches, "1");
  wait_for_calls(1);
  std::vector<std::future<Signed>> others;
  for (const char* content : {"2", "3", "4", "5"}) others.push_back(sign(batches, content));
  settle();
  EXPECT_EQ(signer_.calls(), 1U);
  signer_.answer(0);
  ASSERT_TRUE(first.get().ok());
  wait_for_calls(2);
  signer_.answer(1);
  std::vector<evidence::SignatureDocument> documents;
  for (auto& other : others) documents.push_back(*other.get());
  for (std::size_t i = 0; i < documents.size(); ++i) {
    EXPECT_EQ(documents[i].signature, documents[0].signature);
    EXPECT_TRUE(evidence::verify_signature(documents[i], evidence::parts_of({std::to_string(i + 2)}), member_.id,
                                           member_.trust(), evidence::TestMember::kNow)
                    .ok());
  }
  EXPECT_EQ(batches.counts(), (SigningCounts{5, 2}));
}

TEST_F(BatchSignerTest, NobodyWaitsForTheSignaturesOfThoseWhoCameLater) {
  BatchSigner batches(signer_, true);
  auto first = sign(batches, "1");
  wait_for_calls(1);
  auto second = sign(batches, "2");
  settle();
  signer_.answer(0);
  wait_for_calls(2);
  EXPECT_TRUE(is_there(first, 10s)) << "the first message waits for the second one's signature";
  EXPECT_FALSE(is_there(second, 0ms));
  auto third = sign(batches, "3");
  settle();
  signer_.answer(1);
  wait_for_calls(3);
  EXPECT_TRUE(is_there(second, 10s));
  signer_.answer(2);
  EXPECT_TRUE(third.get().ok());
}

TEST_F(BatchSignerTest, GathersBehindABatchAsItTook) {
  BatchSigner batches(signer_, true, {.longest = 20s, .wanted = [] { return true; }});
  auto first = sign(batches, "1");
  wait_for_calls(1);
  auto second = sign(batches, "2"), third = sign(batches, "3");
  settle();
  signer_.answer(0);
  wait_for_calls(2);  // at once: the first was alone
  auto fourth = sign(batches, "4");
  std::this_thread::sleep_for(500ms);
  signer_.answer(1);
  EXPECT_TRUE(third.get().ok());
  // A second is left to come along.
  auto fifth = sign(batches, "5");
  wait_for_calls(3);
  signer_.answer(2);
  EXPECT_TRUE(fourth.get().ok());
  EXPECT_TRUE(fifth.get().ok());
  EXPECT_EQ(batches.counts(), (SigningCounts{5, 3}));
}

TEST_F(BatchSignerTest, GathersNoLongerWhereProcessorsAreToSpare) {
  BatchSigner batches(signer_, true, {.longest = 1h, .wanted = [] { return false; }});
  auto first = sign(batches, "1");
  wait_for_calls(1);
  auto second = sign(batches, "2"), third = sign(batches, "3");
  settle();
  signer_.answer(0);
  wait_for_calls(2);
  auto fourth = sign(batches, "4");
  std::this_thread::sleep_for(500ms);
  signer_.answer(1);
  EXPECT_TRUE(third.get().ok());
  wait_for_calls(3);
  signer_.answer(2);
  EXPECT_TRUE(fourth.get().ok());
}

TEST_F(BatchSignerTest, SignsSideBySideWithoutBatches) {
  BatchSigner alone(signer_, false);
  auto first = sign(alone, "1");
  auto second = sign(alone, "2");
  wait_for_calls(2);
  signer_.answer(1);
  EXPECT_TRUE(second.get().ok());
  EXPECT_FALSE(is_there(first, 0ms));
  signer_.answer(0);
  EXPECT_TRUE(first.get().ok());
  EXPECT_EQ(alone.counts(), (SigningCounts{2, 2}));
}

TEST_F(BatchSignerTest, AFailureIsThatOfItsBatchAlone) {
  BatchSigner batches(signer_, true);
  auto first = sign(batches, "1");
  wait_for_calls(1);
  auto second = sign(batches, "2");
  auto third = sign(batches, "3");
  settle();
  signer_.answer(0, false);
  EXPECT_EQ(first.get().error().code, "cannot_create_signature");
  wait_for_calls(2);
  signer_.answer(1);
  EXPECT_TRUE(second.get().ok());
  EXPECT_TRUE(third.get().ok());
  EXPECT_TRUE([&] {
    auto fourth = sign(batches, "4");
    wait_for_calls(3);
    signer_.answer(2);
    return fourth.get().ok();
  }());
}

}  // namespace
}  // namespace causeway::securityserver
