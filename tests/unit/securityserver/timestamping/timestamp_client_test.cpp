// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamp_client.hpp"

#include "unit/securityserver/timestamping/timestamping_fixture.hpp"

namespace causeway::securityserver {
namespace {

using globalconf::CostPreference;
using globalconf::CostType;

class TimestampClientTest : public TimestampingFixture {
 protected:
  Result<GrantedTimestamp> stamp(std::vector<std::string> urls) {
    return net::block_on(threads_.at(0), client().stamp(digest_, view_.current(), std::move(urls)));
  }
  TimestampClient& client() {
    if (!client_) client_ = make_client(settings_);
    return *client_;
  }
  // What the only service there is did wrong.
  Fault fault_of(Mood mood) {
    service_.mood = mood;
    const auto refused = stamp({service_.url()});
    EXPECT_FALSE(refused);
    if (refused) return {};
    EXPECT_EQ(refused.error().code, "timestamping_failed");
    const auto state = client().states({service_.url()})[0];
    EXPECT_NE(refused.error().text.find(service_.url() + ": " + state.fault->text), std::string::npos);
    return *state.fault;
  }

  TimestampingSettings settings_;
  const Bytes digest_ = pki::digest(pki::DigestAlgorithm::sha512, as_bytes("evidence"));
  std::unique_ptr<TimestampClient> client_;
};

TEST_F(TimestampClientTest, BringsATokenWithItsAuthoritysCertificate) {
  const auto granted = stamp({service_.url()});
  ASSERT_TRUE(granted) << granted.error().text;
  EXPECT_EQ(service_.content_type, "application/timestamp-query");
  EXPECT_EQ(granted->service, service_.url());
  EXPECT_LT(now() - granted->time, 1min);
  const auto facts = pki::verify_timestamp(granted->token, std::vector{authority_.certificate});
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->digest, digest_);
  EXPECT_EQ(*pki::with_certificate(granted->token, authority_.certificate), granted->token);
  EXPECT_NE(to_hex(granted->token).find(to_hex(authority_.certificate.der())), std::string::npos);
}

TEST_F(TimestampClientTest, NamesWhatIsWrongWithEachAnswer) {
  EXPECT_EQ(fault_of(Mood::refuses).code, "mlog.timestamp_non_granted_response");
  EXPECT_EQ(fault_of(Mood::garbage).code, "mlog.reading_timestamp_response_failed");
  EXPECT_EQ(fault_of(Mood::empty).code, "mlog.reading_timestamp_response_failed");
  EXPECT_EQ(fault_of(Mood::wrong_imprint).code, "mlog.timestamp_response_validation_failed");
  EXPECT_EQ(fault_of(Mood::stranger).code, "tsp_certificate_not_found");
  EXPECT_EQ(fault_of(Mood::forger).code, "timestamp_signer_verification_failed");
  EXPECT_EQ(fault_of(Mood::server_error).code, "mlog.timestamping_non_ok_response");
  EXPECT_EQ(fault_of(Mood::endless).code, "mlog.timestamp_provider_connection_failed");
  service_.kill();
  EXPECT_EQ(fault_of(Mood::grants).code, "mlog.timestamp_provider_connection_failed");
  service_.revive();
  EXPECT_TRUE(stamp({service_.url()}));
}

TEST_F(TimestampClientTest, GivesUpOnAServiceThatSaysNothing) {
  settings_.read_timeout = 200ms;
  EXPECT_EQ(fault_of(Mood::silent).code, "mlog.timestamp_request_timed_out");
}

TEST_F(TimestampClientTest, GoesOnToTheNextServiceAndAvoidsTheOneThatFailed) {
  ServiceDouble second(authority_);
  service_.mood = Mood::garbage;
  const std::vector<std::string> urls{"not an address", service_.url(), second.url()};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(stamp(urls)->service, second.url());
  EXPECT_EQ(service_.requests, 1);
  const auto states = client().states(urls);
  EXPECT_EQ(states[0].fault->code, "mlog.malformed_timestamp_server_url");
  EXPECT_TRUE(states[1].resting_until);
  EXPECT_TRUE(states[2].last_success);
  // It is asked again when nobody else helps.
  service_.mood = Mood::grants;
  second.kill();
  EXPECT_EQ(stamp(urls)->service, service_.url());
}

TEST_F(TimestampClientTest, AsksByWhatServicesCost) {
  ServiceDouble paid(authority_), undefined(authority_);
  costs_ = {{service_.url(), CostType::free}, {paid.url(), CostType::paid}, {undefined.url(), CostType::undefined}};
  write_global_configuration({authority_.certificate});
  const auto asked = [&](CostPreference preference) {
    settings_.preference = preference;
    client_.reset();
    return stamp({undefined.url(), paid.url(), service_.url()})->service;
  };
  EXPECT_EQ(asked(CostPreference::none), undefined.url());
  EXPECT_EQ(asked(CostPreference::free_first), service_.url());
  EXPECT_EQ(asked(CostPreference::paid_first), paid.url());
  EXPECT_EQ(asked(CostPreference::only_free), service_.url());
  settings_.preference = CostPreference::only_paid;
  client_.reset();
  EXPECT_EQ(stamp({service_.url()}).error().code, "mlog.no_timestamping_provider_found");
}

TEST_F(TimestampClientTest, NeedsAServiceAndAValidConfiguration) {
  EXPECT_EQ(stamp({}).error().code, "mlog.no_timestamping_provider_found");
  const auto outdated =
      net::block_on(threads_.at(0), client().stamp(digest_, globalconf::empty_view(), {service_.url()}));
  EXPECT_EQ(outdated.error().code, "global_conf_outdated");
  EXPECT_EQ(service_.requests, 0);
}

}  // namespace
}  // namespace causeway::securityserver
