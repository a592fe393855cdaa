// SPDX-License-Identifier: MIT
// REST heads; the two worked examples are those of messages.md 4.9 and 4.10.
#include "message/rest.hpp"

#include <gtest/gtest.h>

namespace causeway::message {
namespace {

constexpr std::string_view kGetHead =
    "GET\r\n/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets/7?verbose=true\r\nAccept:application/json\r\n"
    "X-Road-Client:DEV/COM/111/TESTCLIENT\r\nX-Road-Id:req-0001\r\n"
    "x-road-request-id:6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e11\r\n";
constexpr std::string_view kGetHash =
    "yU0v+bDHuK+73DtBx70hY+gi0VOXOeuNeVfmEp3bNQBJV+QJCbAw9wN1R9Kr4cLLjKeOujFrHvFFQKEHqadOUw==";
constexpr std::string_view kPostHead =
    "POST\r\n/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets\r\nContent-Type:application/json\r\n"
    "X-Road-Client:DEV/COM/111/TESTCLIENT\r\nx-road-request-id:6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e12\r\n"
    "x-road-id:DEV-3b0a6d0e-8f0f-4c3a-b0d5-0c6a1d1c7f22\r\n";

net::RequestHead http(std::string method, std::string target,
                      std::initializer_list<std::pair<std::string, std::string>> headers) {
  net::RequestHead head;
  head.method = std::move(method);
  head.target = std::move(target);
  for (const auto& [name, value] : headers) head.headers.add(name, value);
  return head;
}

RestRequest request(std::string_view head) {
  auto parsed = parse_rest_request(head);
  if (!parsed) throw std::runtime_error(parsed.error().text);
  return *std::move(parsed);
}

std::string refusal(std::string_view head) {
  const auto parsed = parse_rest_request(head);
  return parsed ? "" : parsed.error().code;
}

Bytes sha512(std::string_view text) { return pki::digest(pki::DigestAlgorithm::sha512, as_bytes(text)); }

TEST(RestExampleA, HeadAndHashAreByteForByte) {
  const auto made = rest_request_from_http(http("GET", "/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets/7?verbose=true",
                                                {{"Host", "ss1"},
                                                 {"User-Agent", "curl"},
                                                 {"Accept", "application/json"},
                                                 {"X-Road-Client", "DEV/COM/111/TESTCLIENT"},
                                                 {"X-Road-Id", "req-0001"}}),
                                           "DEV", "6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e11");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->head(), kGetHead);
  EXPECT_EQ(made->head().size(), 205u);
  EXPECT_EQ(rest_request_hash(sha512(made->head()), std::nullopt), kGetHash);
  EXPECT_EQ(request(kGetHead).head(), kGetHead);
  EXPECT_EQ(made->service_path, "/v2/pets/7");
  EXPECT_EQ(made->service.to_rest(), "DEV/COM/222/TESTSERVICE/petstore");
  EXPECT_EQ(made->client.to_string(), "SUBSYSTEM:DEV/COM/111/TESTCLIENT");
  EXPECT_EQ(made->id, "req-0001");
  EXPECT_EQ(made->request_id, "6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e11");
  EXPECT_EQ(*made->query, "verbose=true");
}

TEST(RestExampleA, ResponseHeadIsByteForByte) {
  net::ResponseHead answer;
  answer.status = 200;
  answer.reason = "OK";
  answer.headers.add("Server", "x");
  answer.headers.add("Content-Length", "12");
  answer.headers.add("Content-Type", "application/json");
  answer.headers.add("Date", "Thu, 05 Feb 2026 10:00:00 GMT");
  answer.headers.add("X-Road-Service", "broken");
  answer.headers.add("X-Road-Request-Hash", "forged");
  const RestRequest get = request(kGetHead);
  const auto response = rest_response_from_http(answer, get, get.request_id, std::string(kGetHash));
  ASSERT_TRUE(response.ok());
  const std::string head =
      "200\r\nOK\r\nContent-Type:application/json\r\nDate:Thu, 05 Feb 2026 10:00:00 GMT\r\nx-road-id:req-0001\r\n"
      "x-road-client:DEV/COM/111/TESTCLIENT\r\nx-road-service:DEV/COM/222/TESTSERVICE/petstore\r\n"
      "x-road-request-id:6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e11\r\nx-road-request-hash:" +
      std::string(kGetHash) + "\r\n";
  EXPECT_EQ(response->head(), head);
  const auto parsed = parse_rest_response(head);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->head(), head);
  EXPECT_EQ(parsed->status, 200);
  EXPECT_TRUE(check_consistent(get, kGetHash, *parsed).ok());
}

TEST(RestExampleB, HeadAndHashesAreByteForByte) {
  const RestRequest post = request(kPostHead);
  EXPECT_EQ(post.head(), kPostHead);
  EXPECT_EQ(kPostHead.size(), 229u);
  const Bytes head_digest = sha512(kPostHead), body_digest = sha512(R"({"name":"Rex"})");
  EXPECT_EQ(to_base64(head_digest),
            "lD7PW2WHJ/jUKEqQ82+V/LendEX1BhKiqLXlr+oaDG3hgUbjXfkeWNRL0BawumB1DwkcH5IgCHa8lbvUz5JG6g==");
  EXPECT_EQ(to_base64(body_digest),
            "ybwGMBy+7m/Hfb++aZZqpHMvJVOmD1S6zqfUVDyGUG6UaHXQbnmnZH2+PagYEea5F6Abfnevo2tvy7FamxgKkA==");
  EXPECT_EQ(rest_request_hash(head_digest, ByteView(body_digest)),
            "y+ILaQeVUXDNQv2JEQ96YnShP9AgmdYhCDIgAbQAr7Zd/mrwesM8Gu/o8ceCI9hfJdyLEmkY9lqgMQ8okuiULg==");
}

TEST(RestExampleB, AnIdIsMadeWhenNoneCame) {
  const auto made = rest_request_from_http(
      http("POST", "/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets",
           {{"Content-Type", "application/json"}, {"X-Road-Client", "DEV/COM/111/TESTCLIENT"}, {"Expect", "x"}}),
      "DEV", "6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e12");
  ASSERT_TRUE(made.ok());
  const std::string head = made->head();
  const std::size_t id = kPostHead.find("3b0a6d0e-8f0f");
  EXPECT_EQ(head.size(), kPostHead.size());
  EXPECT_EQ(head.substr(0, id), kPostHead.substr(0, id));
  EXPECT_TRUE(made->id.starts_with("DEV-"));
}

TEST(RestRequestFromHttp, KeepsOrderCaseAndRepeatsAndDropsWhatIsOurs) {
  const auto made = rest_request_from_http(http("DELETE", "/r1/I/C/M/S/svc/?",
                                                {{"Accept", "a"},
                                                 {"connection", "close"},
                                                 {"ACCEPT", "b"},
                                                 {"X-Road-Request-Id", "theirs"},
                                                 {"x-road-request-hash", "theirs"},
                                                 {"X-Road-Client", "I/C/M"},
                                                 {"Cookie", "k\xe4"},
                                                 {"x-road-ID", ""},
                                                 {"X-Road-UserId", "EE1"},
                                                 {"X-Road-Issue", "42"},
                                                 {"X-Road-Security-Server", "I/C/M/ss%2F1"},
                                                 {"X-Road-Represented-Party", "COM/77"}}),
                                           "I", "rid");
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->head(),
            "DELETE\r\n/r1/I/C/M/S/svc/?\r\nAccept:a\r\nACCEPT:b\r\nX-Road-Client:I/C/M\r\nCookie:k\xc3\xa4\r\n"
            "x-road-ID:\r\nX-Road-UserId:EE1\r\nX-Road-Issue:42\r\nX-Road-Security-Server:I/C/M/ss%2F1\r\n"
            "X-Road-Represented-Party:COM/77\r\nx-road-request-id:rid\r\n");
  EXPECT_EQ(made->service_path, "/");
  EXPECT_EQ(*made->query, "");
  EXPECT_EQ(made->id, "");
  EXPECT_EQ(*made->user_id, "EE1");
  EXPECT_EQ(*made->issue, "42");
  EXPECT_EQ(made->security_server->code(), "ss/1");
  EXPECT_EQ(*made->represented_party, (RepresentedParty{"COM", "77"}));
}

TEST(RestRequestFromHttp, NamesWhatIsMissingOrWrong) {
  const auto code = [](const net::RequestHead& head) {
    const auto made = rest_request_from_http(head, "I", "rid");
    return made ? "" : made.error().code;
  };
  EXPECT_EQ(code(http("GET", "/r1/I/C/M/S/svc", {})), "invalid_client_identifier");
  EXPECT_EQ(code(http("GET", "/r1/I/C/M/S/svc", {{"X-Road-Client", "I/C"}})), "internal_error");
  EXPECT_EQ(code(http("get", "/r1/I/C/M/S/svc", {{"X-Road-Client", "I/C/M"}})), "internal_error");
  EXPECT_EQ(code(http("GET", "/r1/I/C/M/svc", {{"X-Road-Client", "I/C/M"}})), "internal_error");
  EXPECT_EQ(code(http("GET", "/r1/I/C/M/S/svc?a|b", {{"X-Road-Client", "I/C/M"}})), "internal_error");
  EXPECT_EQ(code(http("GET", "/r1/I/C/M/S/svc", {{"X-Road-Client", "I/C/M"}, {"A", "b\r\nC: d"}})), "internal_error");
  EXPECT_EQ(code(http("GET", "/r1/I/C/M/S/svc", {{"X-Road-Client", "x"}, {"X-Road-Client", "I/C/M"}})),
            "internal_error");
}

TEST(ParseRestRequest, TakesTheLastClientAndAnyLineEnd) {
  const RestRequest read = request(
      "GET\n/r1/I/C/M/S/svc\rX-Road-Client:I/C/1\r\nx-road-client:I/C/2/"
      "S\nX-Road-Request-Id:no\nx-road-request-id:yes");
  EXPECT_EQ(read.client.to_rest(), "I/C/2/S");
  EXPECT_EQ(read.request_id, "yes");
  EXPECT_EQ(read.service_path, "");
  EXPECT_FALSE(read.query);
  EXPECT_TRUE(read.head().starts_with("GET\r\n/r1/I/C/M/S/svc\r\nX-Road-Client:I/C/1\r\n"));
}

TEST(ParseRestRequest, RefusesWhatJavaRefuses) {
  const std::string start = "GET\r\n/r1/I/C/M/S/svc\r\nX-Road-Client:I/C/M\r\n";
  EXPECT_EQ(refusal(start), "");
  EXPECT_EQ(refusal(start + "\r\n"), "internal_error");  // an empty line
  EXPECT_EQ(refusal(start + "no colon\r\n"), "internal_error");
  for (const char* name :
       {"Host", "user-agent", "Content-Length", "TE", "Trailer", "Upgrade", "server", "Expect", "connection",
        "keep-alive", "proxy-authenticate", "Proxy-Authorization", "transfer-encoding"})
    EXPECT_EQ(refusal(start + name + ":x\r\n"), "internal_error") << name;
  for (const char* target :
       {"/r1/I/C/M/svc", "/r2/I/C/M/S/svc", "r1/I/C/M/S/svc", "http://h/r1/I/C/M/S/svc", "//h/r1/I/C/M/S/svc",
        "/r1/I/C//S/svc", "/r1/I/C/M/S/svc?a|b", "/r1/I/C/M/S/svc?a b", "/r1/I/C/M/S/svc/%zz", "/r1/I/C/M/S/s{v}",
        "/r1/I/C/M/S/svc#f", "/r1/I/C/M/S/s%FFc", "/r1/"})
    EXPECT_EQ(refusal("GET\r\n" + std::string(target) + "\r\nX-Road-Client:I/C/M\r\n"), "internal_error") << target;
  for (const char* head : {"", "GET", "BREW\r\n/r1/I/C/M/S/svc\r\nX-Road-Client:I/C/M\r\n",
                           "GET\r\n/r1/I/C/M/S/svc\r\n", "GET\r\n/r1/I/C/M/S/svc\r\nX-Road-Client:/I/C/M\r\n",
                           "GET\r\n/r1/I/C/M/S/svc\r\nX-Road-Client:I/C/M\r\nA:\xe4\r\n"})
    EXPECT_EQ(refusal(head), "internal_error") << head;
}

TEST(ParseRestRequest, DecodesIdentifiersOnly) {
  const RestRequest read = request("PUT\r\n/r1/I/C/M%C3%A4/S%2F1/svc/a%2Fb/../c;d?e=%20\r\nX-Road-Client:I/C/M\r\n");
  EXPECT_EQ(read.service.client().member_code(), "M\xc3\xa4");
  EXPECT_EQ(read.service.client().subsystem(), "S/1");
  EXPECT_EQ(read.service_path, "/a%2Fb/../c;d");
  EXPECT_EQ(*read.query, "e=%20");
}

TEST(ParseRestRequest, ReadsRepresentedPartiesAsJavaDoes) {
  const auto party = [](std::string value) {
    return parse_rest_request("GET\r\n/r1/I/C/M/S/svc\r\nX-Road-Client:I/C/M\r\nX-Road-Represented-Party:" + value);
  };
  EXPECT_EQ(*party("77")->represented_party, (RepresentedParty{"", "77"}));
  EXPECT_EQ(*party("COM/7%2F7/")->represented_party, (RepresentedParty{"COM", "7/7"}));
  EXPECT_FALSE(party("/")->represented_party);
  EXPECT_FALSE(party("a/b/c").ok());
  EXPECT_FALSE(party("a b").ok());
}

TEST(ParseRestResponse, RefusesWhatJavaRefuses) {
  const std::string ids = "x-road-id:i\r\nx-road-client:I/C/M\r\nx-road-service:I/C/M/S/svc\r\n";
  const std::string good = "204\r\n\r\n" + ids + "x-road-request-id:r\r\nx-road-request-hash:AAAA\r\n";
  ASSERT_TRUE(parse_rest_response(good).ok());
  EXPECT_EQ(parse_rest_response(good)->reason, "");
  EXPECT_EQ(parse_rest_response(good)->head(), good);
  for (const std::string& head :
       {"204\r\n\r\n" + ids, "\r\n\r\n" + ids + "x-road-request-hash:AAAA\r\n",
        "2x\r\n\r\n" + ids + "x-road-request-hash:AAAA\r\n", std::string("204"), std::string(""),
        "204\r\n\r\n" + ids + "x-road-request-hash:\r\n", "204\r\n\r\n" + ids + "x-road-request-hash:?\r\n",
        std::string("204\r\n\r\nx-road-client:I/C/M\r\nx-road-service:I/C/M/S/svc\r\nx-road-request-hash:AAAA\r\n"),
        std::string("204\r\n\r\nx-road-id:i\r\nx-road-client:I/C/M\r\nx-road-service:I/C/M/svc\r\n"
                    "x-road-request-hash:AAAA\r\n"),
        good + "\r\n", good + "Content-Length:0\r\n"}) {
    const auto parsed = parse_rest_response(head);
    ASSERT_FALSE(parsed.ok()) << head;
    EXPECT_EQ(parsed.error().code, "internal_error");
  }
}

TEST(CheckConsistent, NamesTheFirstDifference) {
  const RestRequest get = request(kGetHead);
  const auto good = rest_response_from_http({}, get, get.request_id, std::string(kGetHash));
  ASSERT_TRUE(good.ok());
  EXPECT_TRUE(check_consistent(get, kGetHash, *good).ok());
  const auto refused = [&](auto change) {
    RestResponse bad = *good;
    change(bad);
    const auto checked = check_consistent(get, kGetHash, bad);
    return !checked.ok() && checked.error().code == "inconsistent_response";
  };
  EXPECT_TRUE(refused([](RestResponse& r) { r.client = *ClientId::parse_rest("DEV/COM/111"); }));
  EXPECT_TRUE(refused([](RestResponse& r) { r.id = "other"; }));
  EXPECT_TRUE(refused([](RestResponse& r) { r.service = *ServiceId::parse_rest("DEV/COM/222/TESTSERVICE/other"); }));
  EXPECT_TRUE(refused([](RestResponse& r) { r.request_id = ""; }));
  EXPECT_TRUE(refused([](RestResponse& r) { r.request_hash = "AAAA"; }));
}

TEST(FilteredHead, KeepsOnlyTheServiceAndXRoadHeaders) {
  EXPECT_EQ(filtered_head(request(kGetHead)),
            "GET\r\n/r1/DEV/COM/222/TESTSERVICE/petstore\r\nX-Road-Client:DEV/COM/111/TESTCLIENT\r\n"
            "X-Road-Id:req-0001\r\nx-road-request-id:6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e11\r\n");
  net::ResponseHead answer;
  answer.status = 404;
  answer.reason = "Not Found";
  answer.headers.add("Content-Type", "text/plain");
  const RestRequest get = request(kGetHead);
  const auto response = rest_response_from_http(answer, get, "r", "h");
  EXPECT_EQ(filtered_head(*response),
            "404\r\nNot Found\r\nx-road-id:req-0001\r\nx-road-client:DEV/COM/111/TESTCLIENT\r\n"
            "x-road-service:DEV/COM/222/TESTSERVICE/petstore\r\nx-road-request-id:r\r\nx-road-request-hash:h\r\n");
}

TEST(Latin1, GoesBothWays) {
  EXPECT_EQ(latin1_to_utf8("a\xe4\xff\x80"), "a\xc3\xa4\xc3\xbf\xc2\x80");
  EXPECT_EQ(utf8_to_latin1("a\xc3\xa4\xc2\x80\xe2\x82\xac", ' '), "a\xe4\x80 ");
  EXPECT_EQ(utf8_to_latin1("a\xc3\xa4\xc2\x80\xe2\x82\xac\xf0\x9f\x98\x80", '?'), "a\xe4????");
}

}  // namespace
}  // namespace causeway::message
