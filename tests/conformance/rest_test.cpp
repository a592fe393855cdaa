// SPDX-License-Identifier: MIT
// REST between information systems (messages.md 2.5, 3.2, 4.5, 6, 8).
#include <gtest/gtest.h>

#include <csignal>

#include "case.hpp"
#include "requests.hpp"

namespace causeway::conformance {
namespace {

constexpr const char* kRest = "/r1/DEV/COM/provider/service/rest";

class Rest : public ::testing::Test {
 protected:
  void SetUp() override { answer(http_answer("application/json", "{\"ok\":true}")); }
  static void answer(const std::string& octets) {
    Country::shared().services().answer_with([octets](const ServiceRequest&) { return octets; });
  }
  static ServiceRequest seen() {
    const auto requests = Country::shared().services().requests();
    return requests.empty() ? ServiceRequest() : requests.back();
  }
  static void refuses(const Answer& answer, int status, const std::string& code) {
    EXPECT_EQ(answer.status, status) << answer.body << answer.problem;
    EXPECT_EQ(answer.fault_code(), code) << answer.body;
    EXPECT_TRUE(Country::shared().services().requests().empty());
  }
};

TEST_F(Rest, EveryVerb) {
  describes("every verb reaches the service; only POST, PUT and PATCH take a body along");
  for (const std::string verb : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"}) {
    SetUp();
    const bool sends = verb == "POST" || verb == "PUT" || verb == "PATCH";
    const Answer got =
        send_rest(verb, std::string(kRest) + "/a/b?x=1&y", {{"Content-Type", "text/plain"}}, sends ? "body" : "");
    EXPECT_EQ(got.status, 200) << verb << got.body << got.problem;
    EXPECT_EQ(seen().method, verb);
    EXPECT_EQ(seen().target, "/rest/a/b?x=1&y");
    EXPECT_EQ(seen().body, sends ? "body" : "");
    EXPECT_EQ(got.body, verb == "HEAD" ? "" : "{\"ok\":true}");
  }
}

TEST_F(Rest, AnswerHeaders) {
  describes("the answer carries the X-Road headers and the service's own");
  answer("HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nX-Own: 1\r\nLocation: /x\r\nContent-Length: 2\r\n\r\nhi");
  const Answer got = send_rest("POST", kRest, {{"X-Road-Id", "rest-1"}}, "x");
  EXPECT_EQ(got.status, 201);
  EXPECT_EQ(*got.headers.find("x-own"), "1");
  EXPECT_EQ(*got.headers.find("location"), "/x");
  EXPECT_EQ(*got.headers.find("x-road-id"), "rest-1");
  EXPECT_EQ(*got.headers.find("x-road-client"), "DEV/COM/consumer/app");
  EXPECT_EQ(*got.headers.find("x-road-service"), "DEV/COM/provider/service/rest");
  EXPECT_TRUE(got.headers.find("x-road-request-id"));
  EXPECT_TRUE(got.headers.find("x-road-request-hash"));
}

TEST_F(Rest, RequestHeaders) {
  describes("headers reach the service in order, but for hop-by-hop ones; an id is made when there is none");
  const Answer got =
      send_rest("GET", kRest, {{"X-One", "1"}, {"User-Agent", "me"}, {"X-One", "2"}, {"Cookie", "c=1"}}, "");
  EXPECT_EQ(got.status, 200);
  const std::string head = seen().head;
  EXPECT_LT(head.find("X-One: 1"), head.find("X-One: 2"));
  EXPECT_EQ(seen().header("cookie"), "c=1");
  EXPECT_EQ(head.find("User-Agent: me"), std::string::npos);
  EXPECT_TRUE(seen().header("x-road-id").starts_with("DEV-")) << seen().header("x-road-id");
  EXPECT_FALSE(seen().header("x-road-request-id").empty());
}

TEST_F(Rest, ErrorStatusIsNoFault) {
  expects("an error status of the service is passed on and is no X-Road error", "HTTP 503 of the service");
  answer(http_answer("application/json", "{\"error\":1}", 503));
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.fault_code(), "");
  EXPECT_EQ(got.body, "{\"error\":1}");
}

TEST_F(Rest, ShouldHandleSimplePost) {
  describes("a small JSON document there, another back");
  answer(http_answer("application/json", "{\"value\":42}"));
  const Answer got = send_rest("POST", kRest, {{"Content-Type", "application/json"}}, "{\"value\" : 42}");
  EXPECT_EQ(got.status, 200) << got.body;
  EXPECT_EQ(seen().body, "{\"value\" : 42}");
  EXPECT_EQ(got.body, "{\"value\":42}");
}

TEST_F(Rest, ShouldKeepQueryId) {
  describes("the caller's X-Road-Id reaches the service and comes back");
  const Answer got = send_rest("POST", kRest, {{"X-Road-Id", "query-7c9e"}}, "x");
  EXPECT_EQ(seen().header("x-road-id"), "query-7c9e");
  EXPECT_EQ(*got.headers.find("x-road-id"), "query-7c9e");
}

TEST_F(Rest, ShouldHaveContentLengthHeader) {
  describes("the service is told the length of the body, and gets it in one piece");
  send_rest("POST", kRest, {}, "{\"value\" : 42}");
  EXPECT_EQ(seen().header("content-length"), "14");
  EXPECT_EQ(seen().header("transfer-encoding"), "");
}

TEST_F(Rest, RequestHashShouldBeUnique) {
  describes("two equal requests have different hashes: each has a request id of its own");
  const HeaderList headers{{"X-Road-Id", "the-same"}};
  const Answer first = send_rest("POST", kRest, headers, "x"), second = send_rest("POST", kRest, headers, "x");
  ASSERT_TRUE(first.headers.find("x-road-request-hash"));
  EXPECT_NE(*first.headers.find("x-road-request-hash"), *second.headers.find("x-road-request-hash"));
}

TEST_F(Rest, ShouldHaveOnlyOneDateHeader) {
  describes("the service's Date is the only one");
  answer("HTTP/1.1 200 OK\r\nDate: Thu, 05 Feb 2026 10:00:00 GMT\r\nContent-Length: 0\r\n\r\n");
  const Answer got = send_rest("POST", kRest, {}, "x");
  int dates = 0;
  for (const auto& [name, value] : got.headers) dates += net::equals_ignoring_case(name, "date") ? 1 : 0;
  EXPECT_EQ(dates, 1);
  EXPECT_EQ(*got.headers.find("date"), "Thu, 05 Feb 2026 10:00:00 GMT");
}

TEST_F(Rest, ShouldAcceptPercentEncodedIdentifiers) {
  describes("identifiers are percent-decoded, the rest of the path reaches the service as it was");
  const Answer got = send_rest("GET", "/r1/DEV/COM/provider/s%2Fub/%C3%B6%C3%A4%C3%A5/path%3B/",
                               {{"X-Road-Client", "DEV/COM/consumer/sub%2Fsystem"}}, "");
  EXPECT_EQ(got.status, 200) << got.body;
  EXPECT_EQ(seen().target, "/path%3B/");
}

TEST_F(Rest, ShouldAcceptEmptyPath) {
  describes("a path that is only a slash");
  const Answer got = send_rest("GET", std::string(kRest) + "/", {}, "");
  EXPECT_EQ(got.status, 200) << got.body;
  EXPECT_EQ(seen().target, "/rest/");
}

TEST_F(Rest, ShouldGetLargeBinaryMessage) {
  describes("an answer of 13 MB arrives octet for octet");
  std::string large(13 * 1024 * 1024 + 104729, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>((i * 2654435761U) >> 11);
  answer(http_answer("application/octet-stream", large));
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 200) << got.problem;
  EXPECT_EQ(got.body.size(), large.size());
  EXPECT_TRUE(got.body == large);
}

TEST_F(Rest, ShouldNotFollow302Redirects) {
  expects("a redirection is the caller's matter", "HTTP 302 of the service");
  answer("HTTP/1.1 302 Found\r\nLocation: /r1/DEV/COM/provider/service/other\r\nContent-Length: 0\r\n\r\n");
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 302);
  EXPECT_EQ(*got.headers.find("location"), "/r1/DEV/COM/provider/service/other");
  EXPECT_EQ(Country::shared().services().requests().size(), 1u);
}

TEST_F(Rest, ShouldNotAllowPatch) {
  const auto code =
      expects("a verb that the client has no right to, of a service it may read", "server.serverproxy.access_denied");
  const std::string service = "/r1/DEV/COM/provider/service/restReading";
  EXPECT_EQ(send_rest("GET", service, {}, "").status, 200);
  SetUp();
  refuses(send_rest("PATCH", service, {}, ""), 500, code);
  refuses(send_rest("DELETE", service, {}, ""), 500, code);
}

TEST_F(Rest, NoContent) {
  describes("answers without an entity: 204, 304");
  for (const std::string status : {"204 No Content", "304 Not Modified"}) {
    answer("HTTP/1.1 " + status + "\r\nX-Own: 1\r\n\r\n");
    const Answer got = send_rest("GET", kRest, {}, "");
    EXPECT_EQ(got.status, std::stoi(status)) << got.body << got.problem;
    EXPECT_EQ(got.body, "");
  }
}

TEST_F(Rest, EmptyBodies) {
  describes("an empty request body and an empty answer are signed and verified");
  answer(http_answer("text/plain", ""));
  const Answer got = send_rest("POST", kRest, {}, "");
  EXPECT_EQ(got.status, 200) << got.body;
  EXPECT_EQ(got.body, "");
  EXPECT_EQ(seen().header("content-length"), "0");
}

TEST_F(Rest, CompressedAnswer) {
  describes("a compressed answer is passed on as it is");
  answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: x/y\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x01");
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(*got.headers.find("content-encoding"), "gzip");
  EXPECT_EQ(got.body, "\x1f\x8b\x08\x01");
}

TEST_F(Rest, ChunkedAnswer) {
  describes("a chunked answer comes through");
  answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(send_rest("GET", kRest, {}, "").body, "abcde");
}

TEST_F(Rest, Latin1Headers) {
  describes("header octets above ASCII come through as they were");
  answer("HTTP/1.1 200 OK\r\nX-Name: \xdcle\r\nContent-Length: 0\r\n\r\n");
  const Answer got = send_rest("GET", kRest, {{"X-Name", "\xe4"}}, "");
  EXPECT_EQ(seen().header("x-name"), "\xe4");
  ASSERT_TRUE(got.headers.find("x-name"));
  EXPECT_EQ(*got.headers.find("x-name"), "\xdcle");
}

TEST_F(Rest, ShouldFailIfClientHeaderMissing) {
  const auto code = expects("no X-Road-Client", "server.clientproxy.invalid_client_identifier");
  net::RequestHead head;
  head.method = "GET";
  head.target = kRest;
  refuses(send(Country::shared().consumer_http(), nullptr, head, ""), 500, code);
}

TEST_F(Rest, BadClient) {
  const auto code = expects("an X-Road-Client that is no identifier", "server.clientproxy.internal_error");
  for (const std::string id : {"DEV", "DEV/COM", "DEV/COM/consumer/app/x", "/DEV/COM/consumer", "DEV/COM/consumer/%zz"})
    refuses(send_rest("GET", kRest, {{"X-Road-Client", id}}, ""), 500, code);
}

TEST_F(Rest, ShouldFailIfMalformedRequestUri) {
  const auto code = expects("a path that names no service", "server.clientproxy.internal_error");
  for (const std::string path : {"/r1/invalid", "/r1/DEV/COM/provider/service", "/r1/"})
    refuses(send_rest("GET", path, {}, ""), 500, code);
}

TEST_F(Rest, UnknownClient) {
  const auto code = expects("a client that is not registered here", "server.clientproxy.unknown_member");
  refuses(send_rest("GET", kRest, {{"X-Road-Client", "DEV/COM/double/app"}}, ""), 500, code);
}

TEST_F(Rest, UnknownProvider) {
  const auto code = expects("a provider nobody serves", "server.clientproxy.unknown_member");
  refuses(send_rest("GET", "/r1/DEV/COM/provider/nowhere/rest", {}, ""), 500, code);
}

TEST_F(Rest, ForeignInstance) {
  const auto code = expects("an instance that is not known", "server.clientproxy.internal_error");
  refuses(send_rest("GET", "/r1/XX/COM/provider/service/rest", {}, ""), 500, code);
}

TEST_F(Rest, AccessDenied) {
  const auto code = expects("a service that the client has no right to", "server.serverproxy.access_denied");
  refuses(send_rest("GET", "/r1/DEV/COM/provider/service/restDenied", {}, ""), 500, code);
}

TEST_F(Rest, UnknownService) {
  const auto code = expects("a service that does not exist", "server.serverproxy.unknown_service");
  refuses(send_rest("GET", "/r1/DEV/COM/provider/service/nothing", {}, ""), 500, code);
}

TEST_F(Rest, ShouldNotAllowCallingWsdlServices) {
  const auto code = expects("a SOAP service called with REST", "server.serverproxy.service_type");
  refuses(send_rest("GET", "/r1/DEV/COM/provider/service/getState", {}, ""), 500, code);
}

TEST_F(Rest, Targeting) {
  const auto code = expects("a targeted server that does not serve the provider, or is unknown",
                            "server.clientproxy.invalid_security_server");
  for (const std::string server : {"DEV/COM/double/SS3", "DEV/COM/nobody/SS9"})
    refuses(send_rest("GET", kRest, {{"X-Road-Security-Server", server}}, ""), 500, code);
}

TEST_F(Rest, TargetedServer) {
  describes("a targeted server that serves the provider is the one that is asked");
  const std::string both = "/r1/DEV/COM/provider/both/rest";
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(send_rest("GET", both, {{"X-Road-Security-Server", "DEV/COM/provider/SS2"}}, "").status, 200);
}

TEST_F(Rest, ShouldSelectResolvableAddress) {
  describes("of several servers of a provider one that can be reached is taken, also when a name has no address");
  for (int i = 0; i < 4; ++i) {
    const Answer got = send_rest("POST", "/r1/DEV/COM/provider/both/rest", {}, "x");
    EXPECT_EQ(got.status, 200) << got.body << got.problem;
  }
}

TEST_F(Rest, MaintenanceMode) {
  const auto code = expects("a provider whose only server is in maintenance, with its message",
                            "server.clientproxy.maintenance_mode");
  const Answer got = send_rest("GET", "/r1/DEV/COM/double/resting/rest", {}, "");
  refuses(got, 500, code);
  EXPECT_NE(got.fault_text().find("back at noon"), std::string::npos) << got.body;
}

TEST_F(Rest, HangUpSignal) {
  describes("SIGHUP to every process costs no request");
  for (int i = 0; i < 5; ++i) {
    Country::shared().send_signal(SIGHUP);
    EXPECT_EQ(send_rest("GET", kRest, {}, "").status, 200);
  }
}

TEST_F(Rest, ShouldRespectAcceptHeaderInErrorResponse) {
  const auto code = expects("an error as XML when the caller accepts XML, else as JSON; qualities do not count",
                            "server.serverproxy.unknown_service");
  const std::string json = "application/json", xml = "application/xml;charset=utf-8", text = "text/xml;charset=utf-8";
  const std::vector<std::pair<std::string, std::string>> wanted{{"application/json;charset=utf-8", json},
                                                                {"foobarbaz", json},
                                                                {"*/*", json},
                                                                {"text/xml-patch+xml", json},
                                                                {"", json},
                                                                {"application/xml", xml},
                                                                {"application/xml, text/xml", xml},
                                                                {"application/xml; q=0.2", xml},
                                                                {"text/xml", text},
                                                                {"text/xml, application/xml", text},
                                                                {"text/xml, application/xml, application/json", text},
                                                                {"text/*", text}};
  for (const auto& [accept, type] : wanted) {
    const Answer got = send_rest("GET", "/r1/DEV/COM/provider/service/nothing",
                                 accept.empty() ? HeaderList() : HeaderList{{"Accept", accept}}, "");
    EXPECT_EQ(got.status, 500);
    EXPECT_EQ(got.fault_code(), code);
    EXPECT_EQ(*got.headers.find("content-type"), type) << accept;
    const std::string element = type == json ? "\"type\":\"" + code + "\"" : "<type>" + code + "</type>";
    EXPECT_NE(got.body.find(element), std::string::npos) << got.body;
  }
}

TEST_F(Rest, AmbiguousPaths) {
  expects("empty segments, encoded dots, percent signs and backslashes in the path", "HTTP 400");
  for (const std::string path : {"//a", "/%2e%2e/a", "/%2E/a", "/a%25b", "/a%5cb", "/a%00", "/a|b"}) {
    const Answer got = send_rest("GET", kRest + path, {}, "");
    EXPECT_EQ(got.status, 400) << path << got.body;
    EXPECT_FALSE(got.headers.find("x-road-error"));
    EXPECT_TRUE(Country::shared().services().requests().empty());
  }
}

TEST_F(Rest, RequestLargerThanTheLogTakes) {
  const auto code = expects("a request above the limit of the message log", "server.clientproxy.io_error");
  refuses(send_rest("POST", kRest, {}, std::string(Country::kLoggedBody + 1, 'x')), 500, code);
}

TEST_F(Rest, AnswerLargerThanTheLogTakes) {
  const auto code = expects("an answer above the limit of the message log", "server.serverproxy.logging_failed");
  answer(http_answer("x/y", std::string(Country::kLoggedBody + 1, 'y')));
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 500);
  EXPECT_EQ(got.fault_code(), code) << got.body.substr(0, 300);
}

TEST_F(Rest, ServiceClosesConnection) {
  const auto code = expects("a service that closes the connection without an answer", "server.serverproxy.io_error");
  answer("");
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 500);
  EXPECT_EQ(got.fault_code(), code) << got.body;
}

TEST_F(Rest, ServiceResetsConnection) {
  const auto code = expects("a service that resets the connection", "server.serverproxy.network_error");
  answer(kReset);
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 500);
  EXPECT_EQ(got.fault_code(), code) << got.body;
}

TEST_F(Rest, ServiceCutsAnswerOff) {
  const auto code = expects("a service whose answer is shorter than it said", "server.serverproxy.io_error");
  answer("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nonly this");
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 500);
  EXPECT_EQ(got.fault_code(), code) << got.body;
}

TEST_F(Rest, Metadata) {
  describes("listMethods, allowedMethods and listClients tell what there is");
  Answer got = send_rest("GET", "/r1/DEV/COM/provider/service/listMethods", {}, "");
  EXPECT_EQ(got.status, 200) << got.body;
  EXPECT_NE(got.body.find("\"service_code\":\"restDenied\""), std::string::npos) << got.body;
  got = send_rest("GET", "/r1/DEV/COM/provider/service/allowedMethods", {}, "");
  EXPECT_NE(got.body.find("\"service_code\":\"rest\""), std::string::npos) << got.body;
  EXPECT_EQ(got.body.find("restDenied"), std::string::npos);
  net::RequestHead head;
  head.method = "GET";
  head.target = "/listClients";
  got = send(Country::shared().consumer_http(), nullptr, head, "");
  EXPECT_EQ(*got.headers.find("content-type"), "text/xml; charset=UTF-8");
  EXPECT_NE(got.body.find("nowhere"), std::string::npos);
  head.headers.add("Accept", "application/json");
  got = send(Country::shared().consumer_http(), nullptr, head, "");
  EXPECT_NE(got.body.find("\"subsystem_code\":\"app\""), std::string::npos) << got.body;
}

// Connection types (messages.md 2.2)

Answer as(const std::string& client, bool https, const Identity* identity) {
  net::RequestHead head;
  head.method = "GET";
  head.target = kRest;
  head.headers.add("X-Road-Client", client);
  Country& country = Country::shared();
  return send(https ? country.consumer_https() : country.consumer_http(), https ? client_tls(identity) : nullptr, head,
              "");
}

TEST_F(Rest, SslClientAuth) {
  describes("a client set to HTTPS with certificate is served with its certificate");
  EXPECT_EQ(as("DEV/COM/consumer/secure", true, &Country::shared().information_system()).status, 200);
}

TEST_F(Rest, SslClientAuthExpiredISCert) {
  describes("a certificate of an information system that has expired is accepted, with a warning in the log");
  EXPECT_EQ(as("DEV/COM/consumer/expired", true, &Country::shared().expired()).status, 200);
  const std::string log = Country::shared().log_of(Country::shared().consumer_directory());
  EXPECT_NE(log.find("DEV/COM/consumer/expired is outside its validity period"), std::string::npos);
}

TEST_F(Rest, SslClientAuthNoISCert) {
  const auto code = expects("HTTPS with a certificate when none is registered, or without one",
                            "server.clientproxy.ssl_authentication_failed");
  refuses(as("DEV/COM/consumer/uncertified", true, &Country::shared().information_system()), 500, code);
  refuses(as("DEV/COM/consumer/secure", true, nullptr), 500, code);
}

TEST_F(Rest, SslClientAuthPlainHttp) {
  const auto code = expects("plain HTTP of a client that is set to HTTPS, with certificate or without",
                            "server.clientproxy.ssl_authentication_failed");
  refuses(as("DEV/COM/consumer/secure", false, nullptr), 500, code);
  refuses(as("DEV/COM/consumer/tlsonly", false, nullptr), 500, code);
}

TEST_F(Rest, SslClientAuthWrongISCert) {
  const auto code =
      expects("HTTPS with a certificate that is not the client's", "server.clientproxy.ssl_authentication_failed");
  refuses(as("DEV/COM/consumer/secure", true, &Country::shared().stranger()), 500, code);
}

TEST_F(Rest, SslWithoutClientAuth) {
  describes("a client set to HTTPS without certificate needs none");
  EXPECT_EQ(as("DEV/COM/consumer/tlsonly", true, nullptr).status, 200);
}

}  // namespace
}  // namespace causeway::conformance
