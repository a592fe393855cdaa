// SPDX-License-Identifier: MIT
// Reading SOAP messages (messages.md 2.3, section 6).
#include "message/soap.hpp"

#include <gtest/gtest.h>

#include "pki/digest.hpp"
#include "unit/message/soap_sample.hpp"

namespace causeway::message {
namespace {

constexpr std::string_view kText = "text/xml; charset=utf-8";

Result<Soap> read(std::string_view xml, std::string_view type = kText) { return parse_soap(to_bytes(xml), type); }

SoapMessage message(std::string_view xml, std::string_view type = kText) {
  auto soap = read(xml, type);
  if (!soap) throw std::runtime_error(soap.error().code + ": " + soap.error().text);
  return std::get<SoapMessage>(*std::move(soap));
}

std::string refusal(std::string_view xml, std::string_view type = kText) {
  const auto soap = read(xml, type);
  return soap ? "" : soap.error().code;
}

TEST(ParseSoap, ReadsTheHeaderAndKeepsTheOctets) {
  SoapSample sample;
  sample.more =
      "<xrd:userId> EE1 </xrd:userId><xrd:issue/><xrd:securityServer id:objectType=\"SERVER\">"
      "<id:xRoadInstance>FI</id:xRoadInstance><id:memberClass>COM</id:memberClass><id:memberCode>456</id:memberCode>"
      "<id:serverCode>ss1</id:serverCode></xrd:securityServer>"
      "<rep:representedParty xmlns:rep=\"http://x-road.eu/xsd/representation.xsd\"><rep:partyClass>COM</rep:partyClass>"
      "<rep:partyCode>77</rep:partyCode></rep:representedParty>"
      "<xrd:requestHash algorithmId=\"http://www.w3.org/2001/04/xmlenc#sha512\">AAAA</xrd:requestHash>"
      "<xrd:unheardOf>x</xrd:unheardOf><o:id xmlns:o=\"http://other\">no</o:id>";
  const std::string xml = sample.xml();
  const SoapMessage soap = message(xml);
  EXPECT_EQ(as_text(soap.bytes), xml);
  EXPECT_EQ(soap.header.client.to_string(), "SUBSYSTEM:FI/GOV/123/app");
  EXPECT_EQ(soap.header.service.to_string(), "SERVICE:FI/COM/456/reg/find/v1");
  EXPECT_EQ(soap.header.id, "id-1");
  EXPECT_EQ(soap.header.protocol_version, "4.0");
  EXPECT_EQ(*soap.header.user_id, " EE1 ");
  EXPECT_EQ(*soap.header.issue, "");
  EXPECT_EQ(soap.header.security_server->to_string(), "SERVER:FI/COM/456/ss1");
  EXPECT_EQ(*soap.header.represented_party, (RepresentedParty{"COM", "77"}));
  EXPECT_EQ(*soap.header.request_hash, "AAAA");
  EXPECT_EQ(*soap.header.request_hash_algorithm, "http://www.w3.org/2001/04/xmlenc#sha512");
  EXPECT_EQ(soap.body_element, "find");
  EXPECT_EQ(soap.body_namespace, "http://reg.example/");
  EXPECT_FALSE(soap.rpc_encoded);
}

TEST(ParseSoap, TakesTextInPiecesEntitiesAndCData) {
  SoapSample sample;
  sample.id = "<xrd:id>a&amp;<![CDATA[<b>]]><!-- c -->\r\nd<x>not this</x>&#101;</xrd:id>";
  EXPECT_EQ(message(sample.xml()).header.id, "a&<b>\nde");
}

TEST(ParseSoap, TakesIdentifiersVerbatimAndAServiceOfAMember) {
  SoapSample sample;
  sample.client =
      "<xrd:client id:objectType=\"MEMBER\"><id:xRoadInstance> "
      "FI</id:xRoadInstance><x/><id:memberClass>GOV</id:memberClass>"
      "<id:serviceCode>ignored</id:serviceCode><id:memberCode>1 2</id:memberCode></xrd:client>";
  sample.service =
      "<xrd:service "
      "id:objectType=\"SERVICE\"><id:xRoadInstance>FI</id:xRoadInstance><id:memberClass>COM</id:memberClass>"
      "<id:memberCode>456</id:memberCode><id:serviceCode>find</id:serviceCode></xrd:service>";
  const SoapMessage soap = message(sample.xml());
  EXPECT_EQ(soap.header.client.instance(), " FI");
  EXPECT_EQ(soap.header.client.member_code(), "1 2");
  EXPECT_FALSE(soap.header.service.client().is_subsystem());
  EXPECT_EQ(soap.header.service.version(), "");
}

TEST(ParseSoap, TakesABodyElementThatStartsWithTheServiceCode) {
  SoapSample sample;
  for (const char* body : {"<findResponse/>", "<find/>", "<finder xmlns=\"x\"/>"}) {
    sample.body = body;
    EXPECT_EQ(refusal(sample.xml()), "") << body;
  }
  sample.body = "<Find/>";
  EXPECT_EQ(refusal(sample.xml()), "inconsistent_headers");
}

TEST(ParseSoap, NotesRpcEncoding) {
  std::string xml = SoapSample().xml();
  xml.insert(xml.find(" xmlns:e="), " e:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"");
  EXPECT_TRUE(message(xml).rpc_encoded);
}

TEST(ParseSoap, NamesWhatIsWrong) {
  const SoapSample good;
  const std::string body = "<e:Body>" + good.body + "</e:Body>";
  const auto changed = [&](auto change) {
    SoapSample sample;
    change(sample);
    return refusal(sample.xml());
  };
  EXPECT_EQ(refusal(good.xml()), "");
  EXPECT_EQ(refusal(""), "invalid_soap");
  EXPECT_EQ(refusal("no xml"), "invalid_soap");
  EXPECT_EQ(refusal("<a/>"), "invalid_soap");
  EXPECT_EQ(refusal("<Envelope xmlns=\"http://www.w3.org/2003/05/soap-envelope\"/>"), "invalid_soap");
  EXPECT_EQ(refusal(good.xml().substr(0, good.xml().size() - 20)), "invalid_soap");
  EXPECT_EQ(refusal("<!DOCTYPE x>" + good.xml().substr(39)), "invalid_soap");
  EXPECT_EQ(refusal(good.xml("", body)), "missing_header");
  EXPECT_EQ(refusal(good.xml(good.header(), "")), "missing_body");
  EXPECT_EQ(refusal(good.xml(good.header(), "<e:Body/>")), "invalid_body");
  EXPECT_EQ(refusal(good.xml(good.header() + good.header(), body)), "invalid_soap");
  EXPECT_EQ(refusal(good.xml(good.header(), body + body)), "invalid_soap");
  EXPECT_EQ(changed([](SoapSample& s) { s.body += s.body; }), "invalid_body");
  EXPECT_EQ(changed([](SoapSample& s) { s.client = ""; }), "missing_header_field");
  EXPECT_EQ(changed([](SoapSample& s) { s.service = ""; }), "missing_header_field");
  EXPECT_EQ(changed([](SoapSample& s) { s.id = ""; }), "missing_header_field");
  EXPECT_EQ(changed([](SoapSample& s) { s.version = ""; }), "missing_header_field");
  EXPECT_EQ(changed([](SoapSample& s) { s.version = "<xrd:protocolVersion>5.0</xrd:protocolVersion>"; }),
            "invalid_protocol_version");
  EXPECT_EQ(changed([](SoapSample& s) { s.version = "<xrd:protocolVersion/>"; }), "invalid_protocol_version");
  for (std::string SoapSample::* part :
       {&SoapSample::client, &SoapSample::service, &SoapSample::id, &SoapSample::version})
    EXPECT_EQ(changed([part](SoapSample& s) { s.*part += s.*part; }), "duplicate_header_field");
  EXPECT_EQ(changed([](SoapSample& s) { s.more = "<xrd:issue/><xrd:issue/>"; }), "duplicate_header_field");
  EXPECT_EQ(changed([](SoapSample& s) { s.more = "<xrd:requestHash/><xrd:requestHash/>"; }), "duplicate_header_field");
  const auto replaced = [&](std::string_view from, std::string_view to) {
    std::string xml = good.xml();
    xml.replace(xml.find(from), from.size(), to);
    return refusal(xml);
  };
  EXPECT_EQ(replaced("<id:memberCode>123</id:memberCode>", "<id:memberCode/><id:memberCode/>"),
            "duplicate_header_field");
  EXPECT_EQ(replaced("id:objectType=\"SUBSYSTEM\"", ""), "invalid_xml");
  EXPECT_EQ(replaced("id:objectType=\"SUBSYSTEM\"", "objectType=\"SUBSYSTEM\""), "invalid_xml");
  EXPECT_EQ(replaced("id:objectType=\"SUBSYSTEM\"", "id:objectType=\"SERVICE\""), "invalid_xml");
  EXPECT_EQ(replaced("<id:memberCode>123</id:memberCode>", ""), "internal_error");
  EXPECT_EQ(replaced("<id:memberCode>123</id:memberCode>", "<id:memberCode> </id:memberCode>"), "internal_error");
  EXPECT_EQ(replaced("<id:subsystemCode>app</id:subsystemCode>", "<id:subsystemCode/>"), "internal_error");
}

TEST(ParseSoap, RefusesOtherContentTypes) {
  const std::string xml = SoapSample().xml();
  for (const char* type : {"text/xml", "TEXT/XML", "application/xop+xml; type=\"text/xml\""})
    EXPECT_EQ(refusal(xml, type), "") << type;
  for (const char* type : {"", "blah", "application/xml", "application/soap+xml", "text/html"})
    EXPECT_EQ(refusal(xml, type), "invalid_content_type") << type;
}

TEST(ParseSoap, SkipsAByteOrderMarkButKeepsIt) {
  const std::string xml = "\xef\xbb\xbf" + SoapSample().xml();
  const SoapMessage soap = message(xml);
  EXPECT_EQ(as_text(soap.bytes), xml);
  EXPECT_EQ(soap.header.id, "id-1");
}

std::string utf16(std::string_view ascii, bool big, bool mark) {
  std::string text = mark ? (big ? "\xfe\xff" : "\xff\xfe") : "";
  for (const char c : ascii) text.append(1, big ? '\0' : c).append(1, big ? c : '\0');
  return text;
}

TEST(ParseSoap, ReadsTheEncodingThatTheXmlDeclares) {
  SoapSample sample;
  sample.declaration = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
  sample.id = "<xrd:id>\xe4</xrd:id>";
  EXPECT_EQ(message(sample.xml(), "text/xml; charset=ISO-8859-1").header.id, "\xc3\xa4");
  EXPECT_EQ(message(sample.xml(), "text/xml").header.id, "\xc3\xa4");
  sample.declaration = "";
  EXPECT_EQ(refusal(sample.xml(), "text/xml; charset=ISO-8859-1"), "invalid_soap");
  sample = {};
  sample.declaration = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>";
  for (const bool big : {false, true}) EXPECT_EQ(message(utf16(sample.xml(), big, true)).header.id, "id-1");
}

// -- faults

TEST(ParseSoap, ReadsAFaultByLocalNames) {
  const auto soap = read(
      "<E:Envelope xmlns:E=\"http://schemas.xmlsoap.org/soap/envelope/\"><E:Header/><E:Body><E:Fault>"
      "<E:faultcode>Server.ServerProxy.AccessDenied</E:faultcode><faultstring xml:lang=\"en\">no &amp; no</faultstring>"
      "<faultactor>a</faultactor><detail>\n <x:faultDetail xmlns:x=\"y\">d-1</x:faultDetail>\n</detail>"
      "</E:Fault></E:Body></E:Envelope>");
  ASSERT_TRUE(soap.ok());
  const auto& fault = std::get<SoapFault>(*soap);
  EXPECT_EQ(fault.code, "Server.ServerProxy.AccessDenied");
  EXPECT_EQ(fault.text, "no & no");
  EXPECT_EQ(fault.actor, "a");
  EXPECT_EQ(fault.detail, "d-1");
  const Fault relayed = fault.to_fault();
  EXPECT_EQ(relayed.code, "server.serverproxy.access_denied");
  EXPECT_TRUE(relayed.relayed);
  EXPECT_EQ(relayed.detail, "d-1");
  EXPECT_EQ(relayed.under("server.clientproxy").code, "server.serverproxy.access_denied");
}

TEST(ParseSoap, ReadsAModernFaultAndOneOfAService) {
  const auto code = [](std::string_view text) {
    Fault fault;
    fault.code = text;
    return std::get<SoapFault>(*read(soap_fault_xml(fault))).to_fault().code;
  };
  EXPECT_EQ(code("server.serverproxy.service_failed.io_error"), "server.serverproxy.service_failed.io_error");
  EXPECT_EQ(code("Client.DuplicateHeaderField"), "client.duplicate_header_field");
  EXPECT_EQ(code("soap:Server"), "soap:Server");
  EXPECT_EQ(code("ENV.Custom"), "ENV.Custom");
}

TEST(ParseSoap, TakesTheTextOfDetailWithoutFaultDetail) {
  const auto detail = [](std::string_view inside) {
    const auto soap =
        read("<E:Envelope xmlns:E=\"http://schemas.xmlsoap.org/soap/envelope/\"><E:Body><E:Fault><detail>" +
             std::string(inside) + "</detail></E:Fault></E:Body></E:Envelope>");
    return soap ? std::get<SoapFault>(*soap).detail : soap.error().code;
  };
  EXPECT_EQ(detail("plain"), "plain");
  EXPECT_EQ(detail("a<x>inner</x>b"), "ab");
  EXPECT_EQ(detail("<x/><faultDetail>f</faultDetail>t"), "f");
  EXPECT_EQ(detail(""), "");
}

TEST(ParseSoap, AFaultNeedsNoHeaderButAWrongHeaderIsStillRefused) {
  SoapSample sample;
  sample.body = "<e:Fault><faultcode>c</faultcode></e:Fault>";
  EXPECT_TRUE(std::holds_alternative<SoapFault>(*read(sample.xml())));
  sample.id += sample.id;
  EXPECT_EQ(refusal(sample.xml()), "duplicate_header_field");
}

TEST(SoapFaultXml, IsByteForByteAsJavaWritesIt) {
  EXPECT_EQ(
      soap_fault_xml(Fault{"server.serverproxy.access_denied", "Request is not allowed: <'a' & \"b\">", "d-1", ""}),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><SOAP-ENV:Envelope "
      "xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\"><SOAP-ENV:Body><SOAP-ENV:Fault>"
      "<faultcode>server.serverproxy.access_denied</faultcode><faultstring>Request is not allowed: "
      "&lt;&apos;a&apos; &amp; &quot;b&quot;&gt;</faultstring><faultactor></faultactor><detail>"
      "<faultDetail xmlns=\"\">d-1</faultDetail></detail></SOAP-ENV:Fault></SOAP-ENV:Body></SOAP-ENV:Envelope>");
}

TEST(SoapFaultXml, IsReadBackWhateverItsTextHolds) {
  const Fault fault{"c", "a\x01\x7f\xc2\x80\xc2\x85\xef\xbf\xbf\xef\xbf\xbd\xc3\xa4", "d", "actor"};
  const auto read_back = read(soap_fault_xml(fault));
  ASSERT_TRUE(read_back.ok());
  EXPECT_EQ(std::get<SoapFault>(*read_back).text, "a\x7f\xc2\x80\xc2\x85\xef\xbf\xbd\xc3\xa4");
  EXPECT_EQ(std::get<SoapFault>(*read_back).actor, "actor");
  EXPECT_EQ(std::get<SoapFault>(*read(soap_fault_xml(Fault{"c", "\xff"}))).text, "\xc3\xbf");
  EXPECT_EQ(std::get<SoapFault>(*read(soap_fault_xml(Fault{"c", ""}))).detail.size(), 36u);
}

// -- SOAPAction

TEST(CheckSoapAction, TakesNothingEmptyAndQuotedUris) {
  EXPECT_TRUE(check_soap_action(std::nullopt).ok());
  for (const char* value : {"", "\"\"", "\"urn:a:b\"", "\"http://x/y?z\"", "\"a\""})
    EXPECT_TRUE(check_soap_action(value).ok());
  for (const char* value : {"urn:a", "\"urn:a", "\"a b\"", "\"http://x|\"", "\"", " \"\""}) {
    const auto checked = check_soap_action(value);
    ASSERT_FALSE(checked.ok()) << value;
    EXPECT_EQ(checked.error().code, "invalid_soap_action");
  }
}

// -- consistency

TEST(CheckConsistentSoap, NamesWhatDiffers) {
  const SoapMessage request = message(SoapSample().xml());
  const auto outcome = [&](auto change) {
    SoapMessage response = *with_request_hash(request, request.bytes);
    change(response.header);
    const auto checked = check_consistent(request, response);
    return checked ? "" : checked.error().code;
  };
  EXPECT_EQ(outcome([](SoapHeader&) {}), "");
  EXPECT_EQ(outcome([](SoapHeader& h) { h.protocol_version = "4.9"; }), "");
  EXPECT_EQ(outcome([](SoapHeader& h) { h.request_hash->insert(10, "\r\n "); }), "");
  const std::string failed = "service_failed.inconsistent_response";
  EXPECT_EQ(outcome([](SoapHeader& h) { h.client = h.client.member(); }), failed);
  EXPECT_EQ(outcome([](SoapHeader& h) { h.service = *ServiceId::make(h.client, "find"); }), failed);
  EXPECT_EQ(outcome([](SoapHeader& h) { h.user_id = ""; }), failed);
  EXPECT_EQ(outcome([](SoapHeader& h) { h.issue = "x"; }), failed);
  EXPECT_EQ(outcome([](SoapHeader& h) { h.represented_party = RepresentedParty{}; }), failed);
  EXPECT_EQ(outcome([](SoapHeader& h) { h.id = "x"; }), failed);
  EXPECT_EQ(outcome([](SoapHeader& h) { h.request_hash.reset(); }), "inconsistent_response");
  EXPECT_EQ(outcome([](SoapHeader& h) { h.request_hash = "AAAA"; }), "inconsistent_response");
}

}  // namespace
}  // namespace causeway::message
