// SPDX-License-Identifier: MIT
#include "bench/response_reader.hpp"

#include <gtest/gtest.h>

namespace causeway::bench {
namespace {

using State = ResponseReader::State;

// All at once, and octet by octet: it has to come to the same.
State read_both_ways(std::string_view octets, ResponseReader& reader) {
  const State whole = reader.read(octets);
  ResponseReader other;
  State state = State::more;
  for (const char octet : octets) {
    state = other.read({&octet, 1});
    if (state == State::broken) break;
  }
  EXPECT_EQ(whole, state) << octets;
  EXPECT_EQ(reader.status(), other.status()) << octets;
  if (whole == State::done) EXPECT_EQ(reader.body_octets(), other.body_octets()) << octets;
  return whole;
}

TEST(ResponseReader, ReadsABodyOfKnownLength) {
  ResponseReader reader;
  EXPECT_EQ(read_both_ways("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", reader), State::done);
  EXPECT_EQ(reader.status(), 200);
  EXPECT_EQ(reader.body_octets(), 5U);
  EXPECT_FALSE(reader.closes());
}

TEST(ResponseReader, ReadsChunks) {
  ResponseReader reader;
  EXPECT_EQ(read_both_ways("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n",
                           reader),
            State::done);
  EXPECT_EQ(reader.body_octets(), 15U);
}

TEST(ResponseReader, ReadsAnswersWithoutABody) {
  for (const std::string_view text : {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                                      "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"}) {
    ResponseReader reader;
    EXPECT_EQ(read_both_ways(text, reader), State::done) << text;
  }
}

TEST(ResponseReader, PassesOverInterimResponses) {
  ResponseReader reader;
  EXPECT_EQ(read_both_ways("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 500 Oh\r\nContent-Length: 1\r\n\r\nx", reader),
            State::done);
  EXPECT_EQ(reader.status(), 500);
}

TEST(ResponseReader, ABodyWithoutALengthEndsWithTheConnection) {
  ResponseReader reader;
  EXPECT_EQ(reader.read("HTTP/1.1 200 OK\r\n\r\nuntil the end"), State::more);
  EXPECT_EQ(reader.ended(), State::done);
  EXPECT_TRUE(reader.closes());
  EXPECT_EQ(reader.body_octets(), 13U);
}

TEST(ResponseReader, AnEndTooEarlyIsBroken) {
  for (const std::string_view text : {"", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
                                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}) {
    ResponseReader reader;
    EXPECT_EQ(reader.read(text), State::more) << text;
    EXPECT_EQ(reader.ended(), State::broken) << text;
  }
}

TEST(ResponseReader, WhatIsNoResponseIsBroken) {
  for (const std::string_view text :
       {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 204 None\r\n\r\nmore"}) {
    ResponseReader reader;
    EXPECT_EQ(read_both_ways(text, reader), State::broken) << text;
  }
}

TEST(ResponseReader, TellsThatTheConnectionCloses) {
  ResponseReader reader;
  reader.read("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(reader.closes());
  reader.reset();
  EXPECT_EQ(reader.read("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"), State::done);
  EXPECT_TRUE(reader.closes());
}

}  // namespace
}  // namespace causeway::bench
