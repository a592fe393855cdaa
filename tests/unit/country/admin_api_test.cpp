// SPDX-License-Identifier: MIT
#include "country/admin_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "country/api_answer.hpp"
#include "country/http_admin_api.hpp"
#include "country/server_state.hpp"
#include "country/step.hpp"
#include "message/form_data.hpp"

namespace causeway::country {
namespace {

using ::testing::HasSubstr;

const ApiCall kCall{.method = "DELETE", .path = "/subsystems/EX:GOV:1:a"};

std::string refusal(int status, const std::string& body) {
  const auto answer = accepted(kCall, {status, body});
  return answer ? "" : answer.error().code + " " + answer.error().text;
}

TEST(AdminApi, ExplainsARefusal) {
  EXPECT_EQ(*accepted(kCall, {204, "x"}), "x");
  const std::string said =
      refusal(409, R"({"status":409,"error":{"code":"subsystem_registered_and_cannot_be_deleted","metadata":["EX"]}})");
  EXPECT_THAT(said, HasSubstr("api_refused DELETE /subsystems/EX:GOV:1:a was answered with 409 subsystem_registered"));
  EXPECT_THAT(said, HasSubstr("[\"EX\"]: it is a client of a Security Server"));
  EXPECT_THAT(refusal(400, R"({"error":{"code":"validation_failure","validation_errors":{"a":["NotNull"]}}})"),
              HasSubstr(R"(validation_failure {"a":["NotNull"]})"));
  EXPECT_THAT(refusal(401, ""), HasSubstr("the API key is not known"));
  EXPECT_THAT(refusal(403, "{}"), HasSubstr("no role of the API key"));
  EXPECT_THAT(refusal(404, "<html>"), HasSubstr("no such operation"));
  EXPECT_THAT(refusal(500, "[]"), HasSubstr("its log says why"));
  EXPECT_THAT(refusal(302, R"({"error":7})"), HasSubstr("302"));
  EXPECT_LT(refusal(400, R"({"error":{"code":")" + std::string(100000, 'x') + R"("}})").size(), 1000U);
}

TEST(AdminApi, AKeyIsNotSentInTheClear) {
  EXPECT_EQ(open_admin_api({.url = "http://cs.example.org:4000", .api_key = "k"}).error().code,
            "service_malformed_url");
  EXPECT_EQ(open_admin_api({.url = "cs.example.org", .api_key = "k"}).error().code, "service_malformed_url");
  EXPECT_TRUE(open_admin_api({.url = "http://127.0.0.1:1/", .api_key = "k"}));
  EXPECT_TRUE(open_admin_api({.url = "https://cs.example.org:4000", .api_key = "k"}));
}

TEST(AdminApi, FormsAreReadAsTheyWereWritten) {
  const std::string octets("--\r\n\0\xff", 6);
  const ApiCall call =
      form_call("POST", "/x", {{"url", "http://a/"}, {"cost_type", ""}}, FormFile{"certificate", "a.pem", octets});
  const auto form = message::read_form_data(call.content_type, call.body);
  ASSERT_TRUE(form) << form.error().text;
  EXPECT_EQ(*form->text("url"), "http://a/");
  EXPECT_EQ(*form->text("cost_type"), "");
  ASSERT_NE(form->file("certificate"), nullptr);
  EXPECT_EQ(form->file("certificate")->value, octets);
  EXPECT_EQ(form->file("certificate")->filename, "a.pem");
}

// A server that answers everything with one text.
class OneAnswer final : public AdminApi {
 public:
  explicit OneAnswer(std::string body) : body_(std::move(body)) {}
  Result<ApiReply> ask(const ApiCall&) override { return ApiReply{200, body_}; }

 private:
  std::string body_;
};

TEST(AdminApi, WhatIsNoAnswerIsAFaultOfItsOwn) {
  Country all;
  all.instance = "EX";
  all.members.emplace();
  all.certification_services.emplace();
  const std::string status = R"({"instance_identifier":"EX","central_server_address":"")";
  for (const std::string& body :
       {std::string(), std::string("<html>"), std::string("[]"), std::string("{}"), std::string("null"), status + "}",
        status + R"(,"clients":[]})", status + R"(,"clients":[{}],"paging_metadata":{"total_items":1}})",
        status + R"(,"clients":[{"client_id":{"instance_id":"EX","member_class":"","member_code":"1"}}],)" +
            R"("paging_metadata":{"total_items":1}})"}) {
    OneAnswer api(body);
    const auto state = read_state(api, all);
    ASSERT_FALSE(state) << body;
    EXPECT_EQ(state.error().code, "malformed_answer") << body;
  }
  OneAnswer nothing_yet(R"({"instance_identifier":"","central_server_address":""})");
  EXPECT_EQ(read_state(nothing_yet, all).error().code, "not_initialised");
}

// Ten rows at a time, whatever is asked for.
// The n-th question gets the n-th answer; nothing is not there.
class Script final : public AdminApi {
 public:
  explicit Script(std::vector<std::string> answers) : answers_(std::move(answers)) {}
  Result<ApiReply> ask(const ApiCall&) override {
    const std::string answer = next_ < answers_.size() ? answers_[next_++] : "[]";
    return answer.empty() ? ApiReply{404, ""} : ApiReply{200, answer};
  }

 private:
  std::vector<std::string> answers_;
  std::size_t next_ = 0;
};

TEST(AdminApi, SharedParametersThatAreNoneAreAMalformedAnswer) {
  const std::string parts = R"([{"content_identifier":"SHARED-PARAMETERS","optional":false,"version":6}])";
  const std::string nobody = R"({"clients":[],"items":[],"paging_metadata":{"total_items":0}})";
  Script api({R"({"instance_identifier":"EX","central_server_address":""})", "[]", nobody, "{}", "[]", nobody, "[]",
              "[]", "[]", parts, "", "", "", parts, "no XML"});
  const auto whole = read_whole_state(api);
  ASSERT_FALSE(whole);
  EXPECT_EQ(whole.error().code, "malformed_answer") << whole.error().text;
}

class InPages final : public AdminApi {
 public:
  explicit InPages(std::size_t rows) : rows_(rows) {}
  std::size_t asked = 0;

  Result<ApiReply> ask(const ApiCall& call) override {
    ++asked;
    const std::size_t first = 10 * std::stoul(call.path);
    std::string rows;
    for (std::size_t i = first; i < std::min(first + 10, rows_); ++i)
      rows += (rows.empty() ? "" : ",") + (R"({"n":)" + std::to_string(i) + "}");
    return ApiReply{200,
                    R"({"rows":[)" + rows + R"(],"paging_metadata":{"total_items":)" + std::to_string(rows_) + "}}"};
  }

 private:
  std::size_t rows_;
};

TEST(AdminApi, EveryRowOfEveryPageIsSeenOnce) {
  for (const std::size_t rows : {0U, 1U, 10U, 11U, 95U}) {
    InPages api(rows);
    std::vector<std::int64_t> seen;
    for_each_row(
        api, [](std::size_t, std::size_t page) { return ApiCall{.path = std::to_string(page)}; }, "rows",
        [&](const boost::json::object& row) { seen.push_back(row.at("n").as_int64()); });
    ASSERT_EQ(seen.size(), rows);
    for (std::size_t i = 0; i < rows; ++i) EXPECT_EQ(seen[i], static_cast<std::int64_t>(i));
    EXPECT_EQ(api.asked, std::max<std::size_t>(1, (rows + 9) / 10));
  }
}

}  // namespace
}  // namespace causeway::country
