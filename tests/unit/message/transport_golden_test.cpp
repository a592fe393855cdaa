// SPDX-License-Identifier: MIT
// Every form of a message between two Security Servers, octet for octet (messages.md 4.4 to
// 4.10). The files in tests/data/golden/transport are the HTTP bodies; what is opaque to this
// folder (OCSP responses, hash chains, signatures) is a short stand-in.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "message/headers.hpp"
#include "message/rest.hpp"
#include "pki/digest.hpp"
#include "support/locations.hpp"
#include "unit/message/collected_parts.hpp"

namespace causeway::message {
namespace {

using Parts = std::vector<CollectedPart>;

std::string golden(std::string_view name) {
  std::ifstream file(testing::source_directory() / "tests/data/golden/transport" / name, std::ios::binary);
  if (!file) throw std::runtime_error("no golden file " + std::string(name));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string written(const Parts& parts, std::string boundary) {
  MultipartWriter writer(std::move(boundary));
  std::string text;
  for (const CollectedPart& part : parts) {
    net::Headers more = part.headers;
    more.remove("content-type");
    text += writer.part(part.type(), more) + part.body;
  }
  return text + writer.end();
}

// Reads the file in pieces of several sizes and writes what was read again.
Parts parts_of(std::string_view name) {
  const std::string text = golden(name);
  Parts parts = collected_parts(text, "xtopGolden", text.size());
  for (const std::size_t piece : {1, 2, 7, 64}) {
    const Parts again = collected_parts(text, "xtopGolden", piece);
    EXPECT_EQ(again.size(), parts.size());
    EXPECT_EQ(written(again, "xtopGolden"), text) << name << " in pieces of " << piece;
  }
  return parts;
}

std::vector<std::string> types(const Parts& parts) {
  std::vector<std::string> all;
  for (const CollectedPart& part : parts) all.push_back(part.type());
  return all;
}

Bytes sha512(std::string_view text) { return pki::digest(pki::DigestAlgorithm::sha512, as_bytes(text)); }

Result<Soap> soap(const CollectedPart& part) { return parse_soap(to_bytes(part.body), part.type()); }

net::RequestHead http(std::string method, std::string target, std::initializer_list<net::Headers::Entry> headers) {
  net::RequestHead head{std::move(method), std::move(target), {}};
  for (const auto& [name, value] : headers) head.headers.add(name, value);
  return head;
}

const std::string kOcsp(kTypeOcsp), kRestRequest(kTypeRestRequest), kRestResponse(kTypeRestResponse),
    kRestBody(kTypeRestBody), kChainResult(kTypeHashChainResult), kChain(kTypeHashChain), kSignature(kTypeSignature);
const std::string kNested = "multipart/mixed; charset=UTF-8; boundary=xattGolden";
const std::string kFaultType = "text/xml; charset=UTF-8";
using Types = std::vector<std::string>;

TEST(TransportGolden, RestRequestWithoutBody) {
  const Parts parts = parts_of("rest-without-body.request");
  EXPECT_EQ(types(parts), (Types{kOcsp, kRestRequest, kSignature}));
  const auto made = rest_request_from_http(http("GET", "/r1/DEV/COM/222/TESTSERVICE/petstore/v2/pets/7?verbose=true",
                                                {{"Host", "ss"},
                                                 {"Accept", "application/json"},
                                                 {"X-Road-Client", "DEV/COM/111/TESTCLIENT"},
                                                 {"X-Road-Id", "req-0001"}}),
                                           "DEV", "6f1c9a52-4c58-4f0e-9c2b-0a7c5a9d2e11");
  EXPECT_EQ(made->head(), parts[1].body);
  EXPECT_EQ(parse_rest_request(parts[1].body)->head(), parts[1].body);
}

TEST(TransportGolden, RestResponseWithBody) {
  const Parts parts = parts_of("rest-with-body.response");
  EXPECT_EQ(types(parts), (Types{kRestResponse, kRestBody, kChainResult, kChain, kSignature}));
  EXPECT_EQ(parts[1].body, R"({"id":7,"name":"Rex"})");
  const auto request = parse_rest_request(parts_of("rest-without-body.request")[1].body);
  net::ResponseHead answer{200, "OK", {}};
  answer.headers.add("Content-Type", "application/json");
  answer.headers.add("Date", "Thu, 05 Feb 2026 10:00:00 GMT");
  const std::string hash = rest_request_hash(sha512(request->head()), std::nullopt);
  EXPECT_EQ(rest_response_from_http(answer, *request, request->request_id, hash)->head(), parts[0].body);
  EXPECT_TRUE(check_consistent(*request, hash, *parse_rest_response(parts[0].body)).ok());
}

TEST(TransportGolden, RestResponseWithEmptyBodyStillHasThePart) {
  const Parts parts = parts_of("rest-with-empty-body.response");
  EXPECT_EQ(types(parts), (Types{kRestResponse, kRestBody, kChainResult, kChain, kSignature}));
  EXPECT_EQ(parts[1].body, "");
}

TEST(TransportGolden, RestRequestWithBodyAndItsResponseWithout) {
  const Parts parts = parts_of("rest-with-body.request");
  EXPECT_EQ(types(parts), (Types{kOcsp, kRestRequest, kRestBody, kChainResult, kChain, kSignature}));
  const auto request = parse_rest_request(parts[1].body);
  EXPECT_EQ(request->head(), parts[1].body);
  const Bytes body = sha512(parts[2].body);
  const std::string hash = rest_request_hash(sha512(parts[1].body), ByteView(body));

  const Parts answered = parts_of("rest-without-body.response");
  EXPECT_EQ(types(answered), (Types{kRestResponse, kSignature}));
  net::ResponseHead answer{204, "No Content", {}};
  answer.headers.add("Date", "Thu, 05 Feb 2026 10:00:00 GMT");
  EXPECT_EQ(rest_response_from_http(answer, *request, request->request_id, hash)->head(), answered[0].body);
}

TEST(TransportGolden, SoapRequestAndResponse) {
  const Parts request = parts_of("soap.request"), response = parts_of("soap.response");
  EXPECT_EQ(types(request), (Types{kOcsp, "text/xml; charset=utf-8", kSignature}));
  EXPECT_EQ(types(response), (Types{"text/xml;charset=UTF-8", kSignature}));
  const auto asked = std::get<SoapMessage>(*soap(request[1]));
  EXPECT_EQ(as_text(asked.bytes), request[1].body);
  const auto service = parse_soap(to_bytes(golden("soap-service-answer.xml")), "text/xml;charset=UTF-8");
  const auto answered = with_request_hash(std::get<SoapMessage>(*service), asked.bytes);
  EXPECT_EQ(as_text(answered->bytes), response[0].body);
  EXPECT_TRUE(check_consistent(asked, std::get<SoapMessage>(*soap(response[0]))).ok());
}

TEST(TransportGolden, SoapRequestWithAttachments) {
  const Parts parts = parts_of("soap-with-attachments.request");
  EXPECT_EQ(types(parts), (Types{kOcsp, "text/xml; charset=utf-8", kNested, kChainResult, kChain, kSignature}));
  const Parts attachments = collected_parts(parts[2].body, "xattGolden", 3);
  ASSERT_EQ(attachments.size(), 2u);
  EXPECT_EQ(attachments[0].body, "UmV4\r\n");  // hashed as transported
  EXPECT_EQ(*attachments[0].headers.find("content-transfer-encoding"), "base64");
  EXPECT_EQ(attachments[1].body, std::string("\0\xff\r\n--xattGolde\r\n", 17));
  EXPECT_EQ(written(attachments, "xattGolden"), parts[2].body);
}

TEST(TransportGolden, SoapRequestWithMtom) {
  const Parts parts = parts_of("soap-mtom.request");
  const std::string type = "application/xop+xml; type=\"text/xml\"; charset=UTF-8";
  EXPECT_EQ(types(parts), (Types{kOcsp, type, kNested, kChainResult, kChain, kSignature}));
  EXPECT_EQ(*parts[1].headers.find("Content-ID"), "<root>");
  EXPECT_EQ(std::get<SoapMessage>(*soap(parts[1])).body_element, "findPet");
  EXPECT_EQ(collected_parts(parts[2].body, "xattGolden", 1)[0].type(), "image/png");
}

Fault expected_fault(std::string code, std::string text, char last_of_detail) {
  return {std::move(code), std::move(text), std::string("0b7d7a36-6d0c-4d0f-9d1f-0c9a3f6a5a1") + last_of_detail};
}

TEST(TransportGolden, FaultAsWholeBody) {
  const Fault fault = expected_fault("server.serverproxy.access_denied",
                                     "Request is not allowed: SERVICE:DEV/COM/222/TESTSERVICE/petstore", '1');
  const std::string text = golden("fault-as-whole-body.response");
  EXPECT_EQ(soap_fault_xml(fault), text);
  const Fault read = std::get<SoapFault>(*parse_soap(to_bytes(text), "text/xml;charset=utf-8")).to_fault();
  EXPECT_EQ(read.code, fault.code);
  EXPECT_EQ(read.text, fault.text);
  EXPECT_EQ(read.detail, fault.detail);
}

TEST(TransportGolden, FaultInsteadOfMessage) {
  const Parts parts = parts_of("fault-instead-of-message.response");
  EXPECT_EQ(types(parts), (Types{kFaultType}));
  EXPECT_EQ(
      soap_fault_xml(expected_fault("server.serverproxy.service_failed.network_error", "connection refused", '2')),
      parts[0].body);
  EXPECT_TRUE(std::holds_alternative<SoapFault>(*soap(parts[0])));
}

TEST(TransportGolden, FaultInsteadOfSignature) {
  const Parts parts = parts_of("fault-instead-of-signature.response");
  EXPECT_EQ(types(parts), (Types{"text/xml;charset=UTF-8", kFaultType}));
  EXPECT_TRUE(std::holds_alternative<SoapMessage>(*soap(parts[0])));
  EXPECT_EQ(soap_fault_xml(expected_fault("server.serverproxy.cannot_create_signature", "token is not active", '3')),
            parts[1].body);
}

TEST(TransportGolden, RequestClosedWithoutSignature) {
  EXPECT_EQ(types(parts_of("no-signature.request")), (Types{kOcsp, "text/xml; charset=utf-8"}));
}

}  // namespace
}  // namespace causeway::message
