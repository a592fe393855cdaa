// SPDX-License-Identifier: MIT
// What a consumer's Security Server makes of the answers of other servers, honest and
// not (messages.md sections 4.8, 5 and 7).
#include <gtest/gtest.h>

#include "case.hpp"
#include "message/soap.hpp"
#include "peer_double.hpp"

namespace causeway::conformance {
namespace {

Answer ask(const PeerDouble::Play& play, const std::string& id) {
  const PeerDouble peer(play);
  return post_soap(soap_request(Country::shared().app(), Country::shared().double_service(), "getState", id));
}

void expect_fault(const PeerAnswer& answer, const std::string& id, const std::string& code) {
  const Answer got = ask([&](const net::RequestHead&, const std::string&) { return answer; }, id);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.fault_code(), code) << got.body << got.problem;
}

TEST(ConsumerSide, NormalMessage) {
  describes("an honest signed answer reaches the information system");
  const Answer answer =
      ask([](const net::RequestHead&, const std::string& body) { return honest_soap_answer(body); }, "c-1");
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(answer.body.find("getStateResponse"), std::string::npos);
}

TEST(ConsumerSide, TransportHeaders) {
  describes("the transport request carries the headers and parts of messages.md 4.3 and 4.4");
  net::RequestHead head;
  std::string body;
  ask(
      [&](const net::RequestHead& h, const std::string& b) {
        head = h;
        body = b;
        return honest_soap_answer(b);
      },
      "c-2");
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/");
  ASSERT_TRUE(head.headers.find("x-hash-algorithm"));
  EXPECT_EQ(*head.headers.find("x-hash-algorithm"), "SHA-512");
  EXPECT_TRUE(head.headers.find("x-proxy-version"));
  EXPECT_TRUE(head.headers.find("x-original-content-type"));
  EXPECT_TRUE(head.headers.find("x-original-soapaction"));
  EXPECT_TRUE(head.headers.find("x-road-request-id"));
  EXPECT_FALSE(head.headers.find("x-road-message-type"));
  EXPECT_NE(body.find("content-type: application/ocsp-response\r\n"), std::string::npos);
  EXPECT_NE(body.find("content-type: signature/bdoc-1.0/ts\r\n"), std::string::npos);
}

TEST(ConsumerSide, ServerProxyConnectionAborted) {
  expects("a server that cuts the connection", "server.clientproxy.io_error");
  PeerAnswer answer;
  answer.abort = true;
  const Answer got = ask([&](const net::RequestHead&, const std::string&) { return answer; }, "c-3");
  EXPECT_TRUE(got.fault_code().starts_with("server.clientproxy.")) << got.fault_code();
}

TEST(ConsumerSide, ServerProxyConnectionAborted2) {
  expects("a server that cuts its answer off", "server.clientproxy.io_error");
  PeerAnswer answer = multipart_answer({});
  answer.body = "--xtop";
  answer.cut_in_body = true;
  expect_fault(answer, "c-4", "server.clientproxy.io_error");
}

TEST(ConsumerSide, ServerProxyEmptyFault) {
  expects("an empty body of type text/xml", "server.clientproxy.service_failed.invalid_soap");
  expect_fault({200, {{"Content-Type", "text/xml"}}, ""}, "c-5", "server.clientproxy.service_failed.invalid_soap");
}

TEST(ConsumerSide, ServerProxyInvalidFault) {
  expects("a SOAP message where a fault should be", "server.clientproxy.service_failed.invalid_message");
  const std::string soap = soap_request(Country::shared().app(), Country::shared().double_service(), "getState", "x");
  expect_fault({200, {{"Content-Type", "text/xml"}}, soap}, "c-6", "server.clientproxy.service_failed.invalid_message");
}

TEST(ConsumerSide, ServerProxyHttpError) {
  expects("another HTTP status than 200 and 500", "server.clientproxy.http_error");
  expect_fault({403, {{"Content-Type", "text/plain"}}, "no"}, "c-7", "server.clientproxy.http_error");
}

TEST(ConsumerSide, ServerProxyNoBoundary) {
  expects("multipart/mixed without a boundary", "server.clientproxy.service_failed.invalid_content_type");
  expect_fault({200, {{"Content-Type", "multipart/mixed"}}, "x"}, "c-8",
               "server.clientproxy.service_failed.invalid_content_type");
}

TEST(ConsumerSide, InvalidContentTypeFromServerProxy) {
  expects("another outer type", "server.clientproxy.service_failed.invalid_content_type");
  expect_fault({200, {{"Content-Type", "text/plain"}}, "x"}, "c-9",
               "server.clientproxy.service_failed.invalid_content_type");
}

TEST(ConsumerSide, NoContentType) {
  expects("an empty 200 without Content-Type", "server.clientproxy.service_failed.invalid_content_type");
  expect_fault({200, {}, ""}, "c-10", "server.clientproxy.service_failed.invalid_content_type");
}

TEST(ConsumerSide, RelayedFault) {
  describes("a fault of the provider's server is passed on word for word");
  const std::string fault = message::soap_fault_xml(Fault{"server.serverproxy.access_denied", "no right", "detail-1"});
  const Answer answer =
      ask([&](const net::RequestHead&,
              const std::string&) { return PeerAnswer{200, {{"Content-Type", "text/xml;charset=utf-8"}}, fault}; },
          "c-11");
  EXPECT_EQ(answer.body, fault);
}

TEST(ConsumerSide, RelayedFaultInMultipart) {
  describes("a fault that is the only part, or stands in place of the signature, is passed on");
  const std::string fault =
      message::soap_fault_xml(Fault{"server.serverproxy.service_failed.io_error", "gone", "detail-2"});
  TransportMessage only;
  only.last_type = "text/xml; charset=UTF-8";
  only.last = fault;
  Answer answer = ask([&](const net::RequestHead&, const std::string&) { return multipart_answer(only); }, "c-12");
  EXPECT_EQ(answer.body, fault);
  answer = ask(
      [&](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(body, [&](TransportMessage& message) {
          message.last_type = "text/xml; charset=UTF-8";
          message.last = fault;
        });
      },
      "c-13");
  EXPECT_EQ(answer.body, fault);
}

TEST(ConsumerSide, UnsignedMessageFromServerProxy) {
  expects("an answer without signature", "server.clientproxy.missing_signature");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        TransportMessage message;
        honest_soap_answer(body, [&](TransportMessage& honest) { message = honest; });
        message.signature = {};
        return multipart_answer(message);
      },
      "c-14");
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.missing_signature");
}

TEST(ConsumerSide, EmptyMultipart) {
  expects("an answer without any part", "server.clientproxy.missing_soap");
  expect_fault(multipart_answer({}), "c-15", "server.clientproxy.missing_soap");
}

TEST(ConsumerSide, ServerProxyFaultyAttachment) {
  expects("an attachment without Content-Type", "server.clientproxy.service_failed.invalid_content_type");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        PeerAnswer made =
            honest_soap_answer(body, [](TransportMessage& message) { message.attachments = {{"text/plain", "one"}}; });
        const std::string header = "content-type: text/plain\r\n";
        made.body.erase(made.body.find(header), header.size());
        return made;
      },
      "c-16");
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.service_failed.invalid_content_type") << answer.body;
}

TEST(ConsumerSide, ServerProxyMissingBody) {
  expects("an answer whose SOAP has no Body", "server.clientproxy.service_failed.missing_body");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(body, [](TransportMessage& message) {
          const auto from = message.head.find("<soap:Body>");
          message.head.erase(from, message.head.find("</soap:Body>") + 12 - from);
        });
      },
      "c-17");
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.service_failed.missing_body") << answer.body;
}

TEST(ConsumerSide, TamperedAnswer) {
  expects("an answer changed after it was signed", "server.clientproxy.signature_verification.invalid_signature_value");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        PeerAnswer made = honest_soap_answer(body);
        made.body.replace(made.body.find("EE37702211234"), 13, "EE37702211235");
        return made;
      },
      "c-18");
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.signature_verification.invalid_signature_value");
}

TEST(ConsumerSide, SignedByAnotherMember) {
  expects("an answer signed by another member", "server.clientproxy.signature_verification.incorrect_certificate");
  const Identity other = Country::shared().issue("somebody", true);
  const Answer answer = ask(
      [&](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(
            body, [&](TransportMessage& message) { message.signature = sign_as_double(message.parts(), &other); });
      },
      "c-19");
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.signature_verification.incorrect_certificate");
}

TEST(ConsumerSide, WrongRequestHash) {
  expects("an answer to another request", "server.clientproxy.inconsistent_response");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(body, [](TransportMessage& message) {
          const auto at = message.head.find("sha512\">") + 8;
          message.head[at] = message.head[at] == 'A' ? 'B' : 'A';
        });
      },
      "c-20");
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.inconsistent_response") << answer.body;
}

TEST(ConsumerSide, ServerClientInconsistency) {
  expects("an answer with another message id", "server.clientproxy.service_failed.inconsistent_response");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(
            body, [](TransportMessage& message) { message.head.replace(message.head.find("c-21"), 4, "c-99"); });
      },
      "c-21");
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.service_failed.inconsistent_response") << answer.body;
}

TEST(ConsumerSide, SslAuthCertNotMatchesOrg) {
  describes("a server whose certificate belongs to no server of the provider is refused before anything is sent");
  const Identity other = Country::shared().issue("other", false);
  bool asked = false;
  const PeerDouble peer(
      [&](const net::RequestHead&, const std::string& body) {
        asked = true;
        return honest_soap_answer(body);
      },
      &other);
  const Answer answer =
      post_soap(soap_request(Country::shared().app(), Country::shared().double_service(), "getState", "c-22"));
  EXPECT_TRUE(answer.fault_code().starts_with("server.clientproxy.ssl_authentication_failed")) << answer.body;
  EXPECT_FALSE(asked);
}

TEST(ConsumerSide, SslSelectFastestProxyNoConnections) {
  expects("no server of the provider can be reached", "server.clientproxy.network_error");
  const Answer answer =
      post_soap(soap_request(Country::shared().app(), Country::shared().double_service(), "getState", "c-23"));
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.network_error") << answer.body;
}

TEST(ConsumerSide, UnknownProvider) {
  expects("a provider that no server serves", "server.clientproxy.unknown_member");
  const auto nowhere = ClientId::make("DEV", "COM", "provider", "nowhere");
  const Answer answer = post_soap(soap_request(Country::shared().app(), *nowhere, "getState", "c-24"));
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.unknown_member") << answer.body;
}

TEST(ConsumerSide, UnknownClient) {
  expects("a client that is not registered at this server", "server.clientproxy.unknown_member");
  const Answer answer =
      post_soap(soap_request(Country::shared().double_app(), Country::shared().service(), "getState", "c-25"));
  EXPECT_EQ(answer.fault_code(), "server.clientproxy.unknown_member") << answer.body;
}

}  // namespace
}  // namespace causeway::conformance
