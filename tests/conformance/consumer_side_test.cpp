// SPDX-License-Identifier: MIT
// What a consumer's Security Server makes of the answers of other servers, honest and
// not (messages.md sections 4.8, 5 and 7).
#include <gtest/gtest.h>

#include <atomic>

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
  const auto code = expects("a server that cuts the connection", "server.clientproxy.network_error");
  PeerAnswer answer;
  answer.abort = true;
  expect_fault(answer, "c-3", code);
}

TEST(ConsumerSide, ServerProxyConnectionAborted2) {
  const auto code = expects("a server that cuts a fault off", "server.clientproxy.service_failed.io_error");
  PeerAnswer answer{200, {{"Content-Type", "text/xml"}, {"Content-Length", "1000"}}, ""};
  answer.cut_in_body = true;
  expect_fault(answer, "c-4", code);
}

TEST(ConsumerSide, ServerProxyConnectionAborted3) {
  const auto code = expects("a server that cuts its answer off", "server.clientproxy.service_failed.io_error");
  PeerAnswer nothing{200, {{"Content-Type", "multipart/mixed; boundary=foobar"}, {"Content-Length", "1000"}}, ""};
  nothing.cut_in_body = true;
  expect_fault(nothing, "c-4b", code);
  PeerAnswer little = multipart_answer({});
  little.body = "--xtop";
  little.cut_in_body = true;
  expect_fault(little, "c-4c", code);
}

TEST(ConsumerSide, ServerProxyEmptyFault) {
  const auto code = expects("an empty body of type text/xml", "server.clientproxy.service_failed.invalid_soap");
  expect_fault({200, {{"Content-Type", "text/xml"}}, ""}, "c-5", code);
}

TEST(ConsumerSide, ServerProxyInvalidFault) {
  const auto code =
      expects("a SOAP message where a fault should be", "server.clientproxy.service_failed.invalid_message");
  const std::string soap = soap_request(Country::shared().app(), Country::shared().double_service(), "getState", "x");
  expect_fault({200, {{"Content-Type", "text/xml"}}, soap}, "c-6", code);
}

TEST(ConsumerSide, ServerProxyHttpError) {
  const auto code = expects("another HTTP status than 200 and 500", "server.clientproxy.http_error");
  for (const int status : {502, 403, 302}) expect_fault({status, {{"Content-Type", "text/plain"}}, "no"}, "c-7", code);
}

TEST(ConsumerSide, ServerProxyNoBoundary) {
  const auto code =
      expects("multipart/mixed without a boundary", "server.clientproxy.service_failed.invalid_content_type");
  expect_fault({200, {{"Content-Type", "multipart/mixed"}}, "x"}, "c-8", code);
}

TEST(ConsumerSide, InvalidContentTypeFromServerProxy) {
  const auto code = expects("another outer type", "server.clientproxy.service_failed.invalid_content_type");
  expect_fault({200, {{"Content-Type", "text/plain"}}, "x"}, "c-9", code);
}

TEST(ConsumerSide, NoContentType) {
  const auto code =
      expects("an empty 200 without Content-Type", "server.clientproxy.service_failed.invalid_content_type");
  expect_fault({200, {}, ""}, "c-10", code);
}

TEST(ConsumerSide, RelayedFault) {
  const auto code = expects("a fault of the provider's server, word for word", "server.serverproxy.access_denied");
  const std::string fault = message::soap_fault_xml(Fault{code, "no right", "detail-1"});
  const Answer answer =
      ask([&](const net::RequestHead&,
              const std::string&) { return PeerAnswer{200, {{"Content-Type", "text/xml;charset=utf-8"}}, fault}; },
          "c-11");
  EXPECT_EQ(answer.body, fault);
  EXPECT_EQ(answer.fault_code(), code);
}

TEST(ConsumerSide, RelayedOlderFault) {
  const auto code = expects("a fault of a server of version 7.7, word for word", "Server.ServerProxy.AccessDenied");
  const std::string fault = message::soap_fault_xml(Fault{code, "no right", "detail-1"});
  const Answer answer = ask([&](const net::RequestHead&,
                                const std::string&) { return PeerAnswer{500, {{"Content-Type", "text/xml"}}, fault}; },
                            "c-11b");
  EXPECT_EQ(answer.body, fault);
}

TEST(ConsumerSide, RelayedFaultInMultipart) {
  const auto code = expects("a fault that is the only part, or stands in place of the signature",
                            "server.serverproxy.service_failed.io_error");
  const std::string fault = message::soap_fault_xml(Fault{code, "gone", "detail-2"});
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

TEST(ConsumerSide, MessageInPlaceOfSignature) {
  const auto code =
      expects("a SOAP message in place of the signature", "server.clientproxy.service_failed.invalid_content_type");
  const Answer answer = ask(
      [&](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(body, [&](TransportMessage& message) {
          message.last_type = "text/xml; charset=UTF-8";
          message.last = message.head;
        });
      },
      "c-13b");
  EXPECT_EQ(answer.fault_code(), code) << answer.body;
}

TEST(ConsumerSide, UnsignedMessageFromServerProxy) {
  const auto code = expects("an answer without signature", "server.clientproxy.missing_signature");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        TransportMessage message;
        honest_soap_answer(body, [&](TransportMessage& honest) { message = honest; });
        message.signature = {};
        return multipart_answer(message);
      },
      "c-14");
  EXPECT_EQ(answer.fault_code(), code);
}

TEST(ConsumerSide, EmptyMultipart) {
  const auto code = expects("an answer without any part", "server.clientproxy.missing_soap");
  expect_fault(multipart_answer({}), "c-15", code);
}

TEST(ConsumerSide, ServerProxyFaultyAttachment) {
  const auto code = expects("a part without Content-Type", "server.clientproxy.service_failed.invalid_content_type");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        PeerAnswer made =
            honest_soap_answer(body, [](TransportMessage& message) { message.attachments = {{"text/plain", "one"}}; });
        const std::string header = "content-type: multipart/mixed";
        made.body.replace(made.body.find(header), 7, "cont");
        return made;
      },
      "c-16");
  EXPECT_EQ(answer.fault_code(), code) << answer.body;
}

TEST(ConsumerSide, AttachmentWithoutType) {
  const auto code =
      expects("an attachment without Content-Type", "server.clientproxy.service_failed.invalid_content_type");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        PeerAnswer made =
            honest_soap_answer(body, [](TransportMessage& message) { message.attachments = {{"text/plain", "one"}}; });
        const std::string header = "content-type: text/plain\r\n";
        made.body.erase(made.body.find(header), header.size());
        return made;
      },
      "c-16b");
  EXPECT_EQ(answer.fault_code(), code) << answer.body;
}

TEST(ConsumerSide, ServerProxyMissingBody) {
  const auto code = expects("an answer whose SOAP has no Body", "server.clientproxy.service_failed.missing_body");
  const auto without_body = [](std::string soap) {
    const auto from = soap.find("<soap:Body>");
    return soap.erase(from, soap.find("</soap:Body>") + 12 - from);
  };
  const std::string soap = soap_request(Country::shared().app(), Country::shared().double_service(), "getState", "x");
  expect_fault({200, {{"Content-Type", "text/xml; boundary=foo"}}, without_body(soap)}, "c-17", code);
  const Answer answer = ask(
      [&](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(body, [&](TransportMessage& message) { message.head = without_body(message.head); });
      },
      "c-17b");
  EXPECT_EQ(answer.fault_code(), code) << answer.body;
}

TEST(ConsumerSide, TamperedAnswer) {
  const auto code = expects("an answer changed after it was signed",
                            "server.clientproxy.signature_verification.invalid_signature_value");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        PeerAnswer made = honest_soap_answer(body);
        made.body.replace(made.body.find("EE37702211234"), 13, "EE37702211235");
        return made;
      },
      "c-18");
  EXPECT_EQ(answer.fault_code(), code);
}

TEST(ConsumerSide, SignedByAnotherMember) {
  const auto code =
      expects("an answer signed by another member", "server.clientproxy.signature_verification.incorrect_certificate");
  const Identity other = Country::shared().issue("somebody", true);
  const Answer answer = ask(
      [&](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(
            body, [&](TransportMessage& message) { message.signature = sign_as_double(message.parts(), &other); });
      },
      "c-19");
  EXPECT_EQ(answer.fault_code(), code);
}

TEST(ConsumerSide, WrongRequestHash) {
  const auto code = expects("an answer to another request", "server.clientproxy.inconsistent_response");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(body, [](TransportMessage& message) {
          const auto at = message.head.find("sha512\">") + 8;
          message.head[at] = message.head[at] == 'A' ? 'B' : 'A';
        });
      },
      "c-20");
  EXPECT_EQ(answer.fault_code(), code) << answer.body;
}

TEST(ConsumerSide, ServerClientInconsistency) {
  const auto code =
      expects("an answer with another message id", "server.clientproxy.service_failed.inconsistent_response");
  const Answer answer = ask(
      [](const net::RequestHead&, const std::string& body) {
        return honest_soap_answer(
            body, [](TransportMessage& message) { message.head.replace(message.head.find("c-21"), 4, "c-99"); });
      },
      "c-21");
  EXPECT_EQ(answer.fault_code(), code) << answer.body;
}

// What SS1 makes of a server that it should not trust; nothing may reach that server.
void expect_distrust(PeerTls tls, const std::string& id, const std::string& code) {
  std::atomic<bool> asked = false;
  const PeerDouble peer(
      [&](const net::RequestHead&, const std::string& body) {
        asked = true;
        return honest_soap_answer(body);
      },
      std::move(tls));
  const Answer answer =
      post_soap(soap_request(Country::shared().app(), Country::shared().double_service(), "getState", id));
  EXPECT_EQ(answer.fault_code(), code) << answer.body << answer.problem;
  EXPECT_FALSE(asked);
}

TEST(ConsumerSide, SslAuthCertNotMatchesOrg) {
  const auto code = expects("a server whose certificate belongs to no server of the provider, before anything is sent",
                            "server.clientproxy.ssl_authentication_failed");
  const Identity other = Country::shared().issue("other", false);
  expect_distrust({.authentication = &other}, "c-22", code);
}

TEST(ConsumerSide, SslClientCertVerificationError) {
  const auto code = expects("a server whose certificate was revoked",
                            "server.clientproxy.ssl_authentication_failed.invalid_cert_path.cert_validation");
  Identity revoked = Country::shared().issue("revoked", false);
  revoked.ocsp = Country::shared().ocsp_for(revoked.certificate, pki::CertificateStatus::revoked);
  expect_distrust({.authentication = &revoked}, "c-22b", code);
}

TEST(ConsumerSide, SignCertificateForTls) {
  const auto code = expects("a server that shows a certificate which is not for authentication",
                            "server.clientproxy.ssl_authentication_failed");
  const Identity signing = Country::shared().issue("signing", true);
  expect_distrust({.authentication = &signing}, "c-22c", code);
}

TEST(ConsumerSide, NoOcspFromServer) {
  const auto code = expects("a server that hands out no OCSP response for its certificate",
                            "server.clientproxy.ssl_authentication_failed.internal_error");
  const Identity fresh = Country::shared().issue("fresh", false);
  expect_distrust({.authentication = &fresh, .hands_out_ocsp = false}, "c-22d", code);
}

TEST(ConsumerSide, SslAuthTrustManagerError) {
  const auto code =
      expects("a server that refuses our certificate in the handshake", "server.clientproxy.ssl_authentication_failed");
  const auto refuse = [](const std::vector<pki::Certificate>&) -> Result<void> {
    return Fault{"ssl_authentication_failed", "belongs to no server"};
  };
  // TLS 1.2, and 1.3, where a client is told only after it may have sent its request.
  expect_distrust({.suites = {"ECDHE-ECDSA-AES256-GCM-SHA384", ""}, .check = refuse}, "c-22e", code);
  expect_distrust({.check = refuse}, "c-22f", code);
}

TEST(ConsumerSide, SslClientCipherSuiteSetupError) {
  const auto code =
      expects("a server with which there is no common cipher suite", "server.clientproxy.ssl_authentication_failed");
  expect_distrust({.suites = {"ECDHE-ECDSA-CHACHA20-POLY1305", ""}}, "c-22g", code);
}

TEST(ConsumerSide, FastestServerWithWrongCertificate) {
  describes("of two servers the one with a wrong certificate is passed over, however fast it is");
  Country& country = Country::shared();
  country.services().answer_with(
      [](const ServiceRequest& request) { return http_answer("text/xml", soap_answer(request.body)); });
  const Identity other = country.issue("other", false);
  std::atomic<bool> asked = false;
  const PeerDouble peer(
      [&](const net::RequestHead&, const std::string& body) {
        asked = true;
        return honest_soap_answer(body);
      },
      {.authentication = &other});
  for (int i = 0; i < 6; ++i) {
    const Answer answer = post_soap(soap_request(country.app(), country.both(), "getState", "c-22h"));
    EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
  }
  EXPECT_FALSE(asked);
}

void expect_unreachable(const ClientId& provider, const std::string& id, const std::string& code) {
  const Answer answer = post_soap(soap_request(Country::shared().app(), provider, "getState", id));
  EXPECT_EQ(answer.fault_code(), code) << answer.body << answer.problem;
}

TEST(ConsumerSide, ServerProxyConnectionRefused) {
  const auto code = expects("a provider's only server does not listen", "server.clientproxy.network_error");
  expect_unreachable(Country::shared().double_service(), "c-23", code);
}

TEST(ConsumerSide, SslSelectFastestProxyNoConnections) {
  const auto code = expects("the names of a provider's servers have no address", "server.clientproxy.network_error");
  expect_unreachable(*ClientId::make("DEV", "COM", "double", "scattered"), "c-23b", code);
}

TEST(ConsumerSide, UnknownHostOfServer) {
  const auto code = expects("the name of a provider's only server has no address", "server.clientproxy.unknown_host");
  expect_unreachable(*ClientId::make("DEV", "COM", "double", "lost"), "c-23c", code);
}

TEST(ConsumerSide, UnknownProvider) {
  const auto code = expects("a provider that no server serves", "server.clientproxy.unknown_member");
  expect_unreachable(*ClientId::make("DEV", "COM", "provider", "nowhere"), "c-24", code);
}

TEST(ConsumerSide, UnknownClient) {
  const auto code = expects("a client that is not registered at this server", "server.clientproxy.unknown_member");
  const Answer answer =
      post_soap(soap_request(Country::shared().double_app(), Country::shared().service(), "getState", "c-25"));
  EXPECT_EQ(answer.fault_code(), code) << answer.body;
}

}  // namespace
}  // namespace causeway::conformance
