// SPDX-License-Identifier: MIT
// The API over real sockets, asked by curl.
#include "admin/api_server.hpp"

#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <stdexcept>

#include "store/migrations.hpp"
#include "store/sqlite.hpp"
#include "support/temporary_directory.hpp"
#include "unit/net/loopback.hpp"

namespace causeway::admin {
namespace {

constexpr std::array kMigrations{store::Migration{1, "keys", ApiKeys::kSchema, ApiKeys::kSchemaOfPostgres}};

class TwoUsers : public Users {
 public:
  Result<Names> log_in(const std::string& user, const std::string& password) const override {
    if (password != "geheim & süß") return Fault{"login_failed", "no"};
    if (user == "ada") return Names{"XROAD_SYSTEM_ADMINISTRATOR"};
    if (user == "bob") return Names{"XROAD_REGISTRATION_OFFICER"};
    return Fault{"login_failed", "no"};
  }
};

Roles roles() {
  return Roles({{"XROAD_SYSTEM_ADMINISTRATOR",
                 {"CREATE_API_KEY", "VIEW_API_KEYS", "UPDATE_API_KEY", "REVOKE_API_KEY", "BACKUP_CONFIGURATION"}},
                {"XROAD_REGISTRATION_OFFICER", {"VIEW_MEMBERS"}},
                {"XROAD_MANAGEMENT_SERVICE", {}}});
}

struct Reply {
  int status = 0;
  std::string head, body;
};

class ApiServerTest : public ::testing::Test {
 protected:
  void start(ApiServerOptions options = {}) {
    options.gate = {*AddressList::parse("0.0.0.0/0,::/0"), *AddressList::parse("127.0.0.0/8")};
    options.rate.per_second = options.rate.per_second == 20 ? 0 : options.rate.per_second;
    const auto open = [this] { return store::open_sqlite(directory_ / "x.db"); };
    auto database = open();
    ASSERT_TRUE(database && store::migrate(**database, kMigrations));
    api_ = std::make_unique<ApiServer>(
        std::move(options), roles(), std::make_unique<TwoUsers>(), open, [](Router& router) {
          router.add({"POST",
                      "/api/v1/echo/{name}",
                      {"VIEW_MEMBERS", "BACKUP_CONFIGURATION"},
                      [](const ApiRequest& r) -> Outcome {
                        const std::string* const q = r.query.find("q");
                        return ApiAnswer{.status = 201,
                                         .body = r.path.find("name")->second + "|" + (q ? *q : "") + "|" + r.body};
                      }});
          Operation open_to_all{"GET", "/api/v1/open", {}, [](const ApiRequest& r) -> Outcome {
                                  return ApiAnswer{.body = "hello " + r.caller.name};
                                }};
          open_to_all.is_public = true;
          router.add(std::move(open_to_all));
          router.add(
              {"GET", "/api/v1/bug", {}, [](const ApiRequest&) -> Outcome { throw std::runtime_error("a bug"); }});
        });
    auto http = net::HttpServer::start(threads_, {}, [this](net::ServerCall& call) { return api_->serve(call); });
    ASSERT_TRUE(http) << http.error().text;
    http_ = *std::move(http);
  }

  Reply ask(const std::string& path, const std::string& options = {}) const {
    const std::string text = net::run_command("curl -s -i --max-time 20 " + options +
                                              " 'http://127.0.0.1:" + std::to_string(http_->port()) + path + "'");
    const auto end = text.find("\r\n\r\n");
    if (!text.starts_with("HTTP/1.1 ") || end == std::string::npos) return {0, text, {}};
    return {std::stoi(text.substr(9, 3)), text.substr(0, end), text.substr(end + 4)};
  }
  static std::string cookie_in(const Reply& reply, const std::string& name) {
    std::smatch found;
    return std::regex_search(reply.head, found, std::regex(name + "=([^;]*)")) ? found[1].str() : "";
  }
  // curl's options of somebody who is logged in.
  std::string logged_in(const std::string& user) const {
    const Reply reply = ask("/login", "--data-urlencode 'password=geheim & süß' -d username=" + user);
    EXPECT_EQ(reply.status, 200) << reply.head;
    EXPECT_EQ(reply.body, "OK\n");
    const std::string token = cookie_in(reply, "XSRF-TOKEN");
    return "-H 'Cookie: JSESSIONID=" + cookie_in(reply, "JSESSIONID") + "; XSRF-TOKEN=" + token +
           "' -H 'X-XSRF-TOKEN: " + token + "' ";
  }

  testing::TemporaryDirectory directory_;
  net::IoThreads threads_{2};
  std::unique_ptr<ApiServer> api_;
  std::unique_ptr<net::HttpServer> http_;
};

TEST_F(ApiServerTest, WhatIsPublicNeedsNoLogin) {
  start();
  EXPECT_EQ(ask("/api/v1/open").body, "hello ");
  EXPECT_EQ(ask("/api/v1/open", "-X POST").status, 401);
  EXPECT_EQ(ask("/api/v1/open/more").status, 401);
}

TEST_F(ApiServerTest, ASessionFromLoginToLogout) {
  start();
  const std::string ada = logged_in("ada");
  const Reply user = ask("/api/v1/user", ada);
  EXPECT_EQ(user.status, 200);
  EXPECT_NE(user.body.find(R"("username":"ada","roles":["ROLE_XROAD_SYSTEM_ADMINISTRATOR"])"), std::string::npos)
      << user.body;
  EXPECT_EQ(ask("/api/v1/user/permissions", logged_in("bob")).body, R"(["VIEW_MEMBERS"])");
  EXPECT_EQ(ask("/api/v1/notifications/session-status", ada).body, R"({"valid":true})");
  EXPECT_EQ(ask("/logout", "-X POST").status, 403);
  EXPECT_EQ(ask("/logout", ada + "-X POST").status, 200);
  const Reply gone = ask("/api/v1/user", ada);
  EXPECT_EQ(gone.status, 401);
  EXPECT_EQ(gone.body, R"({"status":401})");
}

TEST_F(ApiServerTest, CookiesCannotBeReadOrSentByOthers) {
  start();
  const Reply reply = ask("/login", "--data-urlencode 'password=geheim & süß' -d username=ada");
  EXPECT_TRUE(
      std::regex_search(reply.head, std::regex("JSESSIONID=\\w{48}; Path=/; Secure; SameSite=Strict; HttpOnly")));
  EXPECT_TRUE(std::regex_search(reply.head, std::regex("XSRF-TOKEN=[-0-9a-f]{36}; Path=/; Secure; SameSite=Strict\r")));
}

TEST_F(ApiServerTest, WhoIsNotLoggedInLearnsNothing) {
  start();
  for (const char* path : {"/api/v1/user", "/api/v1/nothing", "/api/v1/api-keys", "/api"})
    EXPECT_EQ(ask(path).status, 401) << path;
  for (const char* form : {"-d username=ada -d password=wrong", "-d username=ada", "-d ''", "-d 'username=%zz'"})
    EXPECT_EQ(ask("/login", form).status, 401) << form;
  EXPECT_EQ(ask("/login").status, 405);
  EXPECT_EQ(ask("/elsewhere").status, 404);
}

TEST_F(ApiServerTest, KeysAreManagedByPasswordAndUsed) {
  start();
  const std::string basic = "-u 'ada:geheim & süß' ";
  const Reply made = ask("/api/v1/api-keys", basic + "-d '[\"XROAD_SYSTEM_ADMINISTRATOR\"]'");
  ASSERT_EQ(made.status, 200) << made.body;
  std::smatch secret;
  ASSERT_TRUE(std::regex_search(made.body, secret, std::regex(R"re("key":"([-0-9a-f]{36})")re"))) << made.body;
  const std::string key = "-H 'Authorization: X-Road-ApiKey token=" + secret[1].str() + "' ";
  EXPECT_EQ(ask("/api/v1/echo/x", key + "-d body").status, 201);
  EXPECT_EQ(ask("/api/v1/api-keys", key).status, 401) << "keys do not manage keys";
  EXPECT_EQ(ask("/api/v1/user", basic).status, 401) << "passwords do nothing else";
  EXPECT_EQ(ask("/api/v1/api-keys", basic).body, R"([{"id":1,"roles":["XROAD_SYSTEM_ADMINISTRATOR"]}])");
  EXPECT_EQ(ask("/api/v1/api-keys/1", basic + "-X PUT -d '[\"XROAD_MANAGEMENT_SERVICE\"]'").body,
            R"({"id":1,"roles":["XROAD_MANAGEMENT_SERVICE"]})");
  EXPECT_EQ(ask("/api/v1/echo/x", key + "-d body").status, 403) << "at once";
  const Reply wrong = ask("/api/v1/api-keys", basic + "-d '[\"XROAD_KING\"]'");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.body, R"({"status":400,"error":{"code":"invalid_role"}})");
  EXPECT_EQ(ask("/api/v1/api-keys", basic + "-d '[\"XROAD_REGISTRATION_OFFICER\"]'").status, 403);
  for (const char* body : {"", "{}", "[1]", "[", "\"XROAD_SYSTEM_ADMINISTRATOR\""})
    EXPECT_EQ(ask("/api/v1/api-keys", basic + "-d '" + body + "'").status, 400) << body;
  EXPECT_EQ(ask("/api/v1/api-keys/7", basic).status, 404);
  EXPECT_EQ(ask("/api/v1/api-keys/x", basic).status, 400);
  EXPECT_EQ(ask("/api/v1/api-keys/1", basic + "-X DELETE").status, 200);
  EXPECT_EQ(ask("/api/v1/echo/x", key + "-d body").status, 401) << "at once";
}

TEST_F(ApiServerTest, OperationsGetPathQueryAndBody) {
  start();
  const Reply reply = ask("/api/v1/echo/DEV%3AG%C3%BC?q=a+b%26c", logged_in("bob") + "-d 'the body'");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "DEV:G\xc3\xbc|a b&c|the body");
  for (const char* wanted : {"x-road-ui-correlation-id: ", "Content-Security-Policy: default-src 'none'",
                             "Cache-Control: no-cache", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY"})
    EXPECT_NE(reply.head.find(wanted), std::string::npos) << wanted;
}

TEST_F(ApiServerTest, TooMuchIsRefused) {
  ApiServerOptions options;
  options.largest_body = 1000;
  start(options);
  const std::string bob = logged_in("bob");
  EXPECT_EQ(ask("/api/v1/echo/x", bob + "-d " + std::string(1000, 'x')).status, 201);
  const Reply large = ask("/api/v1/echo/x", bob + "-d " + std::string(1001, 'x'));
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.body, R"({"status":413})");
  EXPECT_EQ(ask("/login", "-d " + std::string(1001, 'x')).status, 413);
}

TEST_F(ApiServerTest, TooOftenIsRefused) {
  ApiServerOptions options;
  options.rate.per_second = 3;
  options.rate.per_minute = 3;
  start(options);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask("/api/v1/user").status, 401);
  const Reply refused = ask("/api/v1/user");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.body, R"({"status":429})");
}

TEST_F(ApiServerTest, OnlyNamesOfTheServerAreAnswered) {
  ApiServerOptions options;
  options.allowed_hostnames = {"center.example", "127.0.0.1"};
  start(options);
  EXPECT_EQ(ask("/api/v1/user").status, 401);
  EXPECT_EQ(ask("/api/v1/user", "-H 'Host: CENTER.example:4000'").status, 401);
  EXPECT_EQ(ask("/api/v1/user", "-H 'Host: evil.example'").status, 400);
}

TEST_F(ApiServerTest, ABugIsAnErrorOfTheServer) {
  start();
  const Reply reply = ask("/api/v1/bug", logged_in("bob"));
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body, R"({"status":500})");
  EXPECT_EQ(ask("/api/v1/bug", logged_in("bob") + "-X POST").status, 405);
  EXPECT_EQ(ask("/api/v1/nothing", logged_in("bob")).status, 404);
}

}  // namespace
}  // namespace causeway::admin
