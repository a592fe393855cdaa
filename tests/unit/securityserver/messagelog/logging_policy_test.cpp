// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/logging_policy.hpp"

#include <gtest/gtest.h>

namespace causeway::securityserver {
namespace {

using Values = std::map<std::string, std::string>;

Result<LoggingPolicy> policy(Values values) {
  Values prefixed;
  for (auto& [name, value] : values) prefixed["message-log." + name] = value;
  return LoggingPolicy::from(Parameters(std::move(prefixed)));
}

bool logs_body(const Values& values, const char* provider = "DEV/GOV/1/registry",
               ExchangeSide side = ExchangeSide::provider) {
  const auto made = policy(values);
  EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().text);
  return made.ok() && made->decide(*ClientId::parse_rest(provider), side).body;
}

TEST(LoggingPolicyTest, LogsBodiesUnlessToldOtherwise) {
  EXPECT_TRUE(logs_body({}));
  EXPECT_TRUE(logs_body({{"message-body-logging", "True"}}));
  EXPECT_FALSE(logs_body({{"message-body-logging", "false"}}));
}

// As X-Road does: a slip must not store what was not to be stored.
TEST(LoggingPolicyTest, TakesWhateverIsNotTrueForFalse) {
  for (const char* value : {"", "yes", "1", "TRUE "})
    EXPECT_FALSE(logs_body({{"message-body-logging", value}})) << value;
}

TEST(LoggingPolicyTest, TheOlderNameWins) {
  EXPECT_FALSE(logs_body({{"soap-body-logging", "false"}, {"message-body-logging", "true"}}));
  EXPECT_TRUE(logs_body({{"soap-body-logging", "true"}, {"message-body-logging", "false"}}));
}

TEST(LoggingPolicyTest, ListsTurnTheUsualRoundOnTheirSide) {
  const Values all_but = {
      {"disabled-body-logging-local-producer-subsystems", "DEV/GOV/1/registry, DEV / GOV / 2 / b ,"},
      {"disabled-body-logging-remote-producer-subsystems", "DEV/GOV/3/c"}};
  EXPECT_FALSE(logs_body(all_but));
  EXPECT_TRUE(logs_body(all_but, "DEV/GOV/1/registry", ExchangeSide::consumer));
  EXPECT_FALSE(logs_body(all_but, "DEV/GOV/2/b"));
  EXPECT_FALSE(logs_body(all_but, "DEV/GOV/3/c", ExchangeSide::consumer));
  EXPECT_TRUE(logs_body(all_but, "DEV/GOV/3/c"));
  EXPECT_TRUE(logs_body(all_but, "DEV/GOV/1/other"));
  EXPECT_TRUE(logs_body(all_but, "DEV/GOV/1")) << "the member is another client";

  const Values only = {{"message-body-logging", "false"},
                       {"enabled-body-logging-local-producer-subsystems", "DEV/GOV/1/registry"}};
  EXPECT_TRUE(logs_body(only));
  EXPECT_FALSE(logs_body(only, "DEV/GOV/2/b"));
}

TEST(LoggingPolicyTest, RefusesListsOfTheWrongSense) {
  EXPECT_EQ(policy({{"enabled-body-logging-local-producer-subsystems", "DEV/GOV/1/a"}}).error().code,
            "malformed_server_conf");
  EXPECT_FALSE(
      policy({{"message-body-logging", "false"}, {"disabled-body-logging-remote-producer-subsystems", "DEV/GOV/1/a"}})
          .ok());
  EXPECT_FALSE(
      policy({{"soap-body-logging", "false"}, {"disabled-body-logging-remote-producer-subsystems", "DEV/GOV/1/a"}})
          .ok());
}

TEST(LoggingPolicyTest, RefusesWhatIsNotFourCodes) {
  for (const char* item : {"DEV/GOV/1", "DEV/GOV/1/a/b", "DEV/GOV//a", "DEV/GOV/1/", "registry"})
    EXPECT_FALSE(policy({{"disabled-body-logging-local-producer-subsystems", item}}).ok()) << item;
}

TEST(LoggingPolicyTest, RefusesALimitThatIsOutOfBounds) {
  EXPECT_FALSE(policy({{"max-loggable-message-body-size", "-1"}}).ok());
  EXPECT_FALSE(policy({{"max-loggable-message-body-size", "1073741825"}}).ok());
  EXPECT_TRUE(policy({{"max-loggable-message-body-size", "1073741824"}}).ok());
}

TEST(LoggingPolicyTest, RefusesOrCutsALargeBody) {
  const BodyLogging refuses{.max_size = 10};
  const BodyLogging cuts{.max_size = 10, .truncate = true};
  const BodyLogging keeps_none{.max_size = 0};
  EXPECT_EQ(*loggable_size(refuses, 10), 10U);
  EXPECT_EQ(loggable_size(refuses, 11).error().code, "logging_failed");
  EXPECT_EQ(*loggable_size(cuts, 11), 10U);
  EXPECT_EQ(*loggable_size(keeps_none, 11), 0U);
  EXPECT_EQ(*loggable_size({.body = false, .max_size = 10}, 11), 0U);
}

TEST(LoggingPolicyTest, KeepsTheBeginningOfABodyThatStreamsBy) {
  BodyRecorder recorder(BodyLogging{.max_size = 10, .truncate = true});
  for (const char* piece : {"1234", "567890ab", "cd"}) ASSERT_TRUE(recorder.add(as_bytes(piece)).ok());
  const auto kept = recorder.take();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].size, 10U);
  EXPECT_EQ(to_text(*kept[0].content->read_all(100)), "1234567890");

  BodyRecorder refuses(BodyLogging{.max_size = 10});
  ASSERT_TRUE(refuses.add(as_bytes("1234567890")).ok());
  EXPECT_EQ(refuses.add(as_bytes("a")).error().code, "logging_failed");
  EXPECT_TRUE(BodyRecorder(BodyLogging{}).take().empty());
}

}  // namespace
}  // namespace causeway::securityserver
