// SPDX-License-Identifier: MIT
#include "net/http_connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "net/coroutines.hpp"
#include "net/io_threads.hpp"

namespace causeway::net {
namespace {

// Gives one text after the other; asks for memory only when there is one.
class Texts : public Stream {
 public:
  explicit Texts(std::deque<std::string> texts) : texts_(std::move(texts)) {}

  Task<Result<std::size_t>> read_some(std::span<std::uint8_t> into) override {
    const std::string text = texts_.front().substr(0, into.size());
    std::ranges::copy(as_bytes(text), into.begin());
    texts_.front().erase(0, text.size());
    if (texts_.front().empty()) texts_.pop_front();
    co_return text.size();
  }
  Task<Result<std::size_t>> read_into(ReadMemory& memory) override {
    if (texts_.empty()) co_return std::size_t{0};
    co_return co_await read_some(memory.room());
  }
  using Stream::write;
  Task<Result<void>> write(std::span<const ByteView> pieces) override {
    std::string together;
    for (const ByteView piece : pieces) together += as_text(piece);
    written.push_back(together);
    co_return Result<void>{};
  }
  void set_idle_time(std::chrono::milliseconds) override {}
  void set_deadline(std::chrono::steady_clock::time_point) override {}
  bool peer_left() const override { return texts_.empty(); }
  bool quiet() override { return true; }
  void close_writing() override {}
  void cut() override {}
  Task<void> linger(std::size_t, std::chrono::milliseconds) override { co_return; }

  std::vector<std::string> written;  // one for each write

 private:
  std::deque<std::string> texts_;
};

class Input : public testing::Test {
 protected:
  std::size_t fill(InputBuffer& input, Stream& stream) {
    const auto size = block_on(threads_.at(0), input.fill(stream));
    EXPECT_TRUE(size);
    return size ? *size : 0;
  }
  // On the thread of the connections, as everything that gives memory back.
  void take(InputBuffer& input, std::size_t size) {
    const auto taking = [](InputBuffer& from, std::size_t octets) -> Task<void> {
      from.take(octets);
      co_return;
    };
    block_on(threads_.at(0), taking(input, size));
  }

  IoThreads threads_{1};
};

TEST_F(Input, KeepsWhatWasNotTakenBeforeWhatComes) {
  Texts stream({"one, two", ", three"});
  InputBuffer input;
  EXPECT_TRUE(input.empty());
  EXPECT_EQ(fill(input, stream), 8U);
  take(input, 5);
  EXPECT_EQ(fill(input, stream), 7U);
  EXPECT_EQ(input.data(), "two, three");
  take(input, 10);
  EXPECT_TRUE(input.empty());
  EXPECT_EQ(input.data(), "");
  EXPECT_EQ(fill(input, stream), 0U);
}

TEST_F(Input, ConnectionsOfAThreadUseTheSameMemoryInTurn) {
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "each has its own";
#endif
  Texts stream({"first", "second", "third", "fourth"});
  InputBuffer one, other;
  fill(one, stream);
  const char* const memory = one.data().data();
  take(one, 5);
  fill(other, stream);
  EXPECT_EQ(other.data().data(), memory);
  EXPECT_EQ(other.data(), "second");
  fill(one, stream);
  EXPECT_NE(one.data().data(), memory);
  EXPECT_EQ(one.data(), "third");
  EXPECT_EQ(other.data(), "second");
}

TEST_F(Input, OneThatMovesMuchGetsALargeBufferAndKeepsIt) {
  Texts stream({std::string(300'000, 'x')});
  InputBuffer input;
  EXPECT_EQ(fill(input, stream), 16'384U);
  take(input, 16'384);
  EXPECT_EQ(fill(input, stream), 32'768U);
  take(input, 32'768);
  EXPECT_EQ(fill(input, stream), 65'536U);
  const char* const memory = input.data().data();
  take(input, 65'536);
  EXPECT_EQ(fill(input, stream), 65'536U);
  EXPECT_EQ(input.data().data(), memory);
  take(input, 65'536);
  input.release();
  EXPECT_EQ(input.data().data(), nullptr);
}

TEST_F(Input, IsFullWhenNothingIsTaken) {
  Texts stream({std::string(300'000, 'x')});
  InputBuffer input;
  std::size_t here = 0;
  for (;;) {
    const auto size = block_on(threads_.at(0), input.fill(stream));
    if (!size) {
      EXPECT_EQ(size.error().text, "reading: the buffer is full");
      break;
    }
    here += *size;
  }
  EXPECT_EQ(here, 65'536U);
  EXPECT_EQ(input.data(), std::string(65'536, 'x'));
}

class Output : public testing::Test {
 protected:
  Output() {
    auto stream = std::make_unique<Texts>(std::deque<std::string>{});
    stream_ = stream.get();
    connection_.stream = std::move(stream);
  }
  Result<void> finish(OutgoingBody& body, const std::vector<std::string>& texts) {
    std::vector<ByteView> pieces;
    for (const std::string& text : texts) pieces.push_back(as_bytes(text));
    return block_on(threads_.at(0), body.finish_with(pieces));
  }

  IoThreads threads_{1};
  HttpConnection connection_;
  Texts* stream_ = nullptr;
};

TEST_F(Output, PiecesAreOneChunkAndOneWriteWithHeadAndEnd) {
  OutgoingBody body(connection_, "HEAD\r\n\r\n", {BodyFraming::Kind::chunked, 0}, false);
  ASSERT_TRUE(finish(body, {"one, ", "", "two"}));
  EXPECT_THAT(stream_->written, testing::ElementsAre("HEAD\r\n\r\n8\r\none, two\r\n0\r\n\r\n"));
  EXPECT_TRUE(body.finished());
}

TEST_F(Output, ManyPiecesAreSeveralChunks) {
  OutgoingBody body(connection_, "HEAD ", {BodyFraming::Kind::chunked, 0}, false);
  ASSERT_TRUE(finish(body, std::vector<std::string>(20, "x")));
  EXPECT_THAT(stream_->written, testing::ElementsAre("HEAD e\r\nxxxxxxxxxxxxxx\r\n", "6\r\nxxxxxx\r\n0\r\n\r\n"));
}

TEST_F(Output, NothingIsOnlyTheEnd) {
  OutgoingBody body(connection_, "HEAD ", {BodyFraming::Kind::chunked, 0}, false);
  ASSERT_TRUE(finish(body, {""}));
  EXPECT_THAT(stream_->written, testing::ElementsAre("HEAD 0\r\n\r\n"));
}

TEST_F(Output, IsHeldToTheLengthThatWasAnnounced) {
  OutgoingBody exact(connection_, "", {BodyFraming::Kind::length, 4}, false);
  EXPECT_TRUE(finish(exact, {"on", "e,"}));
  OutgoingBody too_short(connection_, "", {BodyFraming::Kind::length, 4}, false);
  EXPECT_FALSE(finish(too_short, {"one"}));
  OutgoingBody too_long(connection_, "", {BodyFraming::Kind::length, 4}, false);
  EXPECT_FALSE(finish(too_long, {"one", "two"}));
  EXPECT_THAT(stream_->written, testing::ElementsAre("one,"));
}

TEST_F(Output, OfAnAnswerWithoutBodyIsTheHead) {
  OutgoingBody body(connection_, "HEAD", {BodyFraming::Kind::none, 0}, true);
  ASSERT_TRUE(finish(body, {"not sent"}));
  EXPECT_THAT(stream_->written, testing::ElementsAre("HEAD"));
}

}  // namespace
}  // namespace causeway::net
