// SPDX-License-Identifier: MIT
// What a provider's Security Server answers to other servers, honest and not
// (messages.md sections 4 and 5).
#include <gtest/gtest.h>

#include "case.hpp"
#include "message/soap.hpp"
#include "peer_double.hpp"

namespace causeway::conformance {
namespace {

class ProviderSide : public ::testing::Test {
 protected:
  void SetUp() override {
    Country::shared().services().answer_with([](const ServiceRequest& request) {
      return request.target.starts_with("/soap") ? http_answer("text/xml", soap_answer(request.body))
                                                 : http_answer("application/json", "{}");
    });
  }
};

TEST_F(ProviderSide, NormalMessage) {
  describes("an honest signed message from another server is served");
  const Answer answer = send_to_provider(honest_soap_request("getState", "p-1"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fault_code(), "");
  EXPECT_NE(answer.body.find("signature/bdoc-1.0/ts"), std::string::npos) << answer.body << answer.problem;
  ASSERT_TRUE(answer.headers.find("x-original-content-type"));
}

TEST_F(ProviderSide, RestNormalMessage) {
  describes("an honest signed REST message is served, the transport's request id comes back");
  const Answer answer =
      send_to_provider(honest_rest_request("POST", "/r1/DEV/COM/provider/service/rest/a?b=c", "x"), true);
  EXPECT_EQ(answer.fault_code(), "");
  EXPECT_NE(answer.body.find("x-road-request-id:11111111-2222-4333-8444-555555555555\r\n"), std::string::npos)
      << answer.body;
  EXPECT_EQ(Country::shared().services().requests().at(0).body, "x");
}

TEST_F(ProviderSide, WrongHttpMethodServerProxy) {
  expects("a transport message that does not come with POST", "server.serverproxy.invalid_http_method");
  const auto message = honest_soap_request("getState", "p-2");
  EXPECT_EQ(send_to_provider(transport_headers(message, false), "", "GET").fault_code(),
            "server.serverproxy.invalid_http_method");
}

TEST_F(ProviderSide, NoSignatureToServerProxy) {
  expects("a message without signature", "server.serverproxy.missing_signature");
  auto message = honest_soap_request("getState", "p-3");
  message.signature = {};
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.missing_signature");
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, NoSoapToServerProxy) {
  expects("a message that holds only a signature", "server.serverproxy.service_failed.invalid_content_type");
  auto message = honest_soap_request("getState", "p-4");
  message.head.clear();
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.service_failed.invalid_content_type");
}

TEST_F(ProviderSide, EmptyMessage) {
  expects("a message without any part", "server.serverproxy.missing_soap");
  TransportMessage message;
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.missing_soap");
}

TEST_F(ProviderSide, FaultInPlaceOfSignature) {
  expects("a consumer's server that gave up", "server.serverproxy.missing_signature");
  auto message = honest_soap_request("getState", "p-5");
  message.signature = {};
  message.last_type = "text/xml; charset=UTF-8";
  message.last = message::soap_fault_xml(Fault{"server.clientproxy.cannot_create_signature", "no key"});
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.missing_signature");
}

TEST_F(ProviderSide, FaultInPlaceOfMessage) {
  expects("a fault where the request should be", "server.serverproxy.missing_soap");
  auto message = honest_soap_request("getState", "p-6");
  message.head = message::soap_fault_xml(Fault{"server.clientproxy.io_error", "gone"});
  message.signature = {};
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.missing_soap");
}

TEST_F(ProviderSide, InvalidContentTypeFromClientProxy) {
  expects("another outer type than multipart/mixed", "server.serverproxy.service_failed.invalid_content_type");
  const auto message = honest_soap_request("getState", "p-7");
  auto headers = transport_headers(message, false);
  for (auto& [name, value] : headers)
    if (name == "Content-Type") value = "text/plain";
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(),
            "server.serverproxy.service_failed.invalid_content_type");
}

TEST_F(ProviderSide, MissingBoundary) {
  expects("multipart/mixed without a boundary", "server.serverproxy.service_failed.invalid_content_type");
  const auto message = honest_soap_request("getState", "p-8");
  auto headers = transport_headers(message, false);
  for (auto& [name, value] : headers)
    if (name == "Content-Type") value = "multipart/mixed";
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(),
            "server.serverproxy.service_failed.invalid_content_type");
}

TEST_F(ProviderSide, ExtraContent) {
  expects("a part after the signature", "server.serverproxy.service_failed.invalid_message");
  auto message = honest_soap_request("getState", "p-9");
  message.last_type = "text/plain";
  message.last = "more";
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.service_failed.invalid_message");
}

TEST_F(ProviderSide, WrongTypeInPlaceOfSignature) {
  expects("another type where the signature should be", "server.serverproxy.service_failed.invalid_content_type");
  auto message = honest_soap_request("getState", "p-10");
  message.signature = {};
  message.last_type = "application/octet-stream";
  message.last = "not a signature";
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.service_failed.invalid_content_type");
}

TEST_F(ProviderSide, NoOcspResponse) {
  expects("a message that brings no OCSP response", "server.serverproxy.service_failed.ssl_authentication_failed");
  auto message = honest_soap_request("getState", "p-11");
  message.ocsp.clear();
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.service_failed.ssl_authentication_failed");
}

TEST_F(ProviderSide, ForeignOcspResponse) {
  expects("an OCSP response about another certificate", "server.serverproxy.service_failed.ssl_authentication_failed");
  auto message = honest_soap_request("getState", "p-12");
  message.ocsp = {Country::shared().double_signing().ocsp};
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.service_failed.ssl_authentication_failed");
}

TEST_F(ProviderSide, SslAuthCertNotMatchesOrg) {
  expects("a client that is not registered at the sending server",
          "server.serverproxy.service_failed.ssl_authentication_failed");
  auto message = honest_soap_request("getState", "p-13");
  message.head = soap_request(Country::shared().app(), Country::shared().service(), "getState", "p-13");
  message.signature = sign_as_double(message.parts());
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.service_failed.ssl_authentication_failed");
}

TEST_F(ProviderSide, SslAuthTrustManagerError) {
  expects("a TLS certificate that belongs to no registered server", "the handshake fails");
  const auto message = honest_soap_request("getState", "p-14");
  const Identity unknown = Country::shared().issue("unknown", false);
  const Answer answer = send_to_provider(transport_headers(message, false), message.octets(), "POST", &unknown);
  EXPECT_EQ(answer.status, 0) << answer.body;
  EXPECT_NE(answer.problem, "");
}

TEST_F(ProviderSide, TamperedMessage) {
  expects("a message changed after it was signed", "server.serverproxy.signature_verification.invalid_signature_value");
  auto message = honest_soap_request("getState", "p-15");
  message.head.replace(message.head.find("EE37702211234"), 13, "EE37702211235");
  EXPECT_EQ(send_to_provider(message).fault_code(),
            "server.serverproxy.signature_verification.invalid_signature_value");
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, TamperedAttachment) {
  describes("an attachment changed after it was signed is refused");
  auto message = honest_soap_request("getState", "p-16");
  message.attachments = {{"text/plain", "one"}};
  message.signature = sign_as_double(message.parts());
  message.attachments[0].second = "two";
  const std::string code = send_to_provider(message).fault_code();
  EXPECT_TRUE(code.starts_with("server.serverproxy.signature_verification.")) << code;
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, AddedAttachment) {
  describes("an attachment that no signature covers is refused");
  auto message = honest_soap_request("getState", "p-17");
  message.attachments = {{"text/plain", "not signed"}};
  const std::string code = send_to_provider(message).fault_code();
  EXPECT_TRUE(code.starts_with("server.serverproxy.signature_verification.")) << code;
}

TEST_F(ProviderSide, SignedByAnotherMember) {
  expects("a signature of another member", "server.serverproxy.signature_verification.incorrect_certificate");
  auto message = honest_soap_request("getState", "p-18");
  const Identity other = Country::shared().issue("somebody", true);
  message.signature = sign_as_double(message.parts(), &other);
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.signature_verification.incorrect_certificate");
}

TEST_F(ProviderSide, UnknownProvider) {
  expects("a provider that is not registered here", "server.serverproxy.service_failed.unknown_member");
  auto message = honest_soap_request("getState", "p-19");
  message.head = soap_request(Country::shared().double_app(), Country::shared().double_service(), "getState", "p-19");
  message.signature = sign_as_double(message.parts());
  EXPECT_EQ(send_to_provider(message).fault_code(), "server.serverproxy.service_failed.unknown_member");
}

TEST_F(ProviderSide, NotAllowed) {
  expects("a service the client has no right to", "server.serverproxy.access_denied");
  EXPECT_EQ(send_to_provider(honest_soap_request("denied", "p-20")).fault_code(), "server.serverproxy.access_denied");
}

TEST_F(ProviderSide, UnknownService) {
  expects("a service that does not exist", "server.serverproxy.unknown_service");
  EXPECT_EQ(send_to_provider(honest_soap_request("nothing", "p-21")).fault_code(),
            "server.serverproxy.unknown_service");
}

TEST_F(ProviderSide, ServiceTypeMismatch) {
  expects("a REST call of a SOAP service", "server.serverproxy.service_type");
  const auto message = honest_rest_request("GET", "/r1/DEV/COM/provider/service/getState", "");
  EXPECT_EQ(send_to_provider(message, true).fault_code(), "server.serverproxy.service_type");
}

TEST_F(ProviderSide, RestMissingRequestId) {
  expects("a REST message without the transport's request id", "server.serverproxy.internal_error");
  const auto message = honest_rest_request("GET", "/r1/DEV/COM/provider/service/rest", "");
  auto headers = transport_headers(message, true);
  std::erase_if(headers, [](const auto& header) { return header.first == "x-road-request-id"; });
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(), "server.serverproxy.internal_error");
}

TEST_F(ProviderSide, MissingHashAlgorithm) {
  expects("a message without x-hash-algorithm", "server.serverproxy.internal_error");
  const auto message = honest_soap_request("getState", "p-22");
  auto headers = transport_headers(message, false);
  std::erase_if(headers, [](const auto& header) { return header.first == "x-hash-algorithm"; });
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(), "server.serverproxy.internal_error");
}

TEST_F(ProviderSide, PathTraversal) {
  describes("a path that climbs out of a service's right reaches no service");
  for (const std::string path : {"/rest/../x", "/rest/%2e%2e/x", "/rest/%252e%252e/x", "/rest/a/..%2f..%2fx"}) {
    const auto message = honest_rest_request("GET", "/r1/DEV/COM/provider/service" + path, "");
    const Answer answer = send_to_provider(message, true);
    for (const auto& request : Country::shared().services().requests())
      EXPECT_EQ(request.target.find(".."), std::string::npos) << path;
    EXPECT_NE(answer.fault_code(), "") << path;
  }
}

TEST_F(ProviderSide, OcspHandOver) {
  describes("OCSP responses are handed out by SHA-1, in the order asked, HEAD answers 200");
  net::RequestHead head;
  head.method = "GET";
  head.target = "/?cert=0000000000000000000000000000000000000000";
  EXPECT_EQ(send(Country::shared().provider_ocsp(), nullptr, head, "").status, 500);
  head.target = "/";
  EXPECT_EQ(send(Country::shared().provider_ocsp(), nullptr, head, "").status, 500);
  head.method = "HEAD";
  EXPECT_EQ(send(Country::shared().provider_ocsp(), nullptr, head, "").status, 200);
}

}  // namespace
}  // namespace causeway::conformance
