// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamping_rounds.hpp"

#include "unit/securityserver/timestamping/timestamping_fixture.hpp"

namespace causeway::securityserver {
namespace {

class TimestampingRoundsTest : public TimestampingFixture {
 protected:
  TimestampingRoundsTest() {
    settings_.retry_delay = 1s;
    settings_.records_limit = 4;
    settings_.read_timeout = 500ms;
  }
  void start() {
    rounds_ = std::make_unique<TimestampingRounds>(
        settings_, view_,
        TimestampingRounds::Files{log_directory(), directory_ / "server.yaml", directory_ / "status.json"});
  }
  std::optional<TimestampingStatus> status() const {
    const auto text = read_file(directory_ / "status.json");
    if (!text) return std::nullopt;
    auto read = read_timestamping_status(*text);
    EXPECT_TRUE(read) << *text;
    return read ? std::optional(*std::move(read)) : std::nullopt;
  }
  bool all_is_stamped() const {
    const auto told = status();
    return told && !told->failing_since && told->last_success && told->waiting == 0 && is_stamped(logged_);
  }

  TimestampingSettings settings_;
  std::unique_ptr<TimestampingRounds> rounds_;
};

TEST_F(TimestampingRoundsTest, StampsWhatWaitsFromTheStartOnAndTellsIt) {
  open_log();
  log_records(10);
  start();
  wait_until([&] { return all_is_stamped(); });
  for (std::uint64_t record = 1; record <= 10; ++record) expect_proof(record);
  EXPECT_EQ(service_.requests, 3);  // 4, 4 and 2
  const auto told = *status();
  EXPECT_EQ(told.interval, 60s);
  EXPECT_GT(*told.next_round, now() + 30s);
  EXPECT_FALSE(told.fault || told.refused_from());
  ASSERT_EQ(told.services.size(), 1U);
  EXPECT_EQ(told.services[0].url, service_.url());
  EXPECT_TRUE(told.services[0].last_success);
}

TEST_F(TimestampingRoundsTest, MakesARoundAtOnceWhenAsked) {
  open_log();
  start();
  wait_until([&] { return status() && status()->last_success; });
  log_records(2);
  rounds_->hasten();
  wait_until([&] { return all_is_stamped(); });
}

// Each way in which a service can fail, and that all is stamped when it is well again.
class Outage : public TimestampingRoundsTest, public ::testing::WithParamInterface<Mood> {};

TEST_P(Outage, EndsByItselfAndEverythingThatWaitedIsStamped) {
  service_.mood = GetParam();
  open_log();
  log_records(6);
  start();
  wait_until([&] { return status() && status()->failing_since; });
  EXPECT_EQ(status()->fault->code, "timestamping_failed");
  EXPECT_EQ(status()->waiting, 6U);
  EXPECT_EQ(*status()->refused_from(), *status()->failing_since + settings_.acceptable_failure_period);
  EXPECT_TRUE(status()->services[0].fault);
  service_.mood = Mood::grants;
  wait_until([&] { return all_is_stamped(); });
  for (std::uint64_t record = 1; record <= 6; ++record) expect_proof(record);
}

INSTANTIATE_TEST_SUITE_P(OfEveryKind, Outage,
                         ::testing::Values(Mood::refuses, Mood::garbage, Mood::wrong_imprint, Mood::stranger,
                                           Mood::forger, Mood::server_error, Mood::silent));

TEST_F(TimestampingRoundsTest, AServiceThatWasKilledIsUsedAgainWhenItIsBack) {
  open_log();
  log_records(2);
  service_.kill();
  start();
  wait_until([&] { return status() && status()->failing_since; });
  const auto since = status()->failing_since;
  // A restart of the process does not begin the time of the failure anew.
  rounds_.reset();
  start();
  wait_until([&] { return status() && status()->fault && status()->updated > *since + 1s; });
  EXPECT_EQ(status()->failing_since, since);
  service_.revive();
  wait_until([&] { return all_is_stamped(); });
}

TEST_F(TimestampingRoundsTest, TakesUpServicesFromTheConfigurationAsItIs) {
  write_services({});
  open_log();
  log_records(1);
  start();
  wait_until([&] { return status() && status()->fault; });
  EXPECT_EQ(status()->fault->code, "mlog.no_timestamping_provider_found");
  write_services({service_.url()});
  wait_until([&] { return all_is_stamped(); });
}

TEST_F(TimestampingRoundsTest, SaysWhyItHasNoServices) {
  ASSERT_TRUE(write_file_atomically(directory_ / "server.yaml", "version: x"));
  open_log();
  log_records(1);
  start();
  wait_until([&] { return status() && status()->fault; });
  EXPECT_EQ(status()->fault->code, "malformed_server_conf");
}

TEST_F(TimestampingRoundsTest, EndsAtOnceWhileAServiceSaysNothing) {
  settings_.read_timeout = 1h;
  service_.mood = Mood::silent;
  open_log();
  log_records(1);
  start();
  wait_until([&] { return service_.requests > 0; });
  rounds_.reset();
  EXPECT_FALSE(is_stamped(1));
}

}  // namespace
}  // namespace causeway::securityserver
