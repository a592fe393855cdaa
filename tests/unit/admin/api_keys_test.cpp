// SPDX-License-Identifier: MIT
#include "admin/api_keys.hpp"

#include <gtest/gtest.h>

#include <array>

#include "store/migrations.hpp"
#include "unit/store/engines.hpp"

namespace causeway::admin {
namespace {

using namespace std::chrono_literals;

constexpr std::array kMigrations{store::Migration{1, "keys", ApiKeys::kSchema, ApiKeys::kSchemaOfPostgres}};
const Roles kRoles({{"XROAD_SYSTEM_ADMINISTRATOR", {}},
                    {"XROAD_SECURITY_OFFICER", {}},
                    {"XROAD_MANAGEMENT_SERVICE", {}}});
const ApiKeys::Clock::time_point kStart{1000h};

Caller caller(Names roles) { return {"ada", std::move(roles), {}, Caller::Means::session}; }
const Caller kAdministrator = caller({"XROAD_SYSTEM_ADMINISTRATOR"});

class ApiKeysTest : public testing::EngineTest {
 protected:
  std::unique_ptr<store::Database> ready() {
    auto database = open();
    EXPECT_TRUE(store::migrate(*database, kMigrations));
    return database;
  }
  ApiKeys keys_{kRoles};
};
CAUSEWAY_ON_BOTH_ENGINES(ApiKeysTest);

TEST_P(ApiKeysTest, AreMadeListedChangedAndRevoked) {
  const auto database = ready();
  const auto first =
      keys_.create(*database, {"XROAD_SYSTEM_ADMINISTRATOR", "XROAD_MANAGEMENT_SERVICE"}, kAdministrator);
  ASSERT_TRUE(first) << first.error().text;
  const auto second = keys_.create(*database, {"XROAD_SYSTEM_ADMINISTRATOR"}, kAdministrator);
  ASSERT_TRUE(second);
  EXPECT_NE(first->secret, second->secret);
  EXPECT_EQ(first->secret.size(), 36U);
  const auto all = keys_.list(*database);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].id, first->key.id);
  EXPECT_EQ((*all)[0].roles, (Names{"XROAD_MANAGEMENT_SERVICE", "XROAD_SYSTEM_ADMINISTRATOR"}));

  const auto changed = keys_.update(*database, second->key.id, {"XROAD_MANAGEMENT_SERVICE"}, kAdministrator);
  ASSERT_TRUE(changed) << changed.error().text;
  EXPECT_EQ(keys_.get(*database, second->key.id)->roles, Names{"XROAD_MANAGEMENT_SERVICE"});

  EXPECT_TRUE(keys_.revoke(*database, first->key.id));
  EXPECT_EQ(keys_.list(*database)->size(), 1U);
  for (const auto gone : {first->key.id, std::int64_t{0}, std::int64_t{-5}, std::int64_t{999}}) {
    EXPECT_EQ(keys_.get(*database, gone).error().code, "api_key_not_found");
    EXPECT_EQ(keys_.revoke(*database, gone).error().code, "api_key_not_found");
    EXPECT_EQ(keys_.update(*database, gone, {"XROAD_SECURITY_OFFICER"}, kAdministrator).error().code,
              "api_key_not_found");
  }
}

TEST_P(ApiKeysTest, NobodyGrantsWhatTheyHaveNot) {
  const auto database = ready();
  const auto key = keys_.create(*database, {"XROAD_SYSTEM_ADMINISTRATOR"}, kAdministrator);
  ASSERT_TRUE(key);
  EXPECT_EQ(keys_.create(*database, {"XROAD_SECURITY_OFFICER"}, kAdministrator).error().code, "forbidden_role");
  EXPECT_EQ(keys_.create(*database, {}, kAdministrator).error().code, "invalid_role");
  EXPECT_EQ(keys_.create(*database, {"XROAD_KING"}, kAdministrator).error().code, "invalid_role");
  const Caller officer = caller({"XROAD_SECURITY_OFFICER"});
  EXPECT_EQ(keys_.create(*database, {"XROAD_MANAGEMENT_SERVICE"}, officer).error().code, "forbidden_role");
  // What the key has may stay.
  const auto widened =
      keys_.update(*database, key->key.id, {"XROAD_SYSTEM_ADMINISTRATOR", "XROAD_SECURITY_OFFICER"}, officer);
  EXPECT_TRUE(widened) << widened.error().text;
  EXPECT_EQ(keys_.list(*database)->size(), 1U) << "what was refused left nothing";
}

TEST_P(ApiKeysTest, AreFoundByTheirSecretOnly) {
  const auto database = ready();
  const auto key = keys_.create(*database, {"XROAD_SYSTEM_ADMINISTRATOR"}, kAdministrator);
  ASSERT_TRUE(key);
  const auto found = keys_.find(*database, key->secret, kStart);
  ASSERT_TRUE(found);
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->id, key->key.id);
  for (const std::string& other : {std::string(), key->secret + " ", std::string("' OR 1=1 --")})
    EXPECT_FALSE(*keys_.find(*database, other, kStart)) << other;
  // A change of one's own counts at once.
  ASSERT_TRUE(keys_.update(*database, key->key.id, {"XROAD_MANAGEMENT_SERVICE"}, kAdministrator));
  EXPECT_EQ((*keys_.find(*database, key->secret, kStart))->roles, Names{"XROAD_MANAGEMENT_SERVICE"});
  ASSERT_TRUE(keys_.revoke(*database, key->key.id));
  EXPECT_FALSE(*keys_.find(*database, key->secret, kStart));
}

TEST_P(ApiKeysTest, AChangeOfAnotherNodeIsSeenAfterAWhile) {
  const auto database = ready();
  const auto key = keys_.create(*database, {"XROAD_SYSTEM_ADMINISTRATOR"}, kAdministrator);
  ASSERT_TRUE(*keys_.find(*database, key->secret, kStart));
  ApiKeys other_node(kRoles);
  ASSERT_TRUE(other_node.revoke(*database, key->key.id));
  EXPECT_TRUE(*keys_.find(*database, key->secret, kStart + 59s));
  EXPECT_FALSE(*keys_.find(*database, key->secret, kStart + 60s));
}

TEST_P(ApiKeysTest, ANewKeyOfAnotherProcessIsSeenWithinASecond) {
  const auto database = ready();
  EXPECT_FALSE(*keys_.find(*database, "no key", kStart));
  ApiKeys command(kRoles);
  const auto key = command.create(*database, {"XROAD_SYSTEM_ADMINISTRATOR"}, kAdministrator);
  // Guessers do not make it look again and again.
  EXPECT_FALSE(*keys_.find(*database, key->secret, kStart + 999ms));
  EXPECT_TRUE(*keys_.find(*database, key->secret, kStart + 1s));
}

TEST_P(ApiKeysTest, OnlyADigestIsStored) {
  const auto database = ready();
  const auto key = keys_.create(*database, {"XROAD_SYSTEM_ADMINISTRATOR"}, kAdministrator);
  auto select = database->prepare("SELECT encoded_key FROM api_key");
  ASSERT_TRUE((*select)->start());
  ASSERT_TRUE(*(*select)->next());
  EXPECT_EQ((*select)->text(0).size(), 64U);
  EXPECT_EQ((*select)->text(0).find(key->secret), std::string_view::npos);
}

}  // namespace
}  // namespace causeway::admin
