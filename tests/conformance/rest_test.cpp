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
  describes("an error status of the service is passed on and is no X-Road error");
  answer(http_answer("application/json", "{\"error\":1}", 503));
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.fault_code(), "");
  EXPECT_EQ(got.body, "{\"error\":1}");
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

TEST_F(Rest, MissingClient) {
  expects("no X-Road-Client", "server.clientproxy.invalid_client_identifier");
  net::RequestHead head;
  head.method = "GET";
  head.target = kRest;
  refuses(send(Country::shared().consumer_http(), nullptr, head, ""), 500,
          "server.clientproxy.invalid_client_identifier");
}

TEST_F(Rest, BadClient) {
  describes("an X-Road-Client that is no identifier is refused");
  for (const std::string id :
       {"DEV", "DEV/COM", "DEV/COM/consumer/app/x", "/DEV/COM/consumer", "DEV/COM/consumer/%zz"}) {
    const Answer got = send_rest("GET", kRest, {{"X-Road-Client", id}}, "");
    EXPECT_EQ(got.status, 500) << id;
    EXPECT_TRUE(got.fault_code().starts_with("server.clientproxy.")) << id << " " << got.fault_code();
  }
}

TEST_F(Rest, UnknownClient) {
  expects("a client that is not registered here", "server.clientproxy.unknown_member");
  refuses(send_rest("GET", kRest, {{"X-Road-Client", "DEV/COM/double/app"}}, ""), 500,
          "server.clientproxy.unknown_member");
}

TEST_F(Rest, UnknownProvider) {
  expects("a provider nobody serves", "server.clientproxy.unknown_member");
  refuses(send_rest("GET", "/r1/DEV/COM/provider/nowhere/rest", {}, ""), 500, "server.clientproxy.unknown_member");
}

TEST_F(Rest, ForeignInstance) {
  describes("an instance that is not known is refused");
  const Answer got = send_rest("GET", "/r1/XX/COM/provider/service/rest", {}, "");
  EXPECT_EQ(got.status, 500);
  EXPECT_TRUE(got.fault_code().starts_with("server.clientproxy.")) << got.fault_code();
}

TEST_F(Rest, AccessDenied) {
  expects("a service that the client has no right to", "server.serverproxy.access_denied");
  refuses(send_rest("GET", "/r1/DEV/COM/provider/service/restDenied", {}, ""), 500, "server.serverproxy.access_denied");
}

TEST_F(Rest, UnknownService) {
  expects("a service that does not exist", "server.serverproxy.unknown_service");
  refuses(send_rest("GET", "/r1/DEV/COM/provider/service/nothing", {}, ""), 500, "server.serverproxy.unknown_service");
}

TEST_F(Rest, ServiceType) {
  expects("a SOAP service called with REST", "server.serverproxy.service_type");
  refuses(send_rest("GET", "/r1/DEV/COM/provider/service/getState", {}, ""), 500, "server.serverproxy.service_type");
}

TEST_F(Rest, Targeting) {
  expects("a targeted server that does not serve the provider", "server.clientproxy.invalid_security_server");
  EXPECT_EQ(send_rest("GET", kRest, {{"X-Road-Security-Server", "DEV/COM/provider/SS2"}}, "").status, 200);
  SetUp();
  refuses(send_rest("GET", kRest, {{"X-Road-Security-Server", "DEV/COM/double/SS3"}}, ""), 500,
          "server.clientproxy.invalid_security_server");
  refuses(send_rest("GET", kRest, {{"X-Road-Security-Server", "DEV/COM/nobody/SS9"}}, ""), 500,
          "server.clientproxy.invalid_security_server");
}

TEST_F(Rest, SslSelectFastestProxy) {
  describes("of several servers of a provider one that can be reached is taken");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(send_rest("GET", "/r1/DEV/COM/provider/both/rest", {}, "").status, 200);
}

TEST_F(Rest, ServerProxyMaintenanceMode) {
  expects("a provider whose only server is in maintenance, with its message", "server.clientproxy.maintenance_mode");
  const Answer got = send_rest("GET", "/r1/DEV/COM/double/resting/rest", {}, "");
  refuses(got, 500, "server.clientproxy.maintenance_mode");
  EXPECT_NE(got.fault_text().find("back at noon"), std::string::npos) << got.body;
}

TEST_F(Rest, HangUpSignal) {
  describes("SIGHUP to every process costs no request");
  for (int i = 0; i < 5; ++i) {
    Country::shared().send_signal(SIGHUP);
    EXPECT_EQ(send_rest("GET", kRest, {}, "").status, 200);
  }
}

TEST_F(Rest, XmlError) {
  describes("an error is XML when the caller accepts XML, else JSON");
  Answer got = send_rest("GET", "/r1/DEV/COM/provider/service/nothing", {{"Accept", "application/xml"}}, "");
  EXPECT_EQ(*got.headers.find("content-type"), "application/xml;charset=utf-8");
  EXPECT_NE(got.body.find("<type>server.serverproxy.unknown_service</type>"), std::string::npos) << got.body;
  got = send_rest("GET", "/r1/DEV/COM/provider/service/nothing", {{"Accept", "*/*"}}, "");
  EXPECT_EQ(*got.headers.find("content-type"), "application/json");
  EXPECT_NE(got.body.find("\"type\":\"server.serverproxy.unknown_service\""), std::string::npos) << got.body;
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

TEST_F(Rest, BodyLargerThanTheLogTakes) {
  describes("a body above the limit of the message log is refused on either side");
  const Answer got = send_rest("POST", kRest, {}, std::string(2 << 20, 'x'));
  EXPECT_EQ(got.status, 500);
  EXPECT_TRUE(got.fault_code().starts_with("server.clientproxy.")) << got.fault_code();
  EXPECT_TRUE(Country::shared().services().requests().empty());
  answer(http_answer("x/y", std::string(2 << 20, 'y')));
  const Answer large = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(large.fault_code(), "server.serverproxy.logging_failed") << large.body.substr(0, 300);
}

TEST_F(Rest, ServiceUnreachable) {
  describes("a service that cuts the connection is a fault of the provider's side");
  answer("");
  const Answer got = send_rest("GET", kRest, {}, "");
  EXPECT_EQ(got.status, 500);
  EXPECT_TRUE(got.fault_code().starts_with("server.serverproxy.")) << got.fault_code();
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

std::shared_ptr<const net::TlsClientContext> tls(const Identity* identity) {
  net::TlsClientOptions options;
  if (identity)
    options.identity = std::make_shared<const net::TlsIdentity>(
        net::TlsIdentity{identity->key, std::vector<pki::Certificate>{identity->certificate}});
  auto made = net::TlsClientContext::make(std::move(options));
  return made ? *made : nullptr;
}

Answer as(const std::string& client, bool https, const Identity* identity) {
  net::RequestHead head;
  head.method = "GET";
  head.target = kRest;
  head.headers.add("X-Road-Client", client);
  Country& country = Country::shared();
  return send(https ? country.consumer_https() : country.consumer_http(), https ? tls(identity) : nullptr, head, "");
}

TEST_F(Rest, SslClientAuth) {
  describes("a client set to HTTPS with certificate is served with its certificate");
  EXPECT_EQ(as("DEV/COM/consumer/secure", true, &Country::shared().information_system()).status, 200);
}

TEST_F(Rest, SslClientAuthNoISCert) {
  expects("HTTPS without the certificate that is asked for", "server.clientproxy.ssl_authentication_failed");
  refuses(as("DEV/COM/consumer/secure", true, nullptr), 500, "server.clientproxy.ssl_authentication_failed");
  refuses(as("DEV/COM/consumer/secure", false, nullptr), 500, "server.clientproxy.ssl_authentication_failed");
}

TEST_F(Rest, SslClientAuthWrongISCert) {
  expects("HTTPS with a certificate that is not the client's", "server.clientproxy.ssl_authentication_failed");
  refuses(as("DEV/COM/consumer/secure", true, &Country::shared().stranger()), 500,
          "server.clientproxy.ssl_authentication_failed");
}

TEST_F(Rest, SslWithoutClientAuth) {
  describes("a client set to HTTPS needs no certificate, but not plain HTTP");
  EXPECT_EQ(as("DEV/COM/consumer/tlsonly", true, nullptr).status, 200);
  SetUp();
  refuses(as("DEV/COM/consumer/tlsonly", false, nullptr), 500, "server.clientproxy.ssl_authentication_failed");
}

}  // namespace
}  // namespace causeway::conformance
