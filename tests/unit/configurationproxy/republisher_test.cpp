// SPDX-License-Identifier: MIT
#include "configurationproxy/republisher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "globalconf/shared_parameters.hpp"
#include "unit/configurationproxy/proxy_fixture.hpp"

namespace causeway::configurationproxy {
namespace {

using namespace std::chrono_literals;
using globalconf::FetchedDocument;
using ::testing::ElementsAre;

class Republishing : public ::testing::Test {
 protected:
  explicit Republishing(int oldest_version = globalconf::kNewestVersion)
      : world(oldest_version), client_(signer::SignerClient::make(threads_, world.signer.directory.socket(), 1s)) {}

  InstanceReport round() {
    if (!republisher_) republisher_.emplace(world.settings, "PROXY1", world.fetcher, *client_);
    return net::block_on(threads_.at(0), republisher_->run_round());
  }
  void restart() { republisher_.reset(); }
  VersionReport newest() { return round().versions.front(); }
  std::string document(int version = globalconf::kNewestVersion) const {
    auto text = read_file(world.settings.published / "PROXY1" / ("conf-v" + std::to_string(version)));
    return text ? *text : "";
  }

  // A client of the proxy, that keeps what it has.
  struct Client {
    Client(Republishing& test, const globalconf::Anchor& anchor, std::optional<int> version = {}, bool partners = false)
        : client({.anchor_file = folder.path() / "anchor.xml",
                  .directory = folder.path() / "globalconf",
                  .federations = globalconf::FederationFilter(partners ? "all" : "none"),
                  .fixed_version = version},
                 test.world.fetcher),
          threads(test.threads_) {
      EXPECT_TRUE(write_file_atomically(folder.path() / "anchor.xml", globalconf::write_anchor(anchor)));
    }
    Result<globalconf::CycleReport> cycle() { return net::block_on(threads.at(0), client.run_cycle()); }
    std::string stored(const std::string& file) const {
      auto text = read_file(folder.path() / "globalconf" / file);
      return text ? *text : "";
    }
    const testing::TemporaryDirectory folder;
    globalconf::ConfigurationClient client;
    net::IoThreads& threads;
  };
  globalconf::Anchor anchor() const { return *proxy_anchor(world.settings, world.instance()); }

  net::IoThreads threads_{1};
  ProxyWorld world;

 private:
  std::unique_ptr<signer::SignerClient> client_;
  std::optional<Republisher> republisher_;
};

class RepublishingAllVersions : public Republishing {
 protected:
  RepublishingAllVersions() : Republishing(globalconf::kOldestVersion) {}
};

TEST_F(RepublishingAllVersions, GivesWhatTheSourceGives) {
  world.new_key(true);
  const InstanceReport report = round();
  ASSERT_TRUE(report.good(now()));
  EXPECT_EQ(report.versions.size(), 5U);
  for (const int version : globalconf::kVersions) {
    Client client(*this, anchor(), version);
    const auto cycle = client.cycle();
    ASSERT_TRUE(cycle) << version << ": " << cycle.error().text;
    EXPECT_EQ(cycle->own.version, version);
    EXPECT_EQ(cycle->own.instance, "DEV");
    Client direct(*this, world.site.publisher.internal_anchor(), version);
    ASSERT_TRUE(direct.cycle());
    EXPECT_EQ(client.stored("DEV/private-params.xml"), direct.stored("DEV/private-params.xml"));
    const std::string shared = client.stored("DEV/shared-params.xml");
    EXPECT_EQ(shared == direct.stored("DEV/shared-params.xml"), version < globalconf::kSourcesSince);
    const auto parameters = globalconf::read_shared_parameters(shared, version);
    ASSERT_TRUE(parameters);
    if (version < globalconf::kSourcesSince) continue;
    ASSERT_EQ(parameters->sources.size(), 1U);
    EXPECT_EQ(parameters->sources[0].address, kProxyHost);
    const auto certificate = world.instance().certificate(*world.instance().active_key());
    EXPECT_THAT(parameters->sources[0].internal_verification_certificates, ElementsAre(certificate->der()));
    EXPECT_THAT(parameters->sources[0].external_verification_certificates, ElementsAre(certificate->der()));
    EXPECT_EQ(parameters->members.size(), globalconf::sample_instance().members.size());
  }
}

TEST_F(Republishing, AVersionThatTheSourceLacksIsNoFault) {
  world.new_key();
  const InstanceReport report = round();
  EXPECT_TRUE(report.good(now()));
  for (const VersionReport& version : report.versions) {
    EXPECT_EQ(version.given, version.version == 6);
    EXPECT_FALSE(version.fault);
    EXPECT_EQ(version.expires.has_value(), version.version == 6);
  }
}

TEST_F(Republishing, ASourceWithoutAnyVersionIsAFault) {
  world.new_key();
  world.in_the_way = [](const std::string&) { return FetchedDocument{404, {}}; };
  EXPECT_EQ(round().fault->code, "global_conf_download_url_connection_failure");
  world.in_the_way = {};
  EXPECT_TRUE(round().good(now())) << "and is asked again with the next round";
}

TEST_F(Republishing, TheLastGoodOneStaysWhateverTheSourceDoes) {
  world.new_key();
  ASSERT_TRUE(round().good(now()));
  const std::string good = document();
  const std::pair<const char*, Result<FetchedDocument>> cases[] = {
      {"global_conf_download_url_connection_failure", Fault{"network_error", "down"}},
      {"global_conf_download_url_connection_failure", FetchedDocument{500, {}}},
      {"global_conf_parsing_downloaded_conf_directory_failure", FetchedDocument{200, to_bytes("garbage")}},
      {"global_conf_parsing_downloaded_conf_directory_failure", FetchedDocument{200, {}}},
      {"global_conf_missing_verification_cert", FetchedDocument{200, to_bytes(good)}}};
  for (const auto& [code, answer] : cases) {
    world.in_the_way = [reply = answer](const std::string&) { return reply; };
    const VersionReport report = newest();
    ASSERT_TRUE(report.fault) << code;
    EXPECT_EQ(report.fault->code, code);
    EXPECT_TRUE(report.expires) << code;
    EXPECT_EQ(document(), good) << code;
  }
  Client client(*this, anchor());
  EXPECT_TRUE(client.cycle());
}

TEST_F(Republishing, APartThatIsNotWhatWasSignedIsNotPassedOn) {
  world.new_key();
  ASSERT_TRUE(round().good(now()));
  const std::string good = document();
  world.publish("Another name");
  world.in_the_way = [](const std::string& url) -> std::optional<Result<FetchedDocument>> {
    if (url.ends_with("shared-params.xml")) return FetchedDocument{200, to_bytes("<half")};
    return std::nullopt;
  };
  EXPECT_EQ(newest().fault->code, "global_conf_part_downloaded_file_integrity_failure");
  EXPECT_EQ(document(), good);
}

TEST_F(Republishing, WhatExpiredAtTheSourceIsNeverSigned) {
  world.new_key();
  world.publish("Agency", {}, now() - 11min);
  EXPECT_EQ(newest().fault->code, "global_conf_outdated");
  EXPECT_EQ(document(), "");
}

TEST_F(Republishing, VouchesForNothingLongerThanTheSource) {
  world.new_key();
  world.publish("Agency", {}, now() - 9min);
  const VersionReport report = newest();
  ASSERT_TRUE(report.expires);
  EXPECT_LE(*report.expires, now() + 1min);
}

TEST_F(Republishing, ClientsFollowANewKeyWithoutANewAnchor) {
  const std::string first = world.new_key();
  round();
  Client client(*this, anchor());
  ASSERT_TRUE(client.cycle());
  const std::string second = world.new_key(true);
  round();
  ASSERT_TRUE(client.cycle()) << "takes up the certificate of the second";
  auto instance = world.instance();
  auto connection = world.signer.connect();
  ASSERT_TRUE(activate_signing_key(instance, connection, second));
  round();
  auto cycle = client.cycle();
  ASSERT_TRUE(cycle) << cycle.error().text;
  ASSERT_TRUE(delete_signing_key(world.settings.instances, instance, connection, first));
  ASSERT_TRUE(round().good(now()));
  cycle = client.cycle();
  ASSERT_TRUE(cycle) << cycle.error().text;
}

TEST_F(Republishing, AnotherAnchorWithBothKeysTakesEither) {
  const std::string first = world.new_key(), second = world.new_key(true);
  round();
  Client client(*this, anchor());
  ASSERT_TRUE(client.cycle());
  auto instance = world.instance();
  auto connection = world.signer.connect();
  ASSERT_TRUE(activate_signing_key(instance, connection, second));
  round();
  Client late(*this, anchor());
  EXPECT_TRUE(client.cycle());
  EXPECT_TRUE(late.cycle());
}

TEST_F(Republishing, WithoutTheSignerTheLastOneStays) {
  world.new_key();
  ASSERT_TRUE(round().good(now()));
  const std::string good = document();
  world.signer.stop();
  EXPECT_TRUE(round().fault);
  EXPECT_EQ(document(), good);
  world.signer.start();
  EXPECT_TRUE(round().good(now()));
}

TEST_F(Republishing, AKeyThatCannotSignIsNamed) {
  EXPECT_EQ(round().fault->code, "malformed_configuration") << "no key at all";
  const std::string key = world.new_key();
  ASSERT_TRUE(world.signer.connect().logout("0"));
  EXPECT_EQ(round().fault->code, "key_not_available");
  ASSERT_TRUE(world.signer.connect().login("0", signer::kPin));
  ASSERT_TRUE(world.signer.connect().delete_key(key));
  EXPECT_EQ(round().fault->code, "key_not_found");
}

TEST_F(Republishing, WhatOwnReadersWouldRefuseIsNotPublished) {
  const std::string first = world.new_key();
  ASSERT_TRUE(round().good(now()));
  const std::string good = document();
  const std::string second = world.new_key();
  std::filesystem::copy_file(world.instance().certificate_file(second), world.instance().certificate_file(first),
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(newest().fault->code, "global_conf_signature_verification_failure");
  EXPECT_EQ(document(), good);
}

TEST_F(Republishing, WithoutAnAddressNoSourceIsMadeUp) {
  world.new_key();
  world.settings.address.clear();
  EXPECT_EQ(newest().fault->code, "malformed_configuration");
  EXPECT_EQ(document(), "");
}

TEST_F(Republishing, PartsAreMadeAnewOnlyWhenTheyChange) {
  world.new_key();
  const auto generations = [&] {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(world.settings.published / "PROXY1"))
      count += entry.is_directory() ? 1 : 0;
    return count;
  };
  round();
  const std::string first = document();
  round();
  EXPECT_EQ(generations(), 1U);
  EXPECT_NE(document(), first) << "but the directory is signed again";
  world.publish("Another name");
  round();
  EXPECT_EQ(generations(), 2U);
  world.new_key();
  round();
  EXPECT_EQ(generations(), 3U) << "with the certificate of the new key";
}

TEST_F(Republishing, AllowedPartnersArePassedOnAndCannotShortenTheTime) {
  globalconf::Site partner("FED", "cs.fed");
  ASSERT_TRUE(partner.publisher.publish(globalconf::sample_instance("FED")));
  world.fetcher.add(partner);
  world.publish("Agency", {partner.publisher.external_anchor()});
  world.settings.federations = globalconf::FederationFilter("all");
  world.new_key();
  ASSERT_TRUE(round().good(now()));
  Client client(*this, anchor(), {}, true);
  ASSERT_TRUE(client.cycle());
  EXPECT_NE(client.stored("FED/shared-params.xml"), "");
  EXPECT_NE(document().find("instance='FED'"), std::string::npos);

  partner.publisher.set_validity(2s);
  ASSERT_TRUE(partner.publisher.renew());
  const VersionReport report = newest();
  EXPECT_FALSE(report.fault);
  EXPECT_GT(*report.expires, now() + 5min);
  EXPECT_EQ(document().find("instance='FED'"), std::string::npos);
}

TEST_F(Republishing, GoesOnAfterARestart) {
  world.new_key();
  ASSERT_TRUE(round().good(now()));
  restart();
  EXPECT_TRUE(round().good(now()));
}

}  // namespace
}  // namespace causeway::configurationproxy
