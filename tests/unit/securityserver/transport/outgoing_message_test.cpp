// SPDX-License-Identifier: MIT
#include "securityserver/transport/outgoing_message.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "net/coroutines.hpp"
#include "net/io_threads.hpp"

namespace causeway::securityserver {
namespace {

class RecordingWriter : public net::BodyWriter {
 public:
  net::Task<Result<void>> write(ByteView bytes) override {
    writes.emplace_back(as_text(bytes));
    co_return Result<void>();
  }
  net::Task<Result<void>> finish() override {
    ++finished;
    co_return Result<void>();
  }
  using BodyWriter::finish_with;
  net::Task<Result<void>> finish_with(std::span<const ByteView> pieces) override {
    std::string together;
    for (const ByteView piece : pieces) together += as_text(piece);
    if (!together.empty()) writes.push_back(together);
    co_return co_await finish();
  }
  std::string all() const {
    std::string text;
    for (const std::string& write : writes) text += write;
    return text;
  }

  std::vector<std::string> writes;
  int finished = 0;
};

class SourceThatIs : public net::BodyReader {
 public:
  explicit SourceThatIs(bool ready) : ready_(ready) {}
  net::Task<Result<ByteView>> read_some() override { co_return ByteView(); }
  bool ready() const override { return ready_; }

 private:
  bool ready_;
};

class OutgoingMessageTest : public ::testing::Test {
 protected:
  OutgoingMessageTest() { message_.start(writer_); }
  void ok(net::Task<Result<void>> task) {
    const auto done = net::block_on(threads_.at(0), std::move(task));
    EXPECT_TRUE(done.ok()) << (done.ok() ? "" : done.error().text);
  }
  // Head and body of a REST message, without its end.
  void begin(const std::string& body) {
    const std::vector<Bytes> responses{to_bytes("ocsp 1"), to_bytes("ocsp 2")};
    ok(message_.ocsp_responses(responses));
    ok(message_.head("application/x-road-rest-request", as_bytes("GET /r1")));
    ok(message_.begin_rest_body());
    ok(message_.data(as_bytes(body)));
  }

  net::IoThreads threads_{1};
  RecordingWriter writer_;
  OutgoingMessage message_{"xtop"};
  const evidence::SignatureDocument document_{"<signature/>", "<result/>", "<chain/>"};
};

TEST_F(OutgoingMessageTest, IsOneWriteWhenItIsShort) {
  begin("the body");
  const auto parts = message_.end_parts();
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].digest, pki::digest(pki::DigestAlgorithm::sha512, as_bytes("GET /r1")));
  EXPECT_EQ(parts[1].digest, pki::digest(pki::DigestAlgorithm::sha512, as_bytes("the body")));
  EXPECT_TRUE(writer_.writes.empty());
  ok(message_.signature(document_));
  ASSERT_EQ(writer_.writes.size(), 1U);
  EXPECT_EQ(writer_.finished, 1);
  std::size_t at = 0;
  for (const char* piece :
       {"ocsp 1", "ocsp 2", "GET /r1", "the body", "<result/>", "<chain/>", "<signature/>", "--xtop--"}) {
    at = writer_.all().find(piece, at);
    ASSERT_NE(at, std::string::npos) << piece;
  }
}

TEST_F(OutgoingMessageTest, HasNoPartsOfAHashChainWithAPlainSignature) {
  begin("the body");
  (void)message_.end_parts();
  const evidence::SignatureDocument plain{"<signature/>", {}, {}};
  ok(message_.signature(plain));
  EXPECT_NE(writer_.all().find("<signature/>\r\n--xtop--"), std::string::npos) << writer_.all();
  EXPECT_EQ(writer_.all().find("hash-chain"), std::string::npos) << writer_.all();
}

TEST_F(OutgoingMessageTest, DoesNotKeepWhatIsThereWhileMoreIsWaitedFor) {
  begin("first");
  ok(message_.flush_before(SourceThatIs(true)));
  EXPECT_TRUE(writer_.writes.empty());
  ok(message_.flush_before(SourceThatIs(false)));
  ASSERT_EQ(writer_.writes.size(), 1U);
  EXPECT_TRUE(writer_.writes[0].ends_with("first"));
  ok(message_.flush_before(SourceThatIs(false)));
  EXPECT_EQ(writer_.writes.size(), 1U) << "there is nothing to send";
  EXPECT_EQ(writer_.finished, 0);
}

TEST_F(OutgoingMessageTest, HoldsNoMoreThanARecordOfALargeBody) {
  begin("");
  const std::string piece(10'000, 'p'), large(100'000, 'l');
  for (int i = 0; i < 5; ++i) ok(message_.data(as_bytes(piece)));
  EXPECT_GE(writer_.all().size(), 4 * piece.size());
  ok(message_.data(as_bytes(large)));
  EXPECT_TRUE(writer_.all().ends_with(large)) << "large pieces are not copied";
  for (const std::string& write : writer_.writes)
    if (write != large) EXPECT_LE(write.size(), 16U * 1024);
}

TEST_F(OutgoingMessageTest, SendsAFaultInPlaceOfTheSignatureBehindWhatHasGathered) {
  ok(message_.head("text/xml", as_bytes("<soap/>")));
  net::Headers headers;
  headers.add("content-type", "text/plain");
  ok(message_.begin_attachment(headers));
  ok(message_.data(as_bytes("attached")));
  ok(message_.fault("<fault/>"));
  ASSERT_EQ(writer_.writes.size(), 1U);
  std::size_t at = 0;
  for (const char* piece : {"<soap/>", "attached", "<fault/>", "--xtop--"}) {
    at = writer_.all().find(piece, at);
    ASSERT_NE(at, std::string::npos) << piece;
  }
}

}  // namespace
}  // namespace causeway::securityserver
