// SPDX-License-Identifier: MIT
// SOAP of information systems as a consumer's server takes or refuses it (messages.md 2.3).
#include "soap_request.hpp"

namespace causeway::conformance {
namespace {

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

}  // namespace
}  // namespace causeway::conformance
