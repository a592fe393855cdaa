// SPDX-License-Identifier: MIT
#include "net/http_parser.hpp"

#include <gtest/gtest.h>

namespace causeway::net {
namespace {

using Kind = BodyFraming::Kind;

// The status a request is refused with; 0 when it is accepted.
int status_of(std::string_view head) {
  ParsedRequest request;
  const auto fault = parse_request_head(head, request);
  return fault ? fault->status : 0;
}

struct Case {
  const char* name;
  std::string head;
  int status;
};

class RequestHeads : public testing::TestWithParam<Case> {};

TEST_P(RequestHeads, AreAcceptedOrRefused) { EXPECT_EQ(status_of(GetParam().head), GetParam().status); }

std::string with(std::string_view lines) { return "POST / HTTP/1.1\r\nHost: x\r\n" + std::string(lines) + "\r\n"; }

INSTANTIATE_TEST_SUITE_P(
    Table, RequestHeads,
    testing::Values(
        Case{"Plain", with(""), 0}, Case{"EmptyValue", with("X:\r\n"), 0}, Case{"ObsText", with("X: \xe4\xff\r\n"), 0},
        Case{"TargetKeptRaw", "GET /%2F?a|b HTTP/1.1\r\nHost: x\r\n\r\n", 0},
        Case{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400}, Case{"NoHostInHttp10", "GET / HTTP/1.0\r\n\r\n", 0},
        Case{"TwoHosts", with("host: y\r\n"), 400}, Case{"Http2", "PRI * HTTP/2.0\r\n\r\n", 505},
        Case{"Http09", "GET /\r\n\r\n", 400}, Case{"LowerCaseVersion", "GET / http/1.1\r\nHost: x\r\n\r\n", 400},
        Case{"SpaceInTarget", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Case{"TabInLine", "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Case{"NulInTarget", std::string("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", 28), 400},
        Case{"NoTarget", "GET  HTTP/1.1\r\nHost: x\r\n\r\n", 400},
        Case{"BadMethod", "G@T / HTTP/1.1\r\nHost: x\r\n\r\n", 400}, Case{"SpaceBeforeColon", with("X : y\r\n"), 400},
        Case{"SpaceInName", with("X Y: z\r\n"), 400}, Case{"NoColon", with("XY\r\n"), 400},
        Case{"EmptyName", with(": y\r\n"), 400}, Case{"FoldedLine", with("X: y\r\n z\r\n"), 400},
        Case{"FoldAfterFirstLine", "GET / HTTP/1.1\r\n X: y\r\nHost: x\r\n\r\n", 400},
        Case{"BareLf", "GET / HTTP/1.1\nHost: x\n\n", 400}, Case{"OneBareLf", with("X: y\n"), 400},
        Case{"BareCrInValue", with("X: y\rz\r\n"), 400},
        Case{"NulInValue", with(std::string_view("X: \0\r\n", 6)), 400}, Case{"CrBeforeCrLf", with("X: y\r\r\n"), 400},
        Case{"DelInValue", with("X: \x7f\r\n"), 400},
        Case{"LengthAndCoding", with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"CodingAndLength", with("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400},
        Case{"TwoLengths", with("Content-Length: 3\r\nContent-Length: 4\r\n"), 400},
        Case{"SameLengthTwice", with("Content-Length: 3\r\nContent-Length: 3\r\n"), 400},
        Case{"LengthList", with("Content-Length: 3, 3\r\n"), 400},
        Case{"NegativeLength", with("Content-Length: -1\r\n"), 400},
        Case{"SignedLength", with("Content-Length: +1\r\n"), 400},
        Case{"HexLength", with("Content-Length: 0x1\r\n"), 400}, Case{"EmptyLength", with("Content-Length:\r\n"), 400},
        Case{"HugeLength", with("Content-Length: 99999999999999999999\r\n"), 400},
        Case{"Chunked", with("Transfer-Encoding: Chunked\r\n"), 0},
        Case{"TwoCodings", with("Transfer-Encoding: gzip, chunked\r\n"), 501},
        Case{"ChunkedTwice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        Case{"ChunkedList", with("Transfer-Encoding: chunked, chunked\r\n"), 501},
        Case{"UnknownCoding", with("Transfer-Encoding: xchunked\r\n"), 501},
        Case{"IdentityCoding", with("Transfer-Encoding: identity\r\n"), 501},
        Case{"VerticalTabInCoding",
             with("Transfer-Encoding: \x0b"
                  "chunked\r\n"),
             400},
        Case{"ChunkedInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        Case{"UnknownExpectation", with("Expect: 200-maybe\r\n"), 417}),
    [](const auto& test) { return test.param.name; });

TEST(RequestHeadParser, SaysHowTheBodyIsFramedAndTheConnectionKept) {
  ParsedRequest request;
  ASSERT_FALSE(
      parse_request_head("PUT /x HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\nConnection: a, Close\r\n\r\n", request));
  EXPECT_EQ(request.body.kind, Kind::length);
  EXPECT_EQ(request.body.length, 12U);
  EXPECT_FALSE(request.keep_alive);
  ParsedRequest old;
  ASSERT_FALSE(parse_request_head("GET /x HTTP/1.0\r\n\r\n", old));
  EXPECT_FALSE(old.keep_alive);
  EXPECT_EQ(old.body.kind, Kind::none);
}

TEST(RequestHeadParser, RefusesTooManyHeaders) {
  std::string lines;
  for (int i = 0; i < 1001; ++i) lines += "a:\r\n";
  EXPECT_EQ(status_of(with(lines)), 431);
}

TEST(HeadEnd, IsFoundHoweverTheOctetsArrive) {
  const std::string head = "GET / HTTP/1.1\r\nHost: x\r\n\r\nrest";
  std::size_t from = 0;
  for (std::size_t size = 0; size < head.size() - 4; ++size) {
    ASSERT_FALSE(find_head_end(head.substr(0, size), from)) << size;
  }
  EXPECT_EQ(find_head_end(head.substr(0, head.size() - 4), from), head.size() - 4);
  from = 0;
  EXPECT_EQ(find_head_end("HTTP/1.1 200\n\nx", from), 14U);
}

TEST(ResponseHeadParser, ReadsWhatOldServersSend) {
  ParsedResponse response;
  ASSERT_FALSE(
      parse_response_head("HTTP/1.0 200\nX: a\n  b\nContent-Length: 1\nContent-Length: 1\n\n", "GET", response));
  EXPECT_EQ(response.head.status, 200);
  EXPECT_EQ(*response.head.headers.find("x"), "a b");
  EXPECT_EQ(response.body.length, 1U);
  EXPECT_FALSE(response.keep_alive);
}

TEST(ResponseHeadParser, KnowsWhichAnswersHaveNoBody) {
  for (const auto& [method, line] : std::vector<std::pair<std::string, std::string>>{
           {"HEAD", "200 OK"}, {"GET", "204 None"}, {"GET", "304 Same"}, {"POST", "100 Continue"}}) {
    ParsedResponse response;
    ASSERT_FALSE(parse_response_head("HTTP/1.1 " + line + "\r\nContent-Length: 5\r\n\r\n", method, response));
    EXPECT_EQ(response.body.kind, Kind::none) << line;
  }
  ParsedResponse endless;
  ASSERT_FALSE(parse_response_head("HTTP/1.1 200 OK\r\n\r\n", "GET", endless));
  EXPECT_EQ(endless.body.kind, Kind::until_close);
  EXPECT_FALSE(endless.keep_alive);
}

TEST(ResponseHeadParser, RefusesWhatIsNoAnswer) {
  for (const std::string head :
       {"HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "ICY 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "\r\n", "HTTP/1.1 012 X\r\n\r\n"}) {
    ParsedResponse response;
    EXPECT_TRUE(parse_response_head(head, "GET", response)) << head;
  }
}

// What a decoder makes of `text`, fed in pieces of `step` octets.
std::string decoded(std::string_view text, std::size_t step, ChunkDecoder::LineEnds ends) {
  ChunkDecoder decoder(ends);
  std::string data;
  std::string pending;
  while (!decoder.done()) {
    if (pending.empty()) {
      if (text.empty()) return "<more>";
      pending = text.substr(0, step);
      text.remove_prefix(pending.size());
    }
    const auto piece = decoder.decode(pending);
    if (!piece) return "<bad>";
    data += piece->data;
    pending.erase(0, piece->consumed);
  }
  return data + "|" + pending + std::string(text);
}

TEST(ChunkedCoding, IsReadHoweverItArrives) {
  const std::string text = "5\r\nhello\r\nA;x=\"y\"\r\n, world123\r\n00\r\nX-Trailer: 1\r\n\r\nNEXT";
  for (std::size_t step = 1; step < text.size(); ++step) {
    EXPECT_EQ(decoded(text, step, ChunkDecoder::LineEnds::strict), "hello, world123|NEXT") << step;
  }
}

TEST(ChunkedCoding, RefusesWhatCouldBeReadTwoWays) {
  for (const std::string text :
       {"5\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n", "\r\n5\r\nhello", "x\r\n", "-1\r\n",
        "0x5\r\nhello\r\n", "5 \r\nhello\r\n0\r\n\r\n", "5\r\r\nhello", "5;a\rb\r\nhello", "5;\n\r\nhello\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFF\r\n", "0000000000000000000005\r\nhello", "5\r\nhello\n0\r\n\r\n", "0\r\n\n", " 5\r\nhello"}) {
    EXPECT_EQ(decoded(text, 3, ChunkDecoder::LineEnds::strict), "<bad>") << text;
  }
  EXPECT_EQ(decoded("5 \nhello\n0\n\n", 2, ChunkDecoder::LineEnds::lenient), "hello|");
}

TEST(ChunkedCoding, LimitsExtensionsAndTrailers) {
  EXPECT_EQ(decoded("1;" + std::string(2000, 'x') + "\r\na", 100, ChunkDecoder::LineEnds::strict), "<bad>");
  std::string trailers = "0\r\n";
  for (int i = 0; i < 1000; ++i) trailers += "name: value\r\n";
  EXPECT_EQ(decoded(trailers + "\r\n", 100, ChunkDecoder::LineEnds::strict), "<bad>");
}

}  // namespace
}  // namespace causeway::net
