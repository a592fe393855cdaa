// SPDX-License-Identifier: MIT
// SOAP of information systems as a consumer's server takes or refuses it (messages.md 2.3).
#include <gtest/gtest.h>

#include <functional>

#include "base/bytes.hpp"
#include "case.hpp"
#include "pki/digest.hpp"
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
  // The answer of an honest service in which `change` was made to the text.
  static void answer_changed(const std::function<std::string(std::string)>& change) {
    Country::shared().services().answer_with([change](const ServiceRequest& request) {
      return http_answer("text/xml; charset=UTF-8", change(soap_answer(request.body)));
    });
  }
  static std::string seen_body() {
    const auto requests = Country::shared().services().requests();
    return requests.empty() ? "" : requests.back().body;
  }
  // Base64 of SHA-512 as it stands in the answer's header.
  static std::string request_hash(const std::string& answer) {
    const auto open = answer.find("requestHash ");
    const auto from = answer.find('>', open) + 1;
    return answer.substr(from, answer.find('<', from) - from);
  }
  static std::string hash_of(const std::string& octets) {
    return to_base64(pki::digest(pki::DigestAlgorithm::sha512, as_bytes(octets)));
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

std::string related(const std::string& soap, const std::vector<std::pair<std::string, std::string>>& parts,
                    const std::string& soap_type = "text/xml; charset=UTF-8") {
  std::string out = "--BOUND\r\nContent-Type: " + soap_type + "\r\nContent-ID: <soap>\r\n\r\n" + soap;
  for (const auto& [headers, content] : parts) out += "\r\n--BOUND\r\n" + headers + "\r\n\r\n" + content;
  return out + "\r\n--BOUND--\r\n";
}
constexpr const char* kRelated = "multipart/related; type=\"text/xml\"; boundary=BOUND";

TEST_F(SoapRequest, NormalMessage) {
  describes("a message from member to member reaches the service unchanged, the answer carries its hash");
  const auto consumer = *ClientId::make("DEV", "COM", "consumer"), provider = *ClientId::make("DEV", "COM", "provider");
  const std::string soap = soap_request(consumer, provider, "getState", "s-1");
  const Answer answer = post_soap(soap);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
  EXPECT_EQ(seen_body(), soap);
  EXPECT_EQ(request_hash(answer.body), hash_of(soap));
  EXPECT_EQ(*answer.headers.find("content-type"), "text/xml; charset=UTF-8");
}

TEST_F(SoapRequest, NormalSubsystem) {
  describes("the same between subsystems");
  accepts(soap_text(parts("s-1b")));
}

TEST_F(SoapRequest, SslNormalMessage) {
  describes("SOAP over the HTTPS port");
  net::RequestHead head;
  head.method = "POST";
  head.target = "/";
  head.headers.add("Content-Type", "text/xml; charset=UTF-8");
  const auto client = *ClientId::make("DEV", "COM", "consumer", "tlsonly");
  const std::string soap = soap_request(client, Country::shared().service(), "getState", "s-1c");
  const Answer answer =
      send(Country::shared().consumer_https(), *net::TlsClientContext::make({}), std::move(head), soap);
  EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
  EXPECT_EQ(seen_body(), soap);
}

TEST_F(SoapRequest, CDATAMessage) {
  describes("CDATA is kept in header and body, on the way there and back");
  auto p = parts("s-2");
  const std::string block = "<x:xml><![CDATA[<a><b><c>12345678</c></b></a>]]></x:xml>";
  p.header += block;
  p.body = replaced(p.body, "Ülle", "<![CDATA[a<b&c]]>");
  const std::string soap = soap_text(p);
  const Answer answer = post_soap(soap);
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_EQ(seen_body(), soap);
  EXPECT_NE(answer.body.find(block), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find("<![CDATA[a<b&c]]>"), std::string::npos);
}

TEST_F(SoapRequest, CommentMessage) {
  describes("comments in header and body are kept, on the way there and back");
  auto p = parts("s-3");
  p.header = "<!-- more than\n     one line -->" + p.header;
  p.body = "<!-- two -->" + p.body;
  const std::string soap = soap_text(p);
  const Answer answer = post_soap(soap);
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_EQ(seen_body(), soap);
  EXPECT_NE(answer.body.find("<!-- more than\n     one line -->"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find("<!-- two -->"), std::string::npos);
}

TEST_F(SoapRequest, XmlEncodedMessage) {
  describes("references to characters in header and body are kept and understood");
  auto p = parts("s-4");
  const std::string user = "&lt;&quot;EE&#51;7702211234&quot; &amp; &apos;encoded&apos;&gt;";
  p.header = replaced(p.header, "EE37702211234", user);
  p.body = replaced(p.body, "Ülle", "&#220;lle &amp; co");
  const std::string soap = soap_text(p);
  const Answer answer = post_soap(soap);
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_EQ(seen_body(), soap);
  EXPECT_NE(answer.body.find(user), std::string::npos) << answer.body;
  // Written in another way it is still the same user.
  answer_changed([&](std::string text) { return replaced(text, user, "&lt;\"EE37702211234\" &#38; 'encoded'>"); });
  EXPECT_EQ(post_soap(soap).fault_code(), "");
}

TEST_F(SoapRequest, SplitHeaderMessage) {
  describes("a header value of several lines is kept, on the way there and back");
  auto p = parts("s-4b");
  p.header += "<x:issue>w\naa\nww\n</x:issue>";
  const std::string soap = soap_text(p);
  const Answer answer = post_soap(soap);
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_EQ(seen_body(), soap);
  EXPECT_NE(answer.body.find("<x:issue>w\naa\nww\n</x:issue>"), std::string::npos) << answer.body;
}

TEST_F(SoapRequest, NoWhitespaceMessage) {
  describes("white space between elements does not matter: none, or much");
  auto p = parts("s-5");
  ASSERT_EQ(soap_text(p).find("> "), std::string::npos);
  accepts(soap_text(p));
  SetUp();
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
  describes("a byte order mark of request and answer is passed over when parsing; the request's counts in its hash");
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    return http_answer("text/xml; charset=UTF-8", "\xef\xbb\xbf" + soap_answer(request.body.substr(3)));
  });
  const std::string soap = "\xef\xbb\xbf" + soap_text(parts("s-7"));
  const Answer answer = post_soap(soap);
  EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
  EXPECT_EQ(seen_body(), soap);
  EXPECT_EQ(request_hash(answer.body), hash_of(soap));
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
  const auto code = expects("an empty request", "client.invalid_soap");
  refuses(post_soap(""), code);
}

TEST_F(SoapRequest, MalformedXml) {
  const auto code = expects("XML that is not well-formed", "client.invalid_soap");
  refuses(post_soap("<soap:Envelope"), code);
  refuses(post_soap(soap_text(parts("s-11")) + "<more/>"), code);
}

TEST_F(SoapRequest, DoctypeIsRefused) {
  const auto code = expects("a document type declaration", "client.invalid_soap");
  auto p = parts("s-12");
  p.xml_declaration += "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>";
  p.body = replaced(p.body, "Ülle", "&e;");
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MissingHeader) {
  const auto code = expects("SOAP without Header", "client.missing_header");
  refuses(post_soap(without(soap_text(parts("s-13")), "<soap:Header>", "</soap:Header>")), code);
}

TEST_F(SoapRequest, MissingBody) {
  const auto code = expects("SOAP without Body", "client.missing_body");
  refuses(post_soap(without(soap_text(parts("s-14")), "<soap:Body>", "</soap:Body>")), code);
}

TEST_F(SoapRequest, MalformedBody1) {
  const auto code = expects("a Body with two elements", "client.invalid_body");
  auto p = parts("s-16");
  p.body += p.body;
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MalformedBody2) {
  const auto code = expects("a Body without an element", "client.invalid_body");
  auto p = parts("s-15");
  p.body = "\n";
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MalformedBody3) {
  const auto code = expects("a body element of another name than the service", "client.inconsistent_headers");
  auto p = parts("s-17");
  p.body = "<t:other xmlns:t=\"http://test.example/\"/>";
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MissingId) {
  const auto code = expects("a required header field that is missing", "client.missing_header_field");
  auto p = parts("s-18");
  p.header = without(p.header, "<x:id>", "</x:id>");
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MissingClientHeader) {
  const auto code = expects("no client header", "client.missing_header_field");
  auto p = parts("s-19");
  p.header = without(p.header, "<x:client", "</x:client>");
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MissingOrg) {
  const auto code = expects("a client that does not exist", "server.clientproxy.unknown_member");
  const auto nobody = *ClientId::make("DEV", "COM", "this-one-does-not-exist");
  refuses(post_soap(soap_request(nobody, Country::shared().service(), "getState", "s-19b")), code);
}

TEST_F(SoapRequest, FaultyHeader) {
  const auto code = expects("a header field twice", "client.duplicate_header_field");
  auto p = parts("s-20");
  const auto client = p.header.substr(0, p.header.find("</x:client>") + 11);
  p.header = client + p.header;
  refuses(post_soap(soap_text(p)), code);
  p = parts("s-20b");
  p.header += "<x:id>again</x:id>";
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MissingProtocolVersionHeader) {
  const auto code = expects("no protocolVersion", "client.missing_header_field");
  auto p = parts("s-21");
  p.header = without(p.header, "<x:protocolVersion>", "</x:protocolVersion>");
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, WrongProtocolVersionHeader) {
  const auto code = expects("another protocol version than 4", "client.invalid_protocol_version");
  auto p = parts("s-22");
  p.header = replaced(p.header, ">4.0<", ">3.1<");
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MalformedProtocolVersionHeader) {
  const auto code = expects("a protocol version that is none", "client.invalid_protocol_version");
  auto p = parts("s-22b");
  p.header = replaced(p.header, ">4.0<", ">foo<");
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, MissingObjectTypeMessage) {
  const auto code = expects("an identifier without objectType", "client.invalid_xml");
  auto p = parts("s-23");
  p.header = replaced(p.header, " i:objectType=\"SUBSYSTEM\"", "");
  refuses(post_soap(soap_text(p)), code);
}

TEST_F(SoapRequest, FaultyRequestContentType) {
  const auto code = expects("a content type that is no SOAP", "client.invalid_content_type");
  refuses(post("application/json", "{}"), code);
  refuses(post("blah", soap_text(parts("s-23b"))), code);
}

TEST_F(SoapRequest, MissingContentType) {
  const auto code = expects("no content type", "server.clientproxy.internal_error");
  refuses(post("", soap_text(parts("s-24"))), code);
}

TEST_F(SoapRequest, WrongHttpMethod) {
  const auto code = expects("SOAP with another method than POST", "client.invalid_http_method");
  net::RequestHead head;
  head.method = "GET";
  head.target = "/";
  refuses(send(Country::shared().consumer_http(), nullptr, head, ""), code);
}

TEST_F(SoapRequest, SoapActionHeader) {
  describes("two quotes or a quoted URI are SOAPActions, and reach the service");
  for (const std::string action : {"\"\"", "\"http://test.example/do\"", "\"urn:foo\""}) {
    SetUp();
    const Answer answer = post("text/xml", soap_text(parts("s-25")), {{"SOAPAction", action}});
    EXPECT_EQ(answer.fault_code(), "") << answer.body;
    ASSERT_EQ(Country::shared().services().requests().size(), 1u);
    EXPECT_EQ(Country::shared().services().requests()[0].header("soapaction"), action);
  }
}

TEST_F(SoapRequest, SoapActionEmptyHeader) {
  describes("an empty SOAPAction, or none, reaches the service empty");
  for (const bool sent : {true, false}) {
    SetUp();
    const Answer answer =
        post("text/xml", soap_text(parts("s-25b")), sent ? HeaderList{{"SOAPAction", ""}} : HeaderList());
    EXPECT_EQ(answer.fault_code(), "") << answer.body;
    ASSERT_EQ(Country::shared().services().requests().size(), 1u);
    EXPECT_NE(Country::shared().services().requests()[0].head.find("SOAPAction: \r\n"), std::string::npos);
  }
}

TEST_F(SoapRequest, SoapActionMalformedHeader) {
  const auto code = expects("a SOAPAction that is no quoted URI", "client.invalid_soap_action");
  for (const std::string action : {"http://test.example/do", "unquoted", "\"http://test.example/do\"\"", "\"a b\""})
    refuses(post("text/xml", soap_text(parts("s-26")), {{"SOAPAction", action}}), code);
}

TEST_F(SoapRequest, SoapFaultToClientProxy) {
  const auto code = expects("a SOAP Fault as a request: its own code, in small letters", "client.oops");
  const std::string fault =
      "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><soap:Fault>"
      "<faultcode>OOPS</faultcode><faultstring>oops</faultstring></soap:Fault></soap:Body></soap:Envelope>";
  refuses(post_soap(fault), code);
}

TEST_F(SoapRequest, NotAllowed) {
  const auto code = expects("a service that the client has no right to", "server.serverproxy.access_denied");
  refuses(post_soap(soap_request(Country::shared().app(), Country::shared().service(), "denied", "s-27")), code);
}

TEST_F(SoapRequest, UnknownService) {
  const auto code = expects("a service that does not exist", "server.serverproxy.unknown_service");
  refuses(post_soap(soap_request(Country::shared().app(), Country::shared().service(), "nothing", "s-28")), code);
}

TEST_F(SoapRequest, ServiceDisabled) {
  const auto code = expects("a disabled service, with its notice", "server.serverproxy.service_disabled");
  const Answer answer =
      post_soap(soap_request(Country::shared().app(), Country::shared().service(), "disabled", "s-29"));
  refuses(answer, code);
  EXPECT_NE(answer.fault_text().find("out of order"), std::string::npos) << answer.fault_text();
}

TEST_F(SoapRequest, InvalidServiceAddress) {
  const auto code = expects("a service whose host has no address", "server.serverproxy.service_failed.unknown_host");
  refuses(post_soap(soap_request(Country::shared().app(), Country::shared().service(), "unknownHost", "s-31")), code);
}

TEST_F(SoapRequest, ServiceConnectionRefused) {
  const auto code = expects("a service nobody listens for", "server.serverproxy.service_failed.network_error");
  refuses(post_soap(soap_request(Country::shared().app(), Country::shared().service(), "deadUrl", "s-30")), code);
}

TEST_F(SoapRequest, MalformedServiceAddress) {
  const auto code = expects("a service whose URL cannot be read", "server.serverproxy.service_malformed_url");
  refuses(post_soap(soap_request(Country::shared().app(), Country::shared().service(), "badUrl", "s-30b")), code);
}

TEST_F(SoapRequest, InvalidProviderAddress3) {
  const auto code = expects("a provider that no server serves", "server.clientproxy.unknown_member");
  const auto nowhere = *ClientId::make("DEV", "COM", "provider", "nowhere");
  const std::string soap = soap_request(Country::shared().app(), nowhere, "getState", "s-32");
  refuses(post(kRelated, related(soap, {{"Content-Type: text/plain", "one"}})), code);
}

TEST_F(SoapRequest, ServerProxyMaintenanceMode) {
  const auto code = expects("a provider whose only server is in maintenance, with its message",
                            "server.clientproxy.maintenance_mode");
  const Answer answer =
      post_soap(soap_request(Country::shared().app(), Country::shared().resting(), "getState", "s-33"));
  refuses(answer, code);
  EXPECT_NE(answer.fault_text().find("back at noon"), std::string::npos) << answer.body;
}

TEST_F(SoapRequest, SslSelectFastestProxy) {
  describes("of several servers of a provider one that can be reached is taken, also when a name has no address");
  for (int i = 0; i < 4; ++i) {
    const Answer answer =
        post_soap(soap_request(Country::shared().app(), Country::shared().both(), "getState", "s-34"));
    EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
  }
}

// Attachments

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

TEST_F(SoapRequest, Attachment2) {
  describes("a nested multipart is an attachment like any other, answered with one");
  const std::string inner = "--INNER\r\nContent-Type: text/plain\r\n\r\nblaah\r\n--INNER--\r\n";
  const std::string nested = "Content-Type: multipart/mixed; charset=UTF-8; boundary=INNER";
  Country::shared().services().answer_with([&](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer("multipart/related; charset=UTF-8; boundary=BOUND",
                       related(soap_answer(request.body.substr(from, to - from)), {{nested, inner}}, "text/xml"));
  });
  const Answer answer = post("multipart/related; boundary=BOUND", related(soap_text(parts("a-1b")), {{nested, inner}}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(seen_body().find("\r\n\r\n" + inner + "\r\n--BOUND--"), std::string::npos) << seen_body();
  EXPECT_NE(answer.body.find("\r\n\r\n" + inner + "\r\n--BOUND--"), std::string::npos) << answer.body;
}

TEST_F(SoapRequest, SeveralAttachments) {
  describes("several attachments reach the service in their order, each with its own headers");
  const Answer answer =
      post(kRelated, related(soap_text(parts("a-1c")), {{"Content-Type: text/plain\r\nClient-Header: FooBar", "first"},
                                                        {"Content-Type: image/png\r\nClient-Header: Other", "second"},
                                                        {"Content-Type: text/plain", "third"}}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  const std::string seen = seen_body();
  const auto first = seen.find("\r\n\r\nfirst\r\n--BOUND"), second = seen.find("\r\n\r\nsecond\r\n--BOUND"),
             third = seen.find("\r\n\r\nthird\r\n--BOUND--");
  ASSERT_NE(third, std::string::npos) << seen;
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_LT(seen.find("Client-Header: FooBar"), first);
  EXPECT_GT(seen.find("Client-Header: Other"), first);
}

TEST_F(SoapRequest, AttachmentBig) {
  describes("an attachment larger than any SOAP message may be streams through, octet for octet");
  std::string big(40UL << 20, '\0');
  for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<char>((i * 2654435761U) >> 13);
  const Answer answer = post(kRelated, related(soap_text(parts("a-1d")), {{"Content-Type: application/octet-stream\r\n"
                                                                           "Content-Transfer-Encoding: binary",
                                                                           big}}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body << answer.problem;
  const std::string seen = seen_body();
  const auto at = seen.find("\r\n\r\n", seen.find("application/octet-stream"));
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(hash_of(seen.substr(at + 4, big.size())), hash_of(big));
}

TEST_F(SoapRequest, AttachmentSmallMantis) {
  describes("a content type with unquoted marks in its parameters, as some clients write it; a small and a large part");
  const std::string boundary = ":gkMa5KAvuHP7ahe9IQHONLgnncvv:";
  const std::string small = "small", large(300000, 'L');
  const std::string body = "--" + boundary + "\r\nContent-Type: text/xml; charset=UTF-8\r\n\r\n" +
                           soap_text(parts("a-1e")) + "\r\n--" + boundary + "\r\nContent-Type: text/plain\r\n\r\n" +
                           small + "\r\n--" + boundary + "\r\nContent-Type: text/plain\r\n\r\n" + large + "\r\n--" +
                           boundary + "--\r\n";
  const Answer answer =
      post("multipart/related; start-info=text/xml; type='application/xop+xml'; boundary=" + boundary, body);
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(seen_body().find("\r\n\r\n" + small + "\r\n--" + boundary), std::string::npos);
  EXPECT_NE(seen_body().find("\r\n\r\n" + large + "\r\n--" + boundary + "--"), std::string::npos);
}

TEST_F(SoapRequest, Utf8BomAttachment2) {
  describes("a byte order mark within the SOAP part, on the way there and back; the request's counts in its hash");
  const std::string mark = "\xef\xbb\xbf", soap = mark + soap_text(parts("a-1f"));
  Country::shared().services().answer_with([&](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer("multipart/related; charset=UTF-8; boundary=BOUND",
                       related(mark + soap_answer(request.body.substr(from, to - from)),
                               {{"Content-Type: text/plain", "back"}}, "text/xml"));
  });
  const Answer answer =
      post("multipart/related; boundary=BOUND", related(soap, {{"Content-Type: text/plain", "there"}}, "text/xml"));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  EXPECT_NE(seen_body().find("\r\n\r\n" + soap + "\r\n--BOUND"), std::string::npos);
  EXPECT_NE(answer.body.find("\r\n\r\nback\r\n--BOUND--"), std::string::npos) << answer.body;
  EXPECT_EQ(request_hash(answer.body), hash_of(soap));
}

TEST_F(SoapRequest, InvalidServiceAddress2) {
  const auto code = expects("a message with attachments for a service whose host has no address",
                            "server.serverproxy.service_failed.unknown_host");
  const std::string soap = soap_request(Country::shared().app(), Country::shared().service(), "unknownHost", "a-1g");
  refuses(post(kRelated, related(soap, {{"Content-Type: text/plain", "one"}})), code);
}

TEST_F(SoapRequest, MimeSoap) {
  describes("a multipart message without attachments stays one, on the way there and back");
  Country::shared().services().answer_with([](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer("multipart/related; charset=UTF-8; boundary=MINE",
                       "--MINE\r\nContent-Type: text/xml\r\n\r\n" + soap_answer(request.body.substr(from, to - from)) +
                           "\r\n--MINE--\r\n");
  });
  const Answer answer = post("multipart/related; charset=UTF-8; boundary=BOUND", related(soap_text(parts("a-2")), {}));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  ASSERT_EQ(Country::shared().services().requests().size(), 1u);
  const auto seen = Country::shared().services().requests()[0];
  EXPECT_EQ(seen.header("content-type"), "multipart/related; charset=UTF-8; boundary=BOUND");
  EXPECT_EQ(seen.body.find("--BOUND", seen.body.find("--BOUND") + 1), seen.body.find("--BOUND--"));
  EXPECT_NE(answer.headers.find("content-type")->find("boundary=MINE"), std::string::npos);
  EXPECT_NE(answer.body.find("--MINE--"), std::string::npos);
}

TEST_F(SoapRequest, AttachmentMTOM) {
  describes("MTOM: types and ids of the message and its parts are kept, on the way there and back");
  const std::string outer =
      "Multipart/Related; start-info=\"application/soap+xml\"; type=\"application/xop+xml\"; boundary=\"BOUND\"";
  const std::string inner = "application/xop+xml; type=\"application/soap+xml\"; charset=utf-8";
  const std::string picture = "Content-Type: text/plain; charset=UTF-8; name=attachment.txt\r\nContent-ID: <p>";
  Country::shared().services().answer_with([&](const ServiceRequest& request) {
    const auto from = request.body.find("<?xml"), to = request.body.find("Envelope>", from) + 9;
    return http_answer(outer,
                       related(soap_answer(request.body.substr(from, to - from)), {{picture, "and back"}}, inner));
  });
  const Answer answer = post(outer, related(soap_text(parts("a-3")), {{picture, "there"}}, inner));
  EXPECT_EQ(answer.fault_code(), "") << answer.body;
  ASSERT_EQ(Country::shared().services().requests().size(), 1u);
  const auto seen = Country::shared().services().requests()[0];
  EXPECT_EQ(seen.header("content-type"), outer);
  EXPECT_NE(seen.body.find(inner), std::string::npos) << seen.body;
  EXPECT_NE(seen.body.find("Content-ID: <soap>"), std::string::npos);
  EXPECT_NE(seen.body.find("text/plain; charset=UTF-8; name=attachment.txt"), std::string::npos);
  EXPECT_NE(seen.body.find("Content-ID: <p>"), std::string::npos);
  EXPECT_EQ(*answer.headers.find("content-type"), outer + ";charset=utf-8");
  EXPECT_NE(answer.body.find("\r\n\r\nand back\r\n--BOUND--"), std::string::npos) << answer.body;
}

TEST_F(SoapRequest, AttachmentNoSoap) {
  const auto code = expects("a multipart whose first part is no SOAP", "client.invalid_content_type");
  refuses(post(kRelated, "--BOUND\r\nContent-Type: text/plain\r\n\r\nx\r\n--BOUND--\r\n"), code);
  refuses(post(kRelated,
               "--BOUND\r\nContent-Type: multipart/mixed; boundary=IN\r\n\r\n--IN\r\nContent-Type: text/plain\r\n\r\n"
               "x\r\n--IN--\r\n\r\n--BOUND--\r\n"),
          code);
}

TEST_F(SoapRequest, EmptyMultipartRequest) {
  const auto code = expects("a multipart without parts", "client.missing_soap");
  refuses(post(kRelated, ""), code);
  refuses(post(kRelated, "--BOUND--\r\n"), code);
}

TEST_F(SoapRequest, AttachmentFaulty) {
  const auto code = expects("an attachment without Content-Type", "client.invalid_content_type");
  refuses(post(kRelated, related(soap_text(parts("a-4")), {{"Cont-Type: text/plain", "x"}})), code);
}

TEST_F(SoapRequest, AttachmentFaultySoap) {
  const auto code = expects("a multipart whose SOAP lacks a header field", "client.missing_header_field");
  auto p = parts("a-5");
  p.header = without(p.header, "<x:service", "</x:service>");
  refuses(post(kRelated, related(soap_text(p), {{"Content-Type: text/plain", "x"}})), code);
}

TEST_F(SoapRequest, AttachmentMalformedSoap) {
  const auto code = expects("a multipart whose SOAP is malformed", "client.invalid_soap");
  refuses(post(kRelated, related("<soap", {{"Content-Type: text/plain", "x"}})), code);
}

TEST_F(SoapRequest, MultipartWithoutBoundary) {
  const auto code = expects("multipart/related without a boundary", "client.invalid_content_type");
  refuses(post("multipart/related", "x"), code);
}

}  // namespace
}  // namespace causeway::conformance
