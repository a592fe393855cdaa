// SPDX-License-Identifier: MIT
#include "centralserver/registry/change.hpp"

#include <thread>

#include "unit/centralserver/registry/registry_fixture.hpp"

namespace causeway::centralserver {
namespace {

class ChangeTest : public RegistryTest {};
CAUSEWAY_ON_BOTH_ENGINES(ChangeTest);

TEST_P(ChangeTest, SaysWhoDidWhatAndWhen) {
  initialise();
  const auto before = read_history(registry)->size();
  const TimePoint at = globalconf::time_of("2026-03-01T10:00:00Z");
  auto change = Change::begin(registry, "api-key-7", at);
  ASSERT_TRUE(change);
  ASSERT_TRUE(add_member_class(*change, {"GOV", "Governmental"}));
  ASSERT_TRUE(describe_member_class(*change, "GOV", "Government"));
  ASSERT_TRUE(describe_member_class(*change, "GOV", "Government")) << "the same again is no change";
  ASSERT_TRUE(change->commit());

  const auto entries = read_history(registry);
  ASSERT_EQ(entries->size(), before + 2);
  const HistoryEntry &added = (*entries)[before], &changed = (*entries)[before + 1];
  EXPECT_EQ(added.author, "api-key-7");
  EXPECT_EQ(added.time, at);
  EXPECT_EQ(added.action, HistoryAction::added);
  EXPECT_EQ(added.kind, "member class");
  EXPECT_EQ(added.subject, "GOV");
  EXPECT_EQ(added.after, "Governmental");
  EXPECT_EQ(added.change, added.number) << "a change is called by its first entry";
  EXPECT_EQ(changed.action, HistoryAction::changed);
  EXPECT_EQ(changed.field, "description");
  EXPECT_EQ(changed.before, "Governmental");
  EXPECT_EQ(changed.after, "Government");
  EXPECT_EQ(changed.change, added.change);
  ASSERT_EQ(read_history(registry, added.number)->size(), 1U);
  ASSERT_EQ(read_history(registry, 0, 1)->size(), 1U);
}

TEST_P(ChangeTest, WhatIsNotCommittedHasNeverBeen) {
  initialise();
  const auto before = read_history(registry)->size();
  {
    auto change = Change::begin(registry, "admin");
    ASSERT_TRUE(add_member_class(*change, {"GOV", "Governmental"}));
  }
  EXPECT_TRUE(member_classes(registry)->empty());
  EXPECT_EQ(read_history(registry)->size(), before);
}

TEST_P(ChangeTest, TwoWhoAddTheSameGoOneAfterAnother) {
  initialise();
  auto other = Registry::open(open(), "node_1");
  ASSERT_TRUE(other);
  auto first = Change::begin(registry, "first");
  ASSERT_TRUE(first);
  std::string second_code;
  std::thread second([&] {
    auto change = Change::begin(*other, "second");
    second_code = change ? code_of(add_member_class(*change, {"GOV", "Second"})) : change.error().code;
  });
  EXPECT_TRUE(add_member_class(*first, {"GOV", "First"}));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_TRUE(first->commit());
  second.join();
  EXPECT_EQ(second_code, "member_class_exists");
  EXPECT_EQ(member_class(registry, "GOV")->description, "First");
}

TEST_P(ChangeTest, ARegistryIsOpenedAgainAsItWas) {
  fill();
  auto again = Registry::open(open());
  ASSERT_TRUE(again) << again.error().text;
  EXPECT_EQ(members(*again)->size(), 2U);
  EXPECT_EQ(security_servers(*again)->size(), 2U);
}

TEST_P(ChangeTest, NumbersAreNotGivenTwice) {
  fill();
  const auto last = security_server(registry, server_id("DEV/COM/200/SS2"))->number;
  ASSERT_EQ(in_change([](Change& change) { return delete_security_server(change, server_id("DEV/COM/200/SS2")); }),
            kDone);
  ASSERT_EQ(in_change([](Change& change) {
              return register_security_server(change, server_id("DEV/COM/200/SS3"), "127.0.0.3");
            }),
            kDone);
  EXPECT_GT(security_server(registry, server_id("DEV/COM/200/SS3"))->number, last);
}

}  // namespace
}  // namespace causeway::centralserver
