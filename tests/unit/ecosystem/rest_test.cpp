// SPDX-License-Identifier: MIT
#include "ecosystem/registers/rest.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "ecosystem/registers/generator.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::ecosystem {
namespace {

class RestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_registers(directory_.path().string(), Country::estonia, {500, 50});
    ASSERT_TRUE(opened) << opened.error().text;
    registers_ = std::make_unique<Registers>(*std::move(opened));
    person_ = Generator(Country::estonia).person();
    company_ = registers_->business->search("", 0, 1)->items.front();
  }

  static net::RequestHead head(const std::string& method, const std::string& target, const std::string& type = "") {
    net::RequestHead made{.method = method, .target = target, .headers = {}};
    if (!type.empty()) made.headers.add("Content-Type", type);
    return made;
  }
  RestAnswer population(const std::string& method, const std::string& path, const std::string& body = "",
                        const std::string& type = "application/json") {
    return population_rest(*registers_, rest_call_from_http(head(method, "/p" + path, type), "/p", body));
  }
  RestAnswer business(const std::string& method, const std::string& path, const std::string& body = "") {
    return business_rest(*registers_,
                         rest_call_from_http(head(method, "/b" + path, "application/json; charset=utf-8"), "/b", body));
  }
  static boost::json::object object(const RestAnswer& answer) { return boost::json::parse(answer.body).as_object(); }

  testing::TemporaryDirectory directory_;
  std::unique_ptr<Registers> registers_;
  Person person_;
  Company company_;
};

TEST_F(RestTest, GivesAPersonByCode) {
  const RestAnswer answer = population("GET", "/persons/" + person_.code);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(object(answer).at("surname").as_string(), person_.surname);
}

TEST_F(RestTest, TellsAMistypedCodeFromAnUnknownPerson) {
  EXPECT_EQ(population("GET", "/persons/37605030298").status, 400);
  EXPECT_EQ(population("GET", "/persons/37605030299").status, 404);
  EXPECT_EQ(population("GET", "/persons/37605030299").content_type, "application/problem+json");
}

TEST_F(RestTest, WalksThroughAllPagesByTheirNextLinks) {
  std::string next = "?surname=" + person_.surname.substr(0, 1) + "&limit=3";
  std::size_t seen = 0;
  std::int64_t total = 0;
  while (!next.empty()) {
    const boost::json::object page = object(population("GET", "/persons" + next));
    total = page.at("total").to_number<std::int64_t>();
    seen += page.at("items").as_array().size();
    next = page.contains("next") ? std::string(page.at("next").as_string()) : std::string();
  }
  EXPECT_GT(total, 3);
  EXPECT_EQ(static_cast<std::int64_t>(seen), total);
}

TEST_F(RestTest, RefusesASearchWithoutANameOrWithBadPaging) {
  for (const char* query : {"", "?surname=", "?surname=a&limit=0", "?surname=a&limit=101", "?surname=a&offset=-1",
                            "?surname=a&limit=x", "?surname=a&limit=5x"}) {
    EXPECT_EQ(population("GET", std::string("/persons") + query).status, 400) << query;
  }
}

TEST_F(RestTest, ChangesAnAddress) {
  const std::string body = R"({"street":"Õie 1","postalCode":"10111","town":"Tallinn","region":"Harju maakond"})";
  const RestAnswer answer = population("POST", "/persons/" + person_.code + "/address", body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(object(population("GET", "/persons/" + person_.code)).at("address").as_object().at("street").as_string(),
            "Õie 1");
}

TEST_F(RestTest, RefusesWhatIsNoAddress) {
  const std::string path = "/persons/" + person_.code + "/address";
  for (const char* body : {"", "[]", "{", "{}", R"({"street":"a","postalCode":"1011x","town":"b","region":"c"})",
                           R"({"street":1,"postalCode":"10111","town":"b","region":"c"})",
                           R"({"street":"","postalCode":"10111","town":"b","region":"c"})"}) {
    EXPECT_EQ(population("POST", path, body).status, 400) << body;
  }
  EXPECT_EQ(population("POST", path, "{}", "text/plain").status, 415);
}

TEST_F(RestTest, NamesTheMethodsOfAResource) {
  const RestAnswer refused = population("DELETE", "/persons/" + person_.code);
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.allow, "GET");
  EXPECT_EQ(population("GET", "/nothing").status, 404);
}

TEST_F(RestTest, GivesACompanyAndItsBoard) {
  EXPECT_EQ(object(business("GET", "/companies/" + company_.code)).at("name").as_string(), company_.name);
  const auto board = boost::json::parse(business("GET", "/companies/" + company_.code + "/board-members").body);
  EXPECT_FALSE(board.as_array().empty());
  EXPECT_EQ(business("GET", "/companies?name=" + company_.name.substr(0, 3)).status, 200);
}

TEST_F(RestTest, AppointsARegisteredPersonOnce) {
  const std::string path = "/companies/" + company_.code + "/board-members";
  // A child is on no board yet.
  Generator generator(Country::estonia);
  Person person = generator.person();
  while (person.birth_date < "2010") person = generator.person();
  const std::string body = R"({"personCode":")" + person.code + R"("})";
  EXPECT_EQ(business("POST", path, body).status, 201);
  EXPECT_EQ(business("POST", path, body).status, 409);
  EXPECT_EQ(business("POST", path, R"({"personCode":"37605030299"})").status, 400);
  EXPECT_EQ(business("POST", path, R"({"role":"king"})").status, 400);
  const auto places = boost::json::parse(business("GET", "/persons/" + person.code + "/companies").body);
  EXPECT_EQ(places.as_array().size(), 1U);
}

TEST(RestCall, IsDecodedPieceByPiece) {
  net::RequestHead head{.method = "GET", .target = "/p/a%2Fb/c%C3%B5?x=1+2&y=%26&x=3&broken=%zz", .headers = {}};
  const RestCall call = rest_call_from_http(head, "/p", "");
  EXPECT_EQ(call.path, (std::vector<std::string>{"a/b", "cõ"}));
  EXPECT_EQ(call.query.at("x"), "3");
  EXPECT_EQ(call.query.at("y"), "&");
  EXPECT_EQ(call.query.at("broken"), "%zz");
}

}  // namespace
}  // namespace causeway::ecosystem
