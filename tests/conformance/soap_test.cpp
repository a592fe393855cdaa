// SPDX-License-Identifier: MIT
// SOAP of information systems as a consumer's server takes or refuses it (messages.md 2.3).
#include <gtest/gtest.h>

#include "case.hpp"
#include "requests.hpp"

namespace causeway::conformance {
namespace {

class SoapRequest : public ::testing::Test {
 protected:
  void SetUp() override {
    Country::shared().services().answer_with([](const ServiceRequest& request) {
      const auto from = request.body.find("<?xml");
      const auto to = request.body.find("Envelope>", from);
      return http_answer("text/xml; charset=UTF-8", soap_answer(request.body.substr(from, to + 9 - from)));
    });
  }
  static SoapParts parts(const std::string& id) {
    return soap_parts(Country::shared().app(), Country::shared().service(), "getState", id);
  }
  static std::string without(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    return text.erase(at, text.find(to, at) + to.size() - at);
  }
  static std::string replaced(std::string text, const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    return at == std::string::npos ? text : text.replace(at, what.size(), with);
  }
  static void accepts(const std::string& soap) {
    const Answer answer = post_soap(soap);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
    ASSERT_EQ(Country::shared().services().requests().size(), 1u);
    EXPECT_EQ(Country::shared().services().requests()[0].body, soap)
        << "request bytes must reach the service unchanged";
  }
  static void refuses(const Answer& answer, const std::string& code) {
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.fault_code(), code) << answer.body << answer.problem;
    EXPECT_NE(answer.body.find("<faultDetail xmlns=\"\">"), std::string::npos);
    EXPECT_TRUE(Country::shared().services().requests().empty());
  }
};

TEST_F(SoapRequest, NormalMessage) {
  describes("a SOAP message reaches the service unchanged, the answer carries the request hash");
  const std::string soap = soap_text(parts("s-1"));
  accepts(soap);
  const Answer answer = post_soap(soap);
  EXPECT_NE(answer.body.find("requestHash"), std::string::npos);
  EXPECT_EQ(*answer.headers.find("content-type"), "text/xml; charset=UTF-8");
}

TEST_F(SoapRequest, CDATAMessage) {
  describes("CDATA is kept");
  auto p = parts("s-2");
  p.body = replaced(p.body, "Ülle", "<![CDATA[a<b&c]]>");
  accepts(soap_text(p));
}

TEST_F(SoapRequest, CommentMessage) {
  describes("comments in header and body are kept");
  auto p = parts("s-3");
  p.header = "<!-- one -->" + p.header;
  p.body = "<!-- two -->" + p.body;
  accepts(soap_text(p));
}

TEST_F(SoapRequest, XmlEncodedMessage) {
  describes("character references are kept");
  auto p = parts("s-4");
  p.body = replaced(p.body, "Ülle", "&#220;lle &amp; co");
  accepts(soap_text(p));
}

TEST_F(SoapRequest, NoWhitespaceMessage) {
  describes("white space between elements does not matter");
  auto p = parts("s-5");
  p.header = "\n  " + p.header + "\n";
  p.body = "\n  " + p.body + "\n";
  accepts(soap_text(p));
}

TEST_F(SoapRequest, DefaultNamespaceMessage) {
  describes("prefixes do not matter");
  std::string soap = soap_text(parts("s-6"));
  for (auto at = soap.find("soap:"); at != std::string::npos; at = soap.find("soap:")) soap.erase(at, 5);
  soap = replaced(soap, "xmlns:soap=", "xmlns=");
  accepts(soap);
}

TEST_F(SoapRequest, Utf8BomNormalSubsystem) {
  describes("a byte order mark is passed over when parsing and kept in the bytes");
  Country::shared().services().answer_with(
      [](const ServiceRequest& request) { return http_answer("text/xml", soap_answer(request.body.substr(3))); });
  accepts("\xef\xbb\xbf" + soap_text(parts("s-7")));
}

TEST_F(SoapRequest, MissingUserIdHeader) {
  describes("userId is optional");
  auto p = parts("s-8");
  p.header = without(p.header, "<x:userId>", "</x:userId>");
  accepts(soap_text(p));
}

TEST_F(SoapRequest, BodyElementStartsWithServiceCode) {
  describes("the body element need only start with the service code");
  auto p = parts("s-9");
  p.body = "<t:getStateOfThings xmlns:t=\"http://test.example/\"/>";
  Country::shared().services().answer_with(
      [](const ServiceRequest& request) { return http_answer("text/xml", request.body); });
  accepts(soap_text(p));
}

TEST_F(SoapRequest, UnknownHeadersAreKept) {
  describes("headers that X-Road does not know are kept");
  auto p = parts("s-10");
  p.header += "<o:other xmlns:o=\"http://other.example/\">1</o:other>";
  accepts(soap_text(p));
}

TEST_F(SoapRequest, EmptyQuery) {
  expects("an empty request", "client.invalid_soap");
  refuses(post_soap(""), "client.invalid_soap");
}

TEST_F(SoapRequest, MalformedXml) {
  expects("XML that is not well-formed", "client.invalid_soap");
  refuses(post_soap("<soap:Envelope"), "client.invalid_soap");
  refuses(post_soap(soap_text(parts("s-11")) + "<more/>"), "client.invalid_soap");
}

TEST_F(SoapRequest, DoctypeIsRefused) {
  expects("a document type declaration", "client.invalid_soap");
  auto p = parts("s-12");
  p.xml_declaration += "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
  p.body = replaced(p.body, "Ülle", "&e;");
  refuses(post_soap(soap_text(p)), "client.invalid_soap");
}

TEST_F(SoapRequest, MissingHeader) {
  expects("SOAP without Header", "client.missing_header");
  refuses(post_soap(without(soap_text(parts("s-13")), "<soap:Header>", "</soap:Header>")), "client.missing_header");
}

TEST_F(SoapRequest, MissingBody) {
  expects("SOAP without Body", "client.missing_body");
  refuses(post_soap(without(soap_text(parts("s-14")), "<soap:Body>", "</soap:Body>")), "client.missing_body");
}

TEST_F(SoapRequest, MalformedBody1) {
  expects("a Body without an element", "client.invalid_body");
  auto p = parts("s-15");
  p.body = "";
  refuses(post_soap(soap_text(p)), "client.invalid_body");
}

TEST_F(SoapRequest, MalformedBody2) {
  expects("a Body with two elements", "client.invalid_body");
  auto p = parts("s-16");
  p.body += p.body;
  refuses(post_soap(soap_text(p)), "client.invalid_body");
}

TEST_F(SoapRequest, ServiceCodeMismatch) {
  expects("a body element of another name than the service", "client.inconsistent_headers");
  auto p = parts("s-17");
  p.body = "<t:other xmlns:t=\"http://test.example/\"/>";
  refuses(post_soap(soap_text(p)), "client.inconsistent_headers");
}

TEST_F(SoapRequest, MissingId) {
  expects("a required header field that is missing", "client.missing_header_field");
  auto p = parts("s-18");
  p.header = without(p.header, "<x:id>", "</x:id>");
  refuses(post_soap(soap_text(p)), "client.missing_header_field");
}

TEST_F(SoapRequest, MissingOrg) {
  expects("no client header", "client.missing_header_field");
  auto p = parts("s-19");
  p.header = without(p.header, "<x:client", "</x:client>");
  refuses(post_soap(soap_text(p)), "client.missing_header_field");
}

TEST_F(SoapRequest, DuplicateHeader) {
  expects("a header field twice", "client.duplicate_header_field");
  auto p = parts("s-20");
  p.header += "<x:id>again</x:id>";
  refuses(post_soap(soap_text(p)), "client.duplicate_header_field");
}

TEST_F(SoapRequest, MissingProtocolVersionHeader) {
  expects("no protocolVersion", "client.missing_header_field");
  auto p = parts("s-21");
  p.header = without(p.header, "<x:protocolVersion>", "</x:protocolVersion>");
  refuses(post_soap(soap_text(p)), "client.missing_header_field");
}

TEST_F(SoapRequest, WrongProtocolVersionHeader) {
  expects("another protocol version than 4", "client.invalid_protocol_version");
  auto p = parts("s-22");
  p.header = replaced(p.header, ">4.0<", ">3.1<");
  refuses(post_soap(soap_text(p)), "client.invalid_protocol_version");
}

TEST_F(SoapRequest, MissingObjectTypeMessage) {
  expects("an identifier without objectType", "client.invalid_xml");
  auto p = parts("s-23");
  p.header = replaced(p.header, " i:objectType=\"SUBSYSTEM\"", "");
  refuses(post_soap(soap_text(p)), "client.invalid_xml");
}

TEST_F(SoapRequest, FaultyRequestContentType) {
  expects("a content type that is no SOAP", "client.invalid_content_type");
  refuses(post("application/json", "{}"), "client.invalid_content_type");
}

TEST_F(SoapRequest, MissingContentType) {
  expects("no content type", "server.clientproxy.internal_error");
  refuses(post("", soap_text(parts("s-24"))), "server.clientproxy.internal_error");
}

TEST_F(SoapRequest, WrongHttpMethod) {
  expects("SOAP with another method than POST", "client.invalid_http_method");
  net::RequestHead head;
  head.method = "GET";
  head.target = "/";
  refuses(send(Country::shared().consumer_http(), nullptr, head, ""), "client.invalid_http_method");
}

TEST_F(SoapRequest, SoapActionHeader) {
  describes("a quoted URI, an empty value and two quotes are SOAPActions, and reach the service");
  for (const std::string action : {"\"http://test.example/do\"", "", "\"\""}) {
    SetUp();
    const Answer answer = post("text/xml", soap_text(parts("s-25")), {{"SOAPAction", action}});
    EXPECT_EQ(answer.fault_code(), "") << answer.body;
    ASSERT_EQ(Country::shared().services().requests().size(), 1u);
    EXPECT_EQ(Country::shared().services().requests()[0].header("soapaction"), action);
  }
}

TEST_F(SoapRequest, SoapActionMalformedHeader) {
  expects("a SOAPAction that is no quoted URI", "client.invalid_soap_action");
  refuses(post("text/xml", soap_text(parts("s-26")), {{"SOAPAction", "unquoted"}}), "client.invalid_soap_action");
}

TEST_F(SoapRequest, SoapFaultToClientProxy) {
  expects("a SOAP Fault as a request", "client.<its code>");
  const std::string fault =
      "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault>"
      "<faultcode>Server.Oops</faultcode><faultstring>oops</faultstring></soap:Fault></soap:Body></soap:Envelope>";
  refuses(post_soap(fault), "client.server.oops");
}

TEST_F(SoapRequest, NotAllowed) {
  expects("a service that the client has no right to", "server.serverproxy.access_denied");
  refuses(post_soap(soap_request(Country::shared().app(), Country::shared().service(), "denied", "s-27")),
          "server.serverproxy.access_denied");
}

TEST_F(SoapRequest, UnknownService) {
  expects("a service that does not exist", "server.serverproxy.unknown_service");
  refuses(post_soap(soap_request(Country::shared().app(), Country::shared().service(), "nothing", "s-28")),
          "server.serverproxy.unknown_service");
}

TEST_F(SoapRequest, ServiceDisabled) {
  expects("a disabled service, with its notice", "server.serverproxy.service_disabled");
  const Answer answer =
      post_soap(soap_request(Country::shared().app(), Country::shared().service(), "disabled", "s-29"));
  refuses(answer, "server.serverproxy.service_disabled");
  EXPECT_NE(answer.fault_text().find("out of order"), std::string::npos) << answer.fault_text();
}

TEST_F(SoapRequest, InvalidServiceAddress) {
  expects("a service nobody listens for", "server.serverproxy.service_failed.network_error");
  const Answer answer =
      post_soap(soap_request(Country::shared().app(), Country::shared().service(), "deadUrl", "s-30"));
  EXPECT_EQ(answer.fault_code(), "server.serverproxy.service_failed.network_error") << answer.body;
}

TEST_F(SoapRequest, InvalidServiceAddress2) {
  expects("a service whose host has no address", "server.serverproxy.service_failed.unknown_host");
  const Answer answer =
      post_soap(soap_request(Country::shared().app(), Country::shared().service(), "unknownHost", "s-31"));
  EXPECT_EQ(answer.fault_code(), "server.serverproxy.service_failed.unknown_host") << answer.body;
}

// Attachments

std::string related(const std::string& soap, const std::vector<std::pair<std::string, std::string>>& parts,
                    const std::string& soap_type = "text/xml; charset=UTF-8") {
  std::string out = "--BOUND\r\nContent-Type: " + soap_type + "\r\nContent-ID: <soap>\r\n\r\n" + soap;
  for (const auto& [headers, content] : parts) out += "\r\n--BOUND\r\n" + headers + "\r\n\r\n" + content;
  return out + "\r\n--BOUND--\r\n";
}
constexpr const char* kRelated = "multipart/related; type=\"text/xml\"; boundary=BOUND";

TEST_F(SoapRequest, Attachment) {
  describes("attachments reach the service with their headers, octet for octet, and come back");
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml");
    const auto to = request.body.find("Envelope>", from) + 9;
    return http_answer(
        request.header("content-type"),
        request.body.substr(0, from) + soap_answer(request.body.substr(from, to - from)) + request.body.substr(to));
  });
  const std::string content = "line\r\n--BOUN\r\n\x01\xff" + std::string(200000, 'x');
  const Answer answer =
      post(kRelated, related(soap_text(parts("a-1")), {{"Content-Type: text/plain\r\nContent-ID: <one>", content},
                                                       {"Content-Type: application/octet-stream", ""}}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body.substr(0, 2000);
  ASSERT_EQ(Country::shared().services().requests().size(), 1u);
  const auto request = Country::shared().services().requests()[0];
  EXPECT_NE(request.header("content-type").find("boundary=BOUND"), std::string::npos);
  EXPECT_NE(request.body.find("Content-ID: <one>"), std::string::npos);
  EXPECT_NE(request.body.find("\r\n\r\n" + content + "\r\n--BOUND"), std::string::npos);
  EXPECT_NE(answer.body.find("\r\n\r\n" + content + "\r\n--BOUND"), std::string::npos);
  EXPECT_NE(answer.body.find("getStateResponse"), std::string::npos);
}

TEST_F(SoapRequest, MimeSoap) {
  describes("a multipart message without attachments");
  const Answer answer = post(kRelated, related(soap_text(parts("a-2")), {}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
}

TEST_F(SoapRequest, AttachmentMTOM) {
  describes("MTOM: the SOAP part is application/xop+xml");
  const std::string type = "application/xop+xml; charset=UTF-8; type=\"text/xml\"";
  const Answer answer =
      post("multipart/related; type=\"application/xop+xml\"; boundary=BOUND",
           related(soap_text(parts("a-3")), {{"Content-Type: image/png\r\nContent-ID: <p>", "png"}}, type));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  ASSERT_EQ(Country::shared().services().requests().size(), 1u);
  EXPECT_NE(Country::shared().services().requests()[0].body.find("application/xop+xml"), std::string::npos);
}

TEST_F(SoapRequest, AttachmentNoSoap) {
  expects("a multipart whose first part is no SOAP", "client.invalid_content_type");
  refuses(post(kRelated, "--BOUND\r\nContent-Type: text/plain\r\n\r\nx\r\n--BOUND--\r\n"),
          "client.invalid_content_type");
}

TEST_F(SoapRequest, EmptyMultipartRequest) {
  expects("a multipart without parts", "client.missing_soap");
  refuses(post(kRelated, "--BOUND--\r\n"), "client.missing_soap");
}

TEST_F(SoapRequest, AttachmentFaultySoap) {
  expects("a multipart whose SOAP is malformed", "client.invalid_soap");
  refuses(post(kRelated, related("<soap", {{"Content-Type: text/plain", "x"}})), "client.invalid_soap");
}

TEST_F(SoapRequest, MultipartWithoutBoundary) {
  expects("multipart/related without a boundary", "client.invalid_content_type");
  refuses(post("multipart/related", "x"), "client.invalid_content_type");
}

}  // namespace
}  // namespace causeway::conformance
