// SPDX-License-Identifier: MIT
#include "admin/gate.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/bytes.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace causeway::admin {
namespace {

using namespace std::chrono_literals;

constexpr std::array kMigrations{store::Migration{1, "keys", ApiKeys::kSchema, ApiKeys::kSchemaOfPostgres}};
const Sessions::Clock::time_point kStart{1000h};

// One user, who may do two things.
class OneUser : public Users {
 public:
  Result<Names> log_in(const std::string& user, const std::string& password) const override {
    if (user == "ada" && password == "a:secret") return Names{"XROAD_SYSTEM_ADMINISTRATOR"};
    return Fault{"login_failed", "no"};
  }
};

class GateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(store::migrate(*database_, kMigrations));
    secret_ =
        keys_.create(*database_, {"XROAD_SYSTEM_ADMINISTRATOR"}, {"root", {"XROAD_SYSTEM_ADMINISTRATOR"}, {}})->secret;
  }
  // 200, or what it is refused with.
  int status(const Knock& knock, Sessions::Clock::time_point at = kStart) {
    const auto answer = gate_.admit(*database_, knock, at);
    if (const auto* error = std::get_if<ApiError>(&answer)) return error->status;
    caller_ = std::get<Caller>(answer);
    return 200;
  }
  static std::string basic(const std::string& text) { return "Basic " + to_base64(as_bytes(text)); }

  const Roles roles_{{{"XROAD_SYSTEM_ADMINISTRATOR", {"BACKUP_CONFIGURATION", "VIEW_VERSION"}}}};
  ApiKeys keys_{roles_};
  Sessions sessions_;
  OneUser users_;
  Gate gate_{{*AddressList::parse("10.0.0.0/8"), *AddressList::parse("127.0.0.0/8")}, roles_, keys_, sessions_, users_};
  std::unique_ptr<store::Database> database_ = *store::open_sqlite(":memory:");
  std::string secret_;
  Caller caller_;
};

TEST_F(GateTest, WhoSaysNothingIsNobody) {
  EXPECT_EQ(status({"10.0.0.1"}), 401);
  EXPECT_EQ(status({.peer_address = "10.0.0.1", .session_cookie = "unknown"}), 401);
}

TEST_F(GateTest, AKeyOpensFromAnAddressThatMayUseOne) {
  for (const std::string& header : {"X-Road-ApiKey token=" + secret_, "x-ROAD-apikey TOKEN=  " + secret_ + " "}) {
    EXPECT_EQ(status({"10.0.0.1", header}), 200) << header;
    EXPECT_EQ(caller_.name, "api-key-1");
    EXPECT_EQ(caller_.means, Caller::Means::api_key);
    EXPECT_TRUE(caller_.may("BACKUP_CONFIGURATION"));
    EXPECT_FALSE(caller_.may("ADD_MEMBER_CLASS"));
    EXPECT_EQ(status({"127.0.0.1", header}), 401);
  }
  for (const std::string& header :
       {std::string(), std::string("X-Road-ApiKey token="), "X-Road-ApiKey token=" + secret_ + "0", "Bearer " + secret_,
        secret_, basic("ada:a:secret")})
    EXPECT_EQ(status({"10.0.0.1", header}), 401) << header;
}

TEST_F(GateTest, APasswordOpensTheManagementOfKeysOnly) {
  Knock knock{.peer_address = "127.0.0.1", .authorization = basic("ada:a:secret"), .manages_keys = true};
  EXPECT_EQ(status(knock), 200);
  EXPECT_EQ(caller_.name, "ada");
  EXPECT_EQ(caller_.means, Caller::Means::password);
  knock.peer_address = "10.0.0.1";
  EXPECT_EQ(status(knock), 401);
  knock = {.peer_address = "127.0.0.1", .authorization = basic("ada:a:secret")};
  EXPECT_EQ(status(knock), 401);
  for (const std::string& header : {basic("ada:wrong"), basic("ada"), basic(""), std::string("Basic ="),
                                    std::string("Basic"), "X-Road-ApiKey token=" + secret_})
    EXPECT_EQ(status({.peer_address = "127.0.0.1", .authorization = header, .manages_keys = true}), 401) << header;
}

TEST_F(GateTest, ASessionNeedsItsTokenTwice) {
  const Session session = sessions_.begin("ada", {"XROAD_SYSTEM_ADMINISTRATOR"}, kStart);
  const Knock whole{.peer_address = "192.168.7.7",
                    .session_cookie = session.id,
                    .csrf_cookie = session.csrf_token,
                    .csrf_header = session.csrf_token};
  EXPECT_EQ(status(whole), 200);
  EXPECT_EQ(caller_.name, "ada");
  EXPECT_EQ(caller_.session_id, session.id);
  EXPECT_TRUE(caller_.may("VIEW_VERSION"));
  Knock lacking = whole;
  lacking.csrf_header.reset();
  EXPECT_EQ(status(lacking), 403);
  lacking = whole;
  lacking.csrf_cookie.reset();
  EXPECT_EQ(status(lacking), 403);
  lacking = whole;
  lacking.csrf_header = lacking.csrf_cookie = "another";
  EXPECT_EQ(status(lacking), 403) << "a page that can set cookies still does not know the session's";
  // A key beside it does not make up for the token.
  lacking.authorization = "X-Road-ApiKey token=" + secret_;
  lacking.peer_address = "10.0.0.1";
  EXPECT_EQ(status(lacking), 403);
  EXPECT_EQ(status(whole, kStart + 31min), 401);
}

TEST_F(GateTest, NotificationsDoNotProlongASession) {
  const Session session = sessions_.begin("ada", {}, kStart);
  Knock knock{.peer_address = "::1",
              .session_cookie = session.id,
              .csrf_cookie = session.csrf_token,
              .csrf_header = session.csrf_token,
              .prolongs_session = false};
  EXPECT_EQ(status(knock, kStart + 29min), 200);
  EXPECT_EQ(status(knock, kStart + 31min), 401);
}

}  // namespace
}  // namespace causeway::admin
