// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "message/rest.hpp"

namespace causeway::message {
namespace {

net::Headers accepting(std::string value) {
  net::Headers headers;
  headers.add("Accept", std::move(value));
  return headers;
}

const Fault kDenied{"server.serverproxy.access_denied", "no <right> & \"none\"", "d-1"};

TEST(RestError, IsJsonUnlessXmlIsAcceptable) {
  const RestError error = rest_error(kDenied, accepting("application/json, */*"));
  EXPECT_EQ(error.head.status, 500);
  EXPECT_EQ(*error.head.headers.find("x-road-error"), "server.serverproxy.access_denied");
  EXPECT_EQ(*error.head.headers.find("content-type"), "application/json");
  EXPECT_EQ(error.body,
            R"({"type":"server.serverproxy.access_denied","message":"no <right> & \"none\"","detail":"d-1"})");
}

TEST(RestError, IsXmlOfTheAcceptedKind) {
  const RestError error = rest_error(kDenied, accepting("application/json;q=1, Application/XML ; q=0.1"));
  EXPECT_EQ(*error.head.headers.find("content-type"), "application/xml;charset=utf-8");
  EXPECT_EQ(error.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<error><type>server.serverproxy.access_denied</type>"
            "<message>no &lt;right&gt; &amp; \"none\"</message><detail>d-1</detail></error>");
  EXPECT_EQ(*rest_error(kDenied, accepting("text/*")).head.headers.find("content-type"), "text/xml;charset=utf-8");
  EXPECT_EQ(*rest_error(kDenied, accepting("text/html")).head.headers.find("content-type"), "application/json");
}

TEST(RestError, HasStatus400ForCodesThatAreNotOfAServer) {
  EXPECT_EQ(rest_error(Fault{"client.bad_request", ""}, {}).head.status, 400);
  EXPECT_EQ(rest_error(Fault{"Server.ServerProxy.AccessDenied", ""}, {}).head.status, 400);
}

TEST(RestError, KeepsAForeignCodeOnOneHeaderLine) {
  EXPECT_EQ(*rest_error(Fault{"soap:Server\r\nX: y", ""}, {}).head.headers.find("X-Road-Error"), "soap:Server__X:_y");
}

TEST(RestError, GetsAnIdWhenItHasNone) {
  const RestError error = rest_error(Fault{"server.clientproxy.io_error", "t"}, {});
  const auto read = parse_rest_error("application/json", error.body);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->detail.size(), 36u);
}

TEST(RestError, IsReadInBothForms) {
  for (const char* accept : {"application/json", "text/xml", "application/xml"}) {
    const RestError error = rest_error(kDenied, accepting(accept));
    const auto read = parse_rest_error(*error.head.headers.find("content-type"), error.body);
    ASSERT_TRUE(read.has_value()) << accept;
    EXPECT_EQ(read->code, kDenied.code);
    EXPECT_EQ(read->text, kDenied.text);
    EXPECT_EQ(read->detail, kDenied.detail);
  }
  EXPECT_FALSE(parse_rest_error("application/json", "[1]").has_value());
  EXPECT_FALSE(parse_rest_error("text/html", "<html/>").has_value());
}

}  // namespace
}  // namespace causeway::message
