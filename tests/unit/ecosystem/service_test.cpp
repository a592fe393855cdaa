// SPDX-License-Identifier: MIT
#include "ecosystem/registers/service.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "ecosystem/caller.hpp"
#include "ecosystem/registers/generator.hpp"
#include "ecosystem/registers/objects.hpp"
#include "ecosystem/soap_request.hpp"
#include "pki/digest.hpp"
#include "support/temporary_directory.hpp"
#include "xml/document.hpp"

namespace causeway::ecosystem {
namespace {

constexpr const char* kXml = "text/xml; charset=UTF-8";

class ServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto started = RegisterService::start(
        threads_, {.country = Country::finland, .directory = directory_.path().string(), .sizes = {500, 50}});
    ASSERT_TRUE(started) << started.error().text;
    service_ = *std::move(started);
    url_ = "http://127.0.0.1:" + std::to_string(service_->port());
  }

  Reply call(const std::string& method, const std::string& path, const std::string& type = "",
             const std::string& body = "", std::optional<std::uint64_t> object = std::nullopt) {
    Call call{.url = url_ + path, .method = method, .headers = {}, .body = body, .object = object, .tls = {}};
    if (!type.empty()) call.headers.add("Content-Type", type);
    auto reply = caller_.call(std::move(call));
    EXPECT_TRUE(reply) << reply.error().text;
    return reply ? *std::move(reply) : Reply{};
  }
  Reply get(const std::string& path) { return call("GET", path); }

  static std::string soap(const std::string& code, const std::string& body) {
    const auto client = *ClientId::make("EE", "COM", "16990016", "bank");
    const auto service = *ServiceId::make(*ClientId::make("FI", "GOV", "9001234-6", "population"), code, "v1");
    return soap_request(client, service, "id-1", body);
  }
  Reply soap_to(const std::string& name, const std::string& code, const std::string& body) {
    return call("POST", "/soap/" + name, kXml, soap(code, body));
  }

  testing::TemporaryDirectory directory_;
  net::IoThreads threads_{1};
  std::unique_ptr<RegisterService> service_;
  std::string url_;
  Caller caller_;
};

TEST_F(ServiceTest, ServesBothRegistersOverRest) {
  const std::string code = Generator(Country::finland).person().code;
  EXPECT_EQ(get("/population/v1/persons/" + code).status, 200);
  EXPECT_EQ(get("/population/v1/persons/" + code).header("Content-Type"), "application/json");
  EXPECT_EQ(get("/business/v1/companies?name=a").status, 200);
  EXPECT_EQ(get("/population/v2/persons").status, 404);
  EXPECT_EQ(call("DELETE", "/population/v1/persons/" + code).header("Allow"), "GET");
}

TEST_F(ServiceTest, DescribesItsServicesByTheirOwnAddress) {
  EXPECT_NE(get("/openapi/population.yaml").body.find(url_ + "/population/v1"), std::string::npos);
  EXPECT_NE(get("/soap/echo?wsdl").body.find("location=\"" + url_ + "/soap/echo\""), std::string::npos);
  EXPECT_NE(get("/").body.find("/soap/business?wsdl"), std::string::npos);
}

TEST_F(ServiceTest, StreamsObjectsOfAnySizeBothWays) {
  constexpr std::uint64_t size = 5'000'003;
  const Reply object = get("/objects/" + std::to_string(size));
  EXPECT_EQ(object.size, size);
  EXPECT_EQ(object.sha256, object_sha256(size));
  const auto counted = boost::json::parse(call("POST", "/objects/", "application/octet-stream", "", size).body);
  EXPECT_EQ(counted.at("size").to_number<std::uint64_t>(), size);
  EXPECT_EQ(counted.at("sha256").as_string(), object_sha256(size));
  EXPECT_EQ(get("/objects/0").size, 0U);
  EXPECT_EQ(get("/objects/huge").status, 400);
}

TEST_F(ServiceTest, EchoesARestRequest) {
  const auto echo = boost::json::parse(call("PUT", "/echo/a/b?x=1&status=202", "text/plain", "Tere, õhtu!").body);
  EXPECT_EQ(echo.at("method").as_string(), "PUT");
  EXPECT_EQ(echo.at("path").as_string(), "/a/b");
  EXPECT_EQ(echo.at("query").as_string(), "x=1&status=202");
  EXPECT_EQ(echo.at("body").as_string(), "Tere, õhtu!");
  EXPECT_EQ(call("PUT", "/echo/a?status=202", "text/plain", "x").status, 202);
  const auto binary = boost::json::parse(call("POST", "/echo/", "application/octet-stream", "\xFF\xFE").body);
  EXPECT_FALSE(binary.as_object().contains("body"));
  EXPECT_EQ(binary.at("size").to_number<int>(), 2);
}

TEST_F(ServiceTest, AnswersSoapWithTheHeadersOfTheRequest) {
  const Person person = Generator(Country::finland).person();
  const Reply reply = soap_to(
      "population", "personByCode",
      R"(<p:personByCode xmlns:p="urn:causeway:population:1"><p:code>)" + person.code + "</p:code></p:personByCode>");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.header("Content-Type"), kXml);
  const auto document = xml::Document::parse(reply.body);
  ASSERT_TRUE(document) << reply.body;
  constexpr std::string_view soap_ns = "http://schemas.xmlsoap.org/soap/envelope/";
  const auto header = document->root().child(soap_ns, "Header");
  ASSERT_TRUE(header);
  EXPECT_EQ(header->child("http://x-road.eu/xsd/xroad.xsd", "id")->text(), "id-1");
  EXPECT_TRUE(header->child("http://x-road.eu/xsd/xroad.xsd", "client"));
  const auto answer = document->root().child(soap_ns, "Body")->first_child();
  ASSERT_TRUE(answer->is("urn:causeway:population:1", "personByCodeResponse"));
  const auto found = answer->child("urn:causeway:population:1", "person");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->child("urn:causeway:population:1", "surname")->text(), person.surname);
}

TEST_F(ServiceTest, FindsAndChangesOverSoap) {
  const Person person = Generator(Country::finland).person();
  const Reply changed =
      soap_to("population", "changeAddress",
              R"(<p:changeAddress xmlns:p="urn:causeway:population:1"><p:code>)" + person.code +
                  "</p:code><p:address><p:street>A &amp; B 1</p:street><p:postalCode>00100</p:postalCode>"
                  "<p:town>Helsinki</p:town><p:region>Uusimaa</p:region></p:address></p:changeAddress>");
  EXPECT_NE(changed.body.find("<street>A &amp; B 1</street>"), std::string::npos) << changed.body;
  const Reply found = soap_to("population", "findPersons",
                              R"(<findPersons xmlns="urn:causeway:population:1"><surname>)" + person.surname +
                                  "</surname><limit>100</limit></findPersons>");
  EXPECT_NE(found.body.find(person.code), std::string::npos);
  const std::string code = *registry_code(Country::finland, 0);
  const std::string operation = R"( xmlns="urn:causeway:business:1"><code>)" + code + "</code>";
  EXPECT_NE(soap_to("business", "companyByCode", "<companyByCode" + operation + "</companyByCode>").body.find(code),
            std::string::npos);
  EXPECT_NE(soap_to("business", "boardMembers", "<boardMembers" + operation + "</boardMembers>").body.find("chair"),
            std::string::npos);
}

TEST_F(ServiceTest, AnswersBadSoapWithAFault) {
  for (const char* body : {"<personByCode/>", R"(<p:personByCode xmlns:p="urn:causeway:population:1"/>)",
                           R"(<p:personByCodes xmlns:p="urn:causeway:population:1"/>)"}) {
    const Reply reply = soap_to("population", "personByCode", body);
    EXPECT_EQ(reply.status, 500) << body;
    EXPECT_NE(reply.body.find("faultstring"), std::string::npos) << body;
  }
  EXPECT_EQ(call("POST", "/soap/population", kXml, "no xml").status, 500);
}

TEST_F(ServiceTest, EchoesAttachmentsOctetForOctet) {
  const std::string echo = R"(<e:echo xmlns:e="urn:causeway:echo:1"><e:text>Tere &lt;</e:text></e:echo>)";
  std::string octets(300'000, 'x');
  for (std::size_t i = 0; i < octets.size(); ++i) octets[i] = static_cast<char>(i * 31);
  const MultipartRequest request =
      with_attachments(soap("echo", echo), {{"first", "image/png", octets}, {"second", "text/plain", ""}}, "b-1");
  const Reply reply = call("POST", "/soap/echo", request.content_type, request.body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.header("Content-Type").starts_with("multipart/related"));
  EXPECT_NE(reply.body.find(octets), std::string::npos);
  EXPECT_NE(reply.body.find("Content-ID: <first>"), std::string::npos);
  const std::string hash = to_hex(pki::digest(pki::DigestAlgorithm::sha256, as_bytes(octets)));
  EXPECT_NE(reply.body.find("<sha256>" + hash + "</sha256>"), std::string::npos);

  const Reply plain = call("POST", "/soap/echo", kXml, soap("echo", echo));
  EXPECT_EQ(plain.header("Content-Type"), kXml);
  EXPECT_NE(plain.body.find("Tere &lt;"), std::string::npos);
}

}  // namespace
}  // namespace causeway::ecosystem
