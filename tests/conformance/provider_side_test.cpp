// SPDX-License-Identifier: MIT
// What a provider's Security Server answers to other servers, honest and not
// (messages.md sections 4 and 5).
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.hpp"
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
  const auto code =
      expects("a transport message that does not come with POST", "server.serverproxy.invalid_http_method");
  const auto message = honest_soap_request("getState", "p-2");
  EXPECT_EQ(send_to_provider(transport_headers(message, false), "", "GET").fault_code(), code);
}

TEST_F(ProviderSide, NoSignatureToServerProxy) {
  const auto code = expects("a message without signature", "server.serverproxy.missing_signature");
  auto message = honest_soap_request("getState", "p-3");
  message.signature = {};
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, NoSoapToServerProxy) {
  const auto code = expects("an empty part where the SOAP should be", "server.serverproxy.service_failed.invalid_soap");
  TransportMessage message;
  message.ocsp = {Country::shared().double_authentication().ocsp};
  message.last_type = "text/xml";
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
  // Also when the next delimiter follows the part's headers at once, and attachments after it.
  const std::string octets = "--" + message.boundary + "\r\nContent-Type: text/xml\r\n\r\n--" + message.boundary +
                             "\r\nContent-Type: multipart/mixed; boundary=IN\r\n\r\n--IN\r\nContent-Type: "
                             "text/plain\r\n\r\nblaah\r\n--IN--\r\n\r\n--" +
                             message.boundary + "--\r\n";
  EXPECT_EQ(send_to_provider(transport_headers(message, false), octets).fault_code(), code);
}

TEST_F(ProviderSide, OnlyASignature) {
  const auto code =
      expects("a message that holds only a signature", "server.serverproxy.service_failed.invalid_content_type");
  auto message = honest_soap_request("getState", "p-4");
  message.head.clear();
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, ServerProxyProcessingError) {
  const auto code = expects("multipart/mixed that holds no part but a SOAP message", "server.serverproxy.missing_soap");
  TransportMessage message;
  message.boundary = "foobar";
  const std::string soap =
      soap_request(Country::shared().double_app(), Country::shared().service(), "getState", "p-4b");
  EXPECT_EQ(send_to_provider(transport_headers(message, false), soap).fault_code(), code);
}

TEST_F(ProviderSide, UnsignedMessageFromClientProxy) {
  const auto code = expects("a message with attachments, without signature", "server.serverproxy.missing_signature");
  auto message = honest_soap_request("getState", "p-3b");
  message.attachments = {{"text/plain", "blaah"}};
  message.signature = {};
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, NormalAttachments) {
  describes("an honest signed message with attachments is served");
  auto message = honest_soap_request("getState", "p-1b");
  message.attachments = {{"text/plain", "one"}, {"image/png", "two"}};
  message.signature = sign_as_double(message.parts());
  auto headers = transport_headers(message, false);
  for (auto& [name, value] : headers)
    if (name == "x-original-content-type") value = "multipart/related; boundary=ORIGINAL";
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer("text/xml", soap_answer(request.body.substr(from, to - from)));
  });
  const Answer answer = send_to_provider(headers, message.octets());
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  const auto seen = Country::shared().services().requests().at(0);
  EXPECT_EQ(seen.header("content-type"), "multipart/related; boundary=ORIGINAL");
  EXPECT_NE(seen.body.find("\r\n\r\none\r\n--ORIGINAL"), std::string::npos) << seen.body;
  EXPECT_NE(seen.body.find("\r\n\r\ntwo\r\n--ORIGINAL--"), std::string::npos) << seen.body;
}

TEST_F(ProviderSide, EmptyMessage) {
  const auto code = expects("a message without any part", "server.serverproxy.missing_soap");
  TransportMessage message;
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, FaultInPlaceOfSignature) {
  const auto code = expects("a consumer's server that gave up", "server.serverproxy.missing_signature");
  auto message = honest_soap_request("getState", "p-5");
  message.signature = {};
  message.last_type = "text/xml; charset=UTF-8";
  message.last = message::soap_fault_xml(Fault{"server.clientproxy.cannot_create_signature", "no key"});
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, FaultInPlaceOfMessage) {
  const auto code = expects("a fault where the request should be", "server.serverproxy.missing_soap");
  auto message = honest_soap_request("getState", "p-6");
  message.head = message::soap_fault_xml(Fault{"server.clientproxy.io_error", "gone"});
  message.signature = {};
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, InvalidContentTypeFromClientProxy) {
  const auto code = expects("another outer type than multipart/mixed, a fault's among them",
                            "server.serverproxy.service_failed.invalid_content_type");
  const auto message = honest_soap_request("getState", "p-7");
  for (const std::string type : {"text/xml", "text/plain", "tsdfsdfsdf", ""}) {
    auto headers = transport_headers(message, false);
    for (auto& [name, value] : headers)
      if (name == "Content-Type") value = type;
    EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(), code) << type;
  }
}

TEST_F(ProviderSide, MissingBoundary) {
  const auto code =
      expects("multipart/mixed without a boundary", "server.serverproxy.service_failed.invalid_content_type");
  const auto message = honest_soap_request("getState", "p-8");
  auto headers = transport_headers(message, false);
  for (auto& [name, value] : headers)
    if (name == "Content-Type") value = "multipart/mixed";
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(), code);
}

TEST_F(ProviderSide, ExtraContent) {
  const auto code = expects("a part after the signature", "server.serverproxy.service_failed.invalid_message");
  auto message = honest_soap_request("getState", "p-9");
  message.last_type = "text/plain";
  message.last = "more";
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, WrongTypeInPlaceOfSignature) {
  const auto code =
      expects("another type where the signature should be", "server.serverproxy.service_failed.invalid_content_type");
  auto message = honest_soap_request("getState", "p-10");
  message.signature = {};
  message.last_type = "application/octet-stream";
  message.last = "not a signature";
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, NoOcspResponse) {
  const auto code =
      expects("a message that brings no OCSP response", "server.serverproxy.service_failed.ssl_authentication_failed");
  auto message = honest_soap_request("getState", "p-11");
  message.ocsp.clear();
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, ForeignOcspResponse) {
  const auto code = expects("an OCSP response about another certificate",
                            "server.serverproxy.service_failed.ssl_authentication_failed");
  auto message = honest_soap_request("getState", "p-12");
  message.ocsp = {Country::shared().double_signing().ocsp};
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, RevokedCertificate) {
  const auto code = expects("an OCSP response that tells of a revocation",
                            "server.serverproxy.service_failed.ssl_authentication_failed");
  auto message = honest_soap_request("getState", "p-12b");
  message.ocsp = {Country::shared().ocsp_for(Country::shared().double_authentication().certificate,
                                             pki::CertificateStatus::revoked)};
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, SslAuthCertNotMatchesOrg) {
  const auto code = expects("a client that is not registered at the sending server",
                            "server.serverproxy.service_failed.ssl_authentication_failed");
  auto message = honest_soap_request("getState", "p-13");
  message.head = soap_request(Country::shared().app(), Country::shared().service(), "getState", "p-13");
  message.signature = sign_as_double(message.parts());
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, UnregisteredCertificate) {
  expects("a TLS certificate that belongs to no registered server", "the handshake fails");
  const auto message = honest_soap_request("getState", "p-14");
  const Identity unknown = Country::shared().issue("unknown", false);
  const Answer answer = send_to_provider(transport_headers(message, false), message.octets(), "POST", &unknown);
  EXPECT_EQ(answer.status, 0) << answer.body;
  EXPECT_NE(answer.problem, "");
}

TEST_F(ProviderSide, TamperedMessage) {
  const auto code = expects("a message changed after it was signed",
                            "server.serverproxy.signature_verification.invalid_signature_value");
  auto message = honest_soap_request("getState", "p-15");
  message.head.replace(message.head.find("EE37702211234"), 13, "EE37702211235");
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, TamperedAttachment) {
  const auto code = expects("an attachment changed after it was signed",
                            "server.serverproxy.signature_verification.malformed_signature.invalid_hash_chain");
  auto message = honest_soap_request("getState", "p-16");
  message.attachments = {{"text/plain", "one"}};
  message.signature = sign_as_double(message.parts());
  message.attachments[0].second = "two";
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, AttachmentOutsideTheChain) {
  const auto code = expects("an attachment that the signature's hash chain does not name",
                            "server.serverproxy.signature_verification.malformed_signature.hashchain_unused_inputs");
  auto message = honest_soap_request("getState", "p-16b");
  message.attachments = {{"text/plain", "one"}};
  message.signature = sign_as_double(message.parts());
  message.attachments.push_back({"text/plain", "two"});
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, AddedAttachment) {
  const auto code = expects("an attachment that no signature covers",
                            "server.serverproxy.signature_verification.malformed_signature");
  auto message = honest_soap_request("getState", "p-17");
  message.attachments = {{"text/plain", "not signed"}};
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
  EXPECT_TRUE(Country::shared().services().requests().empty());
}

TEST_F(ProviderSide, SignedByAnotherMember) {
  const auto code =
      expects("a signature of another member", "server.serverproxy.signature_verification.incorrect_certificate");
  auto message = honest_soap_request("getState", "p-18");
  const Identity other = Country::shared().issue("somebody", true);
  message.signature = sign_as_double(message.parts(), &other);
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, UnknownProvider) {
  const auto code =
      expects("a provider that is not registered here", "server.serverproxy.service_failed.unknown_member");
  auto message = honest_soap_request("getState", "p-19");
  message.head = soap_request(Country::shared().double_app(), Country::shared().double_service(), "getState", "p-19");
  message.signature = sign_as_double(message.parts());
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, NotAllowed) {
  const auto code = expects("a service the client has no right to", "server.serverproxy.access_denied");
  EXPECT_EQ(send_to_provider(honest_soap_request("denied", "p-20")).fault_code(), code);
}

TEST_F(ProviderSide, UnknownService) {
  const auto code = expects("a service that does not exist", "server.serverproxy.unknown_service");
  EXPECT_EQ(send_to_provider(honest_soap_request("nothing", "p-21")).fault_code(), code);
}

TEST_F(ProviderSide, ServiceTypeMismatch) {
  const auto code = expects("a REST call of a SOAP service", "server.serverproxy.service_type");
  const auto message = honest_rest_request("GET", "/r1/DEV/COM/provider/service/getState", "");
  EXPECT_EQ(send_to_provider(message, true).fault_code(), code);
}

TEST_F(ProviderSide, RestMissingRequestId) {
  const auto code = expects("a REST message without the transport's request id", "server.serverproxy.internal_error");
  const auto message = honest_rest_request("GET", "/r1/DEV/COM/provider/service/rest", "");
  auto headers = transport_headers(message, true);
  std::erase_if(headers, [](const auto& header) { return header.first == "x-road-request-id"; });
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(), code);
}

TEST_F(ProviderSide, MissingHashAlgorithm) {
  const auto code = expects("a message without x-hash-algorithm", "server.serverproxy.internal_error");
  const auto message = honest_soap_request("getState", "p-22");
  auto headers = transport_headers(message, false);
  std::erase_if(headers, [](const auto& header) { return header.first == "x-hash-algorithm"; });
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(), code);
}

TEST_F(ProviderSide, PathTraversal) {
  const auto code = expects("a path that climbs out of a service's right", "server.serverproxy.access_denied");
  for (const std::string path : {"/rest/../x", "/rest/%2e%2e/x", "/rest/%252e%252e/x", "/rest/a/..%2f..%2fx"}) {
    const auto message = honest_rest_request("GET", "/r1/DEV/COM/provider/service" + path, "");
    EXPECT_EQ(send_to_provider(message, true).fault_code(), code) << path;
    EXPECT_TRUE(Country::shared().services().requests().empty());
  }
}

TEST_F(ProviderSide, InvalidOcsp) {
  const auto code = expects("an OCSP part that holds none", "server.serverproxy.service_failed.io_error");
  auto message = honest_soap_request("getState", "p-23");
  message.ocsp = {to_bytes("not an OCSP response")};
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, InvalidSoapContentType) {
  const auto code = expects("a message part of another type", "server.serverproxy.service_failed.invalid_content_type");
  auto message = honest_soap_request("getState", "p-24");
  message.head_type = "text/html; charset=UTF-8";
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, OlderClientVersion) {
  const auto code = expects("a server below the version that this one serves",
                            "server.serverproxy.client_proxy_version_not_supported");
  const auto message = honest_soap_request("getState", "p-25");
  const auto with_version = [&](const std::string& version) {
    auto headers = transport_headers(message, false);
    for (auto& [name, value] : headers)
      if (name == "x-proxy-version") value = version;
    return send_to_provider(headers, message.octets()).fault_code();
  };
  EXPECT_EQ(with_version("6.26.3"), code);
  EXPECT_EQ(with_version("7.5.99"), code);
  EXPECT_EQ(with_version("7.6.0"), "");
}

TEST_F(ProviderSide, AnyClientVersion) {
  const auto code = expects("a server that sets no minimum takes any version: its message gets as far as its service",
                            "server.serverproxy.unknown_service");
  Country& country = Country::shared();
  auto message = honest_soap_request("getState", "p-25b");
  message.head = soap_request(country.double_app(), country.app(), "getState", "p-25b");
  message.signature = sign_as_double(message.parts());
  net::RequestHead head;
  head.method = "POST";
  head.target = "/";
  for (const auto& [name, value] : transport_headers(message, false))
    if (name != "x-proxy-version") head.headers.add(name, value);
  head.headers.add("x-proxy-version", "6.0.0");
  const Answer answer = send(country.consumer_transport(), client_tls(country.double_authentication()), std::move(head),
                             message.octets());
  EXPECT_EQ(answer.fault_code(), code) << answer.body << answer.problem;
}

TEST_F(ProviderSide, NoClientVersion) {
  const auto code = expects("no version, or none that can be compared", "server.serverproxy.internal_error");
  const auto message = honest_soap_request("getState", "p-26");
  auto headers = transport_headers(message, false);
  for (auto& [name, value] : headers)
    if (name == "x-proxy-version") value = "seven";
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(), code);
  std::erase_if(headers, [](const auto& header) { return header.first == "x-proxy-version"; });
  EXPECT_EQ(send_to_provider(headers, message.octets()).fault_code(), code);
}

TEST_F(ProviderSide, InvalidSecurityServer) {
  const auto code =
      expects("a message that targets another server", "server.serverproxy.service_failed.invalid_security_server");
  auto message = honest_soap_request("getState", "p-27");
  const std::string target =
      "<x:securityServer i:objectType=\"SERVER\"><i:xRoadInstance>DEV</i:xRoadInstance><i:memberClass>COM"
      "</i:memberClass><i:memberCode>double</i:memberCode><i:serverCode>SS3</i:serverCode></x:securityServer>";
  message.head.insert(message.head.find("</soap:Header>"), target);
  message.signature = sign_as_double(message.parts());
  EXPECT_EQ(send_to_provider(message).fault_code(), code);
}

TEST_F(ProviderSide, OcspHandOver) {
  describes("OCSP responses are handed out by SHA-1, in the order asked; one that is not there is HTTP 500");
  also_expects("HTTP 500");
  std::vector<std::pair<std::string, std::string>> kept;  // hash, response
  for (const auto& file : std::filesystem::directory_iterator(Country::shared().provider_directory() / "ocsp"))
    kept.emplace_back(file.path().stem().string(), *read_file(file.path()));
  ASSERT_GE(kept.size(), 2u);
  for (int turn = 0; turn < 2; ++turn, std::swap(kept[0], kept[1])) {
    net::RequestHead asked;
    asked.method = "GET";
    asked.target = "/?cert=" + kept[0].first + "&cert=" + kept[1].first;
    const Answer answer = send(Country::shared().provider_ocsp(), nullptr, asked, "");
    EXPECT_EQ(answer.status, 200);
    const auto first = answer.body.find(kept[0].second), second = answer.body.find(kept[1].second);
    ASSERT_NE(second, std::string::npos);
    EXPECT_LT(first, second);
  }
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
