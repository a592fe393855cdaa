// SPDX-License-Identifier: MIT
#include "message/multipart.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace causeway::message {
namespace {

struct Part {
  net::Headers headers;
  std::string body;
  bool ended = false;
  int pieces = 0;  // in which the body came
};

class Collector : public MultipartHandler {
 public:
  Result<void> part_begin(const net::Headers& headers) override {
    if (!parts.empty()) EXPECT_TRUE(parts.back().ended);
    parts.push_back({headers, {}, false, 0});
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    parts.back().body += as_text(bytes);
    ++parts.back().pieces;
    return {};
  }
  Result<void> part_end() override {
    parts.back().ended = true;
    return {};
  }
  std::vector<Part> parts;
};

struct Outcome {
  std::vector<Part> parts;
  bool closed = false;
  std::string fault;
};

Outcome parse(std::string_view text, std::size_t chunk, std::string boundary = "B", MultipartLimits limits = {}) {
  Collector collector;
  MultipartParser parser(std::move(boundary), collector, limits);
  Outcome outcome;
  for (std::size_t i = 0; i < text.size() && outcome.fault.empty(); i += chunk)
    if (auto fed = parser.feed(as_bytes(text.substr(i, chunk))); !fed) outcome.fault = fed.error().code;
  if (outcome.fault.empty())
    if (auto ended = parser.end(); !ended) outcome.fault = ended.error().code;
  outcome.parts = collector.parts;
  outcome.closed = parser.closed();
  return outcome;
}

// Bodies separated by '|', whatever the pieces the input came in.
std::string bodies(std::string_view text, std::string boundary = "B") {
  std::string whole;
  for (const std::size_t chunk : {text.size() + 1, std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}}) {
    const Outcome outcome = parse(text, chunk, boundary);
    EXPECT_EQ(outcome.fault, "");
    std::string joined;
    for (const Part& part : outcome.parts) {
      EXPECT_TRUE(part.ended);
      joined += part.body + "|";
    }
    if (whole.empty()) whole = joined;
    EXPECT_EQ(joined, whole) << "in pieces of " << chunk;
  }
  return whole;
}

TEST(MultipartParser, ReadsWhatTheWriterWrites) {
  MultipartWriter writer("xtopABC");
  net::Headers more;
  more.add("Content-ID", "<a@b>");
  const std::string text = writer.part("text/xml") + "<a/>" + writer.part("text/plain", more) + "x\r\ny\r\n" +
                           writer.part("application/octet-stream") + writer.end();
  EXPECT_EQ(text,
            "--xtopABC\r\ncontent-type: text/xml\r\n\r\n<a/>"
            "\r\n--xtopABC\r\ncontent-type: text/plain\r\nContent-ID: <a@b>\r\n\r\nx\r\ny\r\n"
            "\r\n--xtopABC\r\ncontent-type: application/octet-stream\r\n\r\n"
            "\r\n--xtopABC--\r\n");
  EXPECT_EQ(bodies(text, "xtopABC"), "<a/>|x\r\ny\r\n||");
  const Outcome outcome = parse(text, 5, "xtopABC");
  EXPECT_TRUE(outcome.closed);
  EXPECT_EQ(*outcome.parts[1].headers.find("content-id"), "<a@b>");
}

TEST(MultipartParser, KeepsWhatOnlyLooksLikeADelimiter) {
  EXPECT_EQ(bodies("--B\r\n\r\nx--B\r\n--Bx\r\n--b\r\n-\r\r\n\n--B--\r\n"), "x--B\r\n--Bx\r\n--b\r\n-\r\r\n|");
  EXPECT_EQ(bodies("--B\r\n\r\n\r\n--\r\n--\r\n--B--"), "\r\n--\r\n--|");
  EXPECT_EQ(bodies("--B\n\n\r\r\n--B--"), "\r|");
}

TEST(MultipartParser, HandsOverABodyThatIsThereWholeAsOnePiece) {
  const std::string text = "--B\r\n\r\nx y\r\nz\r\n--B\r\nA: b\r\n\r\n<a/>\r\n--B--\r\n";
  const Outcome outcome = parse(text, text.size());
  ASSERT_EQ(outcome.parts.size(), 2u);
  EXPECT_EQ(outcome.parts[0].body, "x y\r\nz");
  EXPECT_EQ(outcome.parts[0].pieces, 1);
  EXPECT_EQ(outcome.parts[1].pieces, 1);
  EXPECT_EQ(bodies(text), "x y\r\nz|<a/>|");
}

TEST(MultipartParser, PassesOverPreambleAndEpilogue) {
  EXPECT_EQ(bodies("pre\r\namble\r\n--B\r\n\r\nx\r\n--B--\r\nepi\r\n--B\r\n\r\ny\r\n--B--"), "x|");
}

TEST(MultipartParser, TakesBareLineFeeds) { EXPECT_EQ(bodies("--B\nA: b\n\nx\r\ny\n--B\n\nz\n--B--\n"), "x\r\ny|z|"); }

TEST(MultipartParser, EndsAnOpenPartAtTheEndOfInput) {
  EXPECT_EQ(bodies("--B\r\n\r\nx\r\n"), "x\r\n|");
  EXPECT_EQ(bodies("--B\r\n\r\nx\r\n--B"), "x|");
  EXPECT_EQ(bodies("--B\r\n\r\nx\r\n--"), "x\r\n--|");
  EXPECT_FALSE(parse("--B\r\n\r\nx\r\n--B", 100).closed);
  EXPECT_TRUE(parse("--B\r\n\r\nx\r\n--B--", 100).closed);
}

TEST(MultipartParser, GivesAPartWithoutBodyForADelimiterAmongHeaders) {
  EXPECT_EQ(bodies("--B\r\nA: b\r\n--B\r\n\r\nx\r\n--B--"), "|x|");
  EXPECT_EQ(bodies("--B\r\nA: b\r\n--B--\r\nrest"), "|");
  EXPECT_EQ(bodies("--B\r\nA: b"), "|");
  EXPECT_EQ(bodies("--B\r\n\r\n--B--"), "|");
}

TEST(MultipartParser, ReadsFoldedHeadersAnyCaseAndWithoutSpace) {
  const Outcome outcome = parse("--B\r\nX:1\r\nContent-TYPE : a/b;\r\n\tc=d\r\nno colon\r\nY:  2 \r\n\r\n\r\n--B--", 3);
  ASSERT_EQ(outcome.parts.size(), 1u);
  const net::Headers& headers = outcome.parts[0].headers;
  ASSERT_EQ(headers.size(), 3u);
  EXPECT_EQ(*headers.find("x"), "1");
  EXPECT_EQ(*headers.find("content-type"), "a/b;\tc=d");
  EXPECT_EQ(*headers.find("y"), " 2 ");
}

TEST(MultipartParser, HoldsTheLimitsOfHeaders) {
  const std::string long_line = "--B\r\nA: " + std::string(1001, 'x');
  EXPECT_EQ(parse(long_line, 100).fault, "mime_parsing_failed");
  EXPECT_EQ(parse(long_line + "\r\n\r\n", 5000).fault, "mime_parsing_failed");
  std::string folded = "--B\r\nA: b";
  for (int i = 0; i < 20; ++i) folded += "\r\n " + std::string(900, 'x');
  EXPECT_EQ(parse(folded + "\r\n\r\n", 5000).fault, "mime_parsing_failed");
  std::string many = "--B\r\n";
  for (int i = 0; i < 1001; ++i) many += "A: b\r\n";
  EXPECT_EQ(parse(many + "\r\n", 5000).fault, "mime_parsing_failed");
  MultipartLimits small;
  small.max_headers = 10;
  EXPECT_EQ(parse("--B\r\nA: 12345\r\nB: 12345\r\n\r\n", 5000, "B", small).fault, "mime_parsing_failed");
  EXPECT_EQ(parse("--B\r\nA: 1\r2\r\n\r\n", 5000).fault, "mime_parsing_failed");
}

TEST(MultipartParser, RefusesBoundariesThatCannotBe) {
  for (const char* boundary : {"", "a\r\nb"}) EXPECT_EQ(parse("--\r\n", 10, boundary).fault, "mime_parsing_failed");
}

TEST(MultipartParser, ReturnsTheFaultOfItsHandler) {
  class Refusing : public Collector {
    Result<void> part_data(ByteView) override { return Fault{"service_failed", "no"}; }
  } refusing;
  MultipartParser parser("B", refusing);
  const auto fed = parser.feed(as_bytes("--B\r\n\r\nx\r\n--B--"));
  ASSERT_FALSE(fed.ok());
  EXPECT_EQ(fed.error().code, "service_failed");
}

TEST(MultipartWriter, EndsEvenWithoutAPart) { EXPECT_EQ(MultipartWriter("B").end(), "\r\n--B--\r\n"); }

TEST(Boundaries, AreAsJavaMakesThem) {
  EXPECT_EQ(top_boundary().size(), 34u);
  EXPECT_TRUE(top_boundary().starts_with("xtop"));
  EXPECT_TRUE(nested_boundary().starts_with("xatt"));
  EXPECT_EQ(mixed_content_type("xtopA"), "multipart/mixed; charset=UTF-8; boundary=xtopA");
}

}  // namespace
}  // namespace causeway::message
