// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamped_log.hpp"

#include "unit/securityserver/timestamping/timestamping_fixture.hpp"

namespace causeway::securityserver {
namespace {

class TimestampedLogTest : public TimestampingFixture {
 protected:
  void open(bool immediately = false) {
    settings_.immediately = immediately;
    client_ = make_client(settings_);
    gate_.emplace(settings_, *configuration_, directory_.path() / "status.json", now());
    stamper_.emplace(log_directory(), *client_, view_, *configuration_);
    open_log();
    log_ = std::make_unique<TimestampedLog>(std::move(log_), *gate_, immediately ? &*stamper_ : nullptr);
  }
  Result<std::uint64_t> append() {
    return net::block_on(threads_.at(0), log_->append(record_signed(signature(++logged_))));
  }
  void tell(std::optional<TimePoint> failing_since, TimePoint updated = now()) {
    TimestampingStatus status;
    status.updated = updated;
    status.failing_since = failing_since;
    ASSERT_TRUE(write_file_atomically(directory_ / "status.json", to_json(status)));
    gate_->refresh();
  }

  TimestampingSettings settings_;
  std::unique_ptr<TimestampClient> client_;
  std::optional<TimestampingGate> gate_;
  std::optional<RecordStamper> stamper_;
};

TEST_F(TimestampedLogTest, ADeadServiceStandsInNoMessagesWay) {
  service_.kill();
  open();
  gate_->refresh();  // nobody has told anything yet
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(append());
  tell(now() - 1h);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(append());
  EXPECT_EQ(service_.requests, 0);
}

TEST_F(TimestampedLogTest, RefusesMessagesWhenTimestampsFailForLongerThanIsAccepted) {
  open();
  tell(now() - settings_.acceptable_failure_period - 1min);
  EXPECT_EQ(append().error().code, "timestamping_failed");
  EXPECT_EQ(log_->find({})->size(), 0U);
  tell(std::nullopt);
  EXPECT_TRUE(append());
}

TEST_F(TimestampedLogTest, APeriodOfZeroAcceptsEveryFailure) {
  settings_.acceptable_failure_period = 0s;
  open();
  tell(now() - 24h * 365);
  EXPECT_TRUE(append());
}

TEST_F(TimestampedLogTest, AnAdministrationThatIsGoneIsAFailureToo) {
  open();
  EXPECT_TRUE(gate_->check(now() + settings_.acceptable_failure_period - 1min));
  EXPECT_EQ(gate_->check(now() + settings_.acceptable_failure_period + 1min).error().code, "timestamping_failed");
  const TimePoint later = now() + settings_.acceptable_failure_period;
  tell(std::nullopt, later);
  EXPECT_TRUE(gate_->check(later + 1min));
  // A broken file says nothing new.
  ASSERT_TRUE(write_file_atomically(directory_ / "status.json", "{}"));
  gate_->refresh();
  EXPECT_TRUE(gate_->check(later + 1min));
}

TEST_F(TimestampedLogTest, RefusesMessagesWithoutAConfiguredService) {
  open();
  write_services({});
  EXPECT_EQ(append().error().code, "mlog.no_timestamping_provider_found");
  write_services({service_.url()});
  EXPECT_TRUE(append());
}

TEST_F(TimestampedLogTest, StampsEachMessageBeforeItGoesOnWhenToldTo) {
  open(true);
  tell(now() - 24h * 365);  // does not count: each message is judged by its own
  for (int i = 0; i < 3; ++i) {
    const auto id = append();
    ASSERT_TRUE(id) << id.error().text;
    EXPECT_FALSE(expect_proof(*id).is_batch());
  }
}

TEST_F(TimestampedLogTest, AMessageFailsWithItsTimestampButStaysLogged) {
  open(true);
  service_.mood = Mood::refuses;
  EXPECT_EQ(append().error().code, "timestamping_failed");
  ASSERT_TRUE(log_->flush_index());
  EXPECT_EQ(log_->find({})->size(), 1U);
  EXPECT_FALSE(is_stamped(1));
}

}  // namespace
}  // namespace causeway::securityserver
