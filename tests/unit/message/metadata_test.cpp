// SPDX-License-Identifier: MIT
// Answers of the metadata services (messages.md section 9).
#include "message/metadata.hpp"

#include <gtest/gtest.h>

#include "message/content_type.hpp"
#include "message/multipart.hpp"
#include "unit/message/soap_sample.hpp"

namespace causeway::message {
namespace {

const ClientId kMember = *ClientId::make("FI", "GOV", "12<3");
const ClientId kSubsystem = *ClientId::make("FI", "COM", "456", "reg");

SoapMessage request(std::string_view service_code, std::string body) {
  SoapSample sample;
  sample.service.replace(sample.service.find(">find<") + 1, 4, service_code);
  sample.body = std::move(body);
  auto soap = parse_soap(to_bytes(sample.xml()), "text/xml");
  if (!soap) throw std::runtime_error(soap.error().text);
  return std::get<SoapMessage>(*std::move(soap));
}

net::Headers accepting(std::string value) {
  net::Headers headers;
  headers.add("accept", std::move(value));
  return headers;
}

TEST(ClientList, IsXmlByDefault) {
  const std::vector<ListedClient> clients{{kMember, "A & B", std::nullopt}, {kSubsystem, "C", "Register"}};
  const MetadataDocument document = client_list(clients, accepting("text/html, */*"));
  EXPECT_EQ(document.content_type, "text/xml; charset=UTF-8");
  EXPECT_EQ(
      document.body,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
      "<xrd:clientList xmlns:xrd=\"http://x-road.eu/xsd/xroad.xsd\" xmlns:id=\"http://x-road.eu/xsd/identifiers\">"
      "<xrd:member><xrd:id id:objectType=\"MEMBER\"><id:xRoadInstance>FI</id:xRoadInstance>"
      "<id:memberClass>GOV</id:memberClass><id:memberCode>12&lt;3</id:memberCode></xrd:id>"
      "<xrd:name>A &amp; B</xrd:name></xrd:member>"
      "<xrd:member><xrd:id id:objectType=\"SUBSYSTEM\"><id:xRoadInstance>FI</id:xRoadInstance>"
      "<id:memberClass>COM</id:memberClass><id:memberCode>456</id:memberCode>"
      "<id:subsystemCode>reg</id:subsystemCode></xrd:id><xrd:name>C</xrd:name>"
      "<xrd:subsystemName>Register</xrd:subsystemName></xrd:member></xrd:clientList>");
}

TEST(ClientList, IsJsonWhenThatIsAccepted) {
  const std::vector<ListedClient> clients{{kMember, "A", std::nullopt}, {kSubsystem, "C", "Register"}};
  const MetadataDocument document = client_list(clients, accepting("text/xml;q=1, Application/JSON;q=0.1"));
  EXPECT_EQ(document.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(document.body,
            R"({"member":[{"id":{"object_type":"MEMBER","xroad_instance":"FI","member_class":"GOV",)"
            R"("member_code":"12<3"},"name":"A"},{"id":{"object_type":"SUBSYSTEM","xroad_instance":"FI",)"
            R"("member_class":"COM","member_code":"456","subsystem_code":"reg"},"name":"C",)"
            R"("subsystem_name":"Register"}]})");
}

TEST(MethodList, TakesThePlaceOfTheRequestElement) {
  const SoapMessage asked =
      request("allowedMethods", "<o:allowedMethods xmlns:o=\"http://other\">x</o:allowedMethods>");
  const std::vector<ServiceId> services{*ServiceId::make(kSubsystem, "find", "v1"), *ServiceId::make(kMember, "a&b")};
  const auto answer = method_list(asked, "allowedMethods", services);
  ASSERT_TRUE(answer.ok()) << answer.error().text;
  EXPECT_EQ(answer->body_element, "allowedMethodsResponse");
  EXPECT_EQ(answer->body_namespace, "http://x-road.eu/xsd/xroad.xsd");
  EXPECT_EQ(answer->header.id, asked.header.id);
  EXPECT_NE(as_text(answer->bytes)
                .find("<e:Body><xrd:allowedMethodsResponse xmlns:xrd=\"http://x-road.eu/xsd/xroad.xsd\" "
                      "xmlns:id=\"http://x-road.eu/xsd/identifiers\"><xrd:service id:objectType=\"SERVICE\">"
                      "<id:xRoadInstance>FI</id:xRoadInstance><id:memberClass>COM</id:memberClass>"
                      "<id:memberCode>456</id:memberCode><id:subsystemCode>reg</id:subsystemCode>"
                      "<id:serviceCode>find</id:serviceCode><id:serviceVersion>v1</id:serviceVersion></xrd:service>"
                      "<xrd:service id:objectType=\"SERVICE\"><id:xRoadInstance>FI</id:xRoadInstance>"
                      "<id:memberClass>GOV</id:memberClass><id:memberCode>12&lt;3</id:memberCode>"
                      "<id:serviceCode>a&amp;b</id:serviceCode></xrd:service></xrd:allowedMethodsResponse></e:Body>"),
            std::string::npos);
}

// -- getWsdl

constexpr std::string_view kWsdl =
    "<?xml version=\"1.0\"?>\n<!-- kept --><w:definitions xmlns:w=\"http://schemas.xmlsoap.org/wsdl/\" "
    "xmlns:s=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:t=\"http://schemas.xmlsoap.org/wsdl/soap12/\">\n"
    "<w:port><s:address x='>' location = 'http://10.0.0.1/secret' /></w:port>\n"
    "<w:port><s:address location=\"https://inner/\"></s:address><t:address location=\"http://soap12/\"/></w:port>\n"
    "</w:definitions>";

TEST(AnonymousWsdl, ReplacesSoapAddressesAndNothingElse) {
  std::string expected(kWsdl);
  for (const std::string address : {"http://10.0.0.1/secret", "https://inner/"})
    expected.replace(expected.find(address), address.size(), "http://example.org/xroad-endpoint");
  EXPECT_EQ(*anonymous_wsdl(kWsdl), expected);
  EXPECT_EQ(*anonymous_wsdl("<a/>"), "<a/>");
  EXPECT_EQ(*anonymous_wsdl("<address xmlns='http://schemas.xmlsoap.org/wsdl/soap/'/>"),
            "<address xmlns='http://schemas.xmlsoap.org/wsdl/soap/'/>");
}

TEST(AnonymousWsdl, TurnsOtherEncodingsIntoUtf8) {
  EXPECT_EQ(*anonymous_wsdl("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>"),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\xc3\xa4</a>");
}

TEST(AnonymousWsdl, RefusesWhatIsNoXmlOrHasADoctype) {
  for (const char* text : {"", "<html>", "<!DOCTYPE a><a/>"})
    EXPECT_EQ(anonymous_wsdl(text).error().code, "internal_error");
}

TEST(WsdlQuery, ReadsCodeAndVersionFromTheBody) {
  const auto query = read_wsdl_query(request("getWsdl",
                                             "<xrd:getWsdl>\n<xrd:serviceCode>fi&#110;d</xrd:serviceCode>"
                                             "<xrd:serviceVersion>v1</xrd:serviceVersion></xrd:getWsdl>"));
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(query->service_code, "find");
  EXPECT_EQ(query->service_version, "v1");
  EXPECT_EQ(read_wsdl_query(request("getWsdl", "<xrd:getWsdl><xrd:serviceCode>a</xrd:serviceCode></xrd:getWsdl>"))
                ->service_version,
            "");
  for (const char* body : {"<xrd:getWsdl/>", "<xrd:getWsdl><xrd:serviceCode> </xrd:serviceCode></xrd:getWsdl>",
                           "<xrd:getWsdl><serviceCode>a</serviceCode></xrd:getWsdl>",
                           "<xrd:getWsdl><x><xrd:serviceCode>a</xrd:serviceCode></x></xrd:getWsdl>"})
    EXPECT_EQ(read_wsdl_query(request("getWsdl", body)).error().code, "invalid_request") << body;
}

class Parts : public MultipartHandler {
 public:
  Result<void> part_begin(const net::Headers& of_part) override {
    headers.push_back(of_part);
    bodies.emplace_back();
    return {};
  }
  Result<void> part_data(ByteView bytes) override {
    bodies.back() += as_text(bytes);
    return {};
  }
  Result<void> part_end() override { return {}; }
  std::vector<net::Headers> headers;
  std::vector<std::string> bodies;
};

TEST(WsdlAnswer, IsSoapAndTheDocument) {
  const SoapMessage asked = request("getWsdl", "<xrd:getWsdl><xrd:serviceCode>find</xrd:serviceCode></xrd:getWsdl>");
  const auto answer = wsdl_answer(asked, kWsdl);
  ASSERT_TRUE(answer.ok()) << answer.error().text;
  EXPECT_TRUE(answer->content_type.starts_with("multipart/related; type=\"text/xml\"; charset=UTF-8; boundary=xroad"));
  Parts parts;
  MultipartParser parser(ContentType::parse(answer->content_type)->parameter("boundary"), parts);
  ASSERT_TRUE(parser.feed(as_bytes(answer->body())).ok());
  ASSERT_TRUE(parser.end().ok());
  ASSERT_EQ(parts.bodies.size(), 2u);
  EXPECT_EQ(parts.bodies[0], as_text(answer->soap.bytes));
  EXPECT_NE(parts.bodies[0].find("<xrd:getWsdlResponse><xrd:serviceCode>find</xrd:serviceCode></xrd:getWsdlResponse>"),
            std::string::npos);
  EXPECT_EQ(parts.bodies[1], *anonymous_wsdl(kWsdl));
  EXPECT_EQ(*parts.headers[1].find("content-type"), "text/xml");
  EXPECT_EQ(*parts.headers[1].find("content-transfer-encoding"), "binary");
  EXPECT_TRUE(parts.headers[1].find("Content-ID")->ends_with("@x-road.eu>"));
  EXPECT_EQ(wsdl_answer(asked, "no").error().code, "internal_error");
}

// -- REST

TEST(RestMethodList, NamesTypeAndEndpoints) {
  const std::vector<ListedService> services{{*ServiceId::make(kSubsystem, "pets"), true, {{"GET", "/pets/*"}}},
                                            {*ServiceId::make(kSubsystem, "raw"), false, {}}};
  EXPECT_EQ(
      rest_method_list(services),
      R"({"service":[{"object_type":"SERVICE","service_type":"OPENAPI","xroad_instance":"FI","member_class":"COM",)"
      R"("member_code":"456","subsystem_code":"reg","service_code":"pets",)"
      R"("endpoint_list":[{"method":"GET","path":"/pets/*"}]},)"
      R"({"object_type":"SERVICE","service_type":"REST","xroad_instance":"FI","member_class":"COM",)"
      R"("member_code":"456","subsystem_code":"reg","service_code":"raw","endpoint_list":[]}]})");
}

TEST(RestMetadataResponse, EchoesTheRequestHeadersAndEndsWithTheContentType) {
  const auto asked = parse_rest_request(
      "GET\r\n/r1/FI/COM/456/reg/listMethods\r\nAccept:a\r\nX-Road-Client:FI/GOV/1\r\nX-Road-Service:forged\r\n"
      "X-Road-Id:q\r\nx-road-request-id:r\r\n");
  const RestResponse answer = rest_metadata_response(*asked, "r", "application/json");
  EXPECT_EQ(answer.head(),
            "200\r\nOK\r\nAccept:a\r\nx-road-id:q\r\nx-road-client:FI/GOV/1\r\n"
            "x-road-service:FI/COM/456/reg/listMethods\r\nx-road-request-id:r\r\nx-road-request-hash:" +
                answer.request_hash + "\r\nContent-Type:application/json\r\n");
  EXPECT_TRUE(check_consistent(*asked, answer.request_hash, *parse_rest_response(answer.head())).ok());
}

TEST(OpenApiServiceCode, IsTheLastOfThatNameInAnyCase) {
  EXPECT_EQ(*openapi_service_code("a=b&SERVICEcode=x%2Fy+z"), "x/y z");
  EXPECT_EQ(*openapi_service_code("serviceCode=a&servicecode=b%"), "b%");
  for (const std::optional<std::string>& query :
       {std::optional<std::string>(), std::optional<std::string>(""), std::optional<std::string>("serviceCode="),
        std::optional<std::string>("serviceCode"), std::optional<std::string>("serviceCode=%ff")})
    EXPECT_EQ(openapi_service_code(query).error().code, "invalid_request");
}

std::string openapi(std::string_view document, std::string_view type = "application/json") {
  const auto result = anonymous_openapi(document, type, "http://h/openapi");
  return result ? *result : result.error().code;
}

TEST(AnonymousOpenApi, ReplacesServerUrlsInJsonAndNothingElse) {
  EXPECT_EQ(
      openapi(R"({ "openapi":"3.0.1", "x": 1.50, "servers": [ {"url" : "https:\/\/u:p@host:8080\/v1\/a?b#c"},)"
              R"( {"description":"\"url\"","url":"http://{host}/v2"}, {"url":"/v3"}, {"url":"http://h"}, {"url":7} ],)"
              R"( "paths":{"/x":{"servers":[{"url":"http://kept"}]},"url":"http://kept"} })"),
      R"({ "openapi":"3.0.1", "x": 1.50, "servers": [ {"url" : "/v1/a"},)"
      R"( {"description":"\"url\"","url":"http://{host}/v2"}, {"url":"/v3"}, {"url":""}, {"url":7} ],)"
      R"( "paths":{"/x":{"servers":[{"url":"http://kept"}]},"url":"http://kept"} })");
  EXPECT_EQ(openapi("{\"servers\":[{\"\\u0075rl\":\"http:\\u002f/h/a\"}]}"), "{\"servers\":[{\"\\u0075rl\":\"/a\"}]}");
  EXPECT_EQ(openapi("{\"servers\":[{\"url\":\"mailto:a@b\"}]}"), "{\"servers\":[{\"url\":\"\"}]}");
  EXPECT_EQ(openapi("{}"), "{}");
  EXPECT_EQ(openapi("{\"servers\":{}}"), "{\"servers\":{}}");
}

TEST(AnonymousOpenApi, ReplacesServerUrlsInYamlAndNothingElse) {
  EXPECT_EQ(
      openapi("# \xc3\xa4 comment\r\nopenapi: 3.0.0\r\ninfo: {version: \"1.0\", title: \xe2\x82\xac}\r\nservers:\r\n"
              "  - url: http://host/v1 # c\r\n  - {description: d, url: 'https://host/it''s'}\r\n"
              "  - url: \"http://host\\u002Fv3\"\r\n  - url: https://{a}.b/\r\n  - url: /v4\r\npaths: {}\r\n",
              "application/x-yaml"),
      "# \xc3\xa4 comment\r\nopenapi: 3.0.0\r\ninfo: {version: \"1.0\", title: \xe2\x82\xac}\r\nservers:\r\n"
      "  - url: \"/v1\" # c\r\n  - {description: d, url: \"/it's\"}\r\n"
      "  - url: \"/v3\"\r\n  - url: https://{a}.b/\r\n  - url: \"/v4\"\r\npaths: {}\r\n");
}

TEST(AnonymousOpenApi, FindsServersOfTheDocumentOnly) {
  const std::string text =
      "openapi: 3.0.0\nx:\n  servers:\n    - url: http://a/b\n? {servers: [{url: http://a/b}]}\n: - url: http://a/b\n"
      "servers:\n  - x: {url: http://a/b}\n    url: http://a/c\n  - [url, http://a/b]\n";
  std::string expected = text;
  expected.replace(expected.find("http://a/c"), 10, "\"/c\"");
  EXPECT_EQ(openapi(text, "application/x-yaml"), expected);
}

TEST(AnonymousOpenApi, RefusesYamlAddressesBehindAliases) {
  EXPECT_EQ(openapi("x: &x http://a/b\nservers:\n  - url: *x\n", "application/x-yaml"), "internal_error");
  EXPECT_EQ(openapi("x: &x [{url: http://a/b}]\nservers: *x\n", "application/x-yaml"), "internal_error");
  EXPECT_EQ(openapi("x: &x {}\ny: *x\n", "application/x-yaml"), "x: &x {}\ny: *x\n");
}

TEST(AnonymousOpenApi, LeavesAnEmptyYamlUrlAlone) {
  for (const char* text : {"servers:\n  - url: !tag\n", "servers:\n  - url: ''\n", "servers:\n  - url:\n"})
    EXPECT_EQ(openapi(text, "application/x-yaml"), text);
}

TEST(AnonymousOpenApi, RefusesWhatItCannotRead) {
  for (const char* text :
       {"", "[]", "{", "{\"openapi\":\"2.0\"}", "{\"openapi\":3}", "{\"servers\":[{\"url\":\"http://a b\"}]}"})
    EXPECT_EQ(openapi(text), "internal_error") << text;
  for (const char* text : {"", "- a", "a: \xff", "openapi: 2.0", "a: [", "servers:\n - url: >\n    http://folded/\n",
                           "x: &a http://h/\nservers:\n - url: *a\n - url: *a\n"})
    EXPECT_EQ(openapi(text, "application/x-yaml"), "internal_error") << text;
  EXPECT_EQ(openapi(std::string(100'000, '[')), "internal_error");
  EXPECT_EQ(openapi(std::string(100'000, '['), "application/x-yaml"), "internal_error");
}

TEST(AnonymousOpenApi, ChoosesTheFormByTypeThenByName) {
  const std::string_view yaml = "servers: []", json = "{\"servers\":\t[]}";
  EXPECT_TRUE(anonymous_openapi(yaml, "text/plain", "http://h/a.yaml").ok());
  EXPECT_TRUE(anonymous_openapi(json, "", "http://h/a.json?x").ok());
  EXPECT_FALSE(anonymous_openapi(yaml, "", "http://h/a.json").ok());
  EXPECT_FALSE(anonymous_openapi(yaml, "application/json;charset=utf-8", "http://h/a.yaml").ok());
}

}  // namespace
}  // namespace causeway::message
