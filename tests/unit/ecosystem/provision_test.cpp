// SPDX-License-Identifier: MIT
#include "ecosystem/provision.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/files.hpp"
#include "base/parameters.hpp"
#include "ecosystem/central.hpp"
#include "ecosystem/trust_services.hpp"
#include "globalconf/anchor.hpp"
#include "pki/certificate_profile.hpp"
#include "securityserver/configuration/server_configuration.hpp"
#include "signer/token_manager.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::ecosystem {
namespace {

// Made once: keys take a moment.
class ProvisionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new testing::TemporaryDirectory;
    const Plan plan = make_plan(true);
    const Layout layout(directory_->path());
    const auto made = make_keys(plan, layout, KeyKind::p256, CentreKind::planned);
    ASSERT_TRUE(made) << made.error().text;
    const auto anchors = write_anchors(plan, ports_from(20000, plan), layout);
    ASSERT_TRUE(anchors) << anchors.error().text;
    const auto written = write_configurations(plan, ports_from(20000, plan), layout);
    ASSERT_TRUE(written) << written.error().text;
  }
  static void TearDownTestSuite() { delete directory_; }

  static testing::TemporaryDirectory* directory_;
  const Plan plan_ = make_plan(true);
  const Layout layout_{directory_->path()};
};
testing::TemporaryDirectory* ProvisionTest::directory_ = nullptr;

TEST_F(ProvisionTest, GivesEveryServerCertificatesThatNameItsOwner) {
  for (const PlannedInstance& instance : plan_.instances) {
    const auto profile = pki::CertificateProfile::from_class(instance.profile);
    ASSERT_TRUE(profile);
    for (const PlannedServer* server : instance.servers()) {
      const auto tokens = signer::TokenManager::open({.directory = layout_.server(instance, *server) / "signer",
                                                      .parameters = {},
                                                      .check_chain = {},
                                                      .check_revocation = {}});
      ASSERT_TRUE(tokens);
      int active_signing = 0, authentication = 0;
      for (const auto& key : (*tokens)->tokens()->front().keys) {
        const auto& certificate = key.certificates.at(0);
        EXPECT_EQ(certificate.status, signer::kStatusRegistered);
        if (key.usage == signer::KeyUsage::authentication) {
          ++authentication;
          EXPECT_TRUE(certificate.active);
          EXPECT_TRUE(certificate.certificate.is_authentication());
          continue;
        }
        active_signing += certificate.active ? 1 : 0;
        EXPECT_TRUE(certificate.certificate.is_signing());
        const auto member = profile->member_of(certificate.certificate, instance.id);
        ASSERT_TRUE(member) << member.error().text;
        EXPECT_EQ(*member, server->id.owner());
      }
      EXPECT_EQ(active_signing, 1);
      EXPECT_EQ(authentication, 1);
    }
  }
}

TEST_F(ProvisionTest, WritesServerConfigurationsThatCanBeLoaded) {
  for (const PlannedInstance& instance : plan_.instances) {
    for (const PlannedServer* server : instance.servers()) {
      const auto loaded = securityserver::load_configuration(layout_.server(instance, *server) / "server.yaml");
      ASSERT_TRUE(loaded) << loaded.error().text;
      EXPECT_EQ((*loaded)->id, server->id);
      // The owner and its subsystems.
      EXPECT_EQ((*loaded)->clients.size(), server->clients.size() + 1);
    }
  }
}

TEST_F(ProvisionTest, KeepsKeysPrivate) {
  using std::filesystem::perms;
  for (const PlannedInstance& instance : plan_.instances) {
    for (const auto& file : {layout_.app_key(instance), layout_.central(instance) / "internal-signing.key",
                             layout_.server(instance, instance.consumer) / "signer" / "autologin"}) {
      EXPECT_EQ(std::filesystem::status(file).permissions() & (perms::group_all | perms::others_all), perms::none)
          << file;
    }
  }
}

TEST_F(ProvisionTest, ParametersOfTheCallerStandOverThoseOfTheEcosystem) {
  const auto size_limit = [this] {
    const auto parameters =
        Parameters::load(layout_.server(plan_.instances[0], plan_.instances[0].consumer) / "conf.d");
    return parameters ? parameters->number("message-log.max-loggable-message-body-size", 0) : -1;
  };
  const Ports ports = ports_from(20000, plan_);
  ASSERT_TRUE(write_configurations(plan_, ports, layout_, {}, {"message-log.max-loggable-message-body-size=7"}).ok());
  EXPECT_EQ(size_limit(), 7);
  for (const std::string text : {"proxy", "proxy.a", "a=b.c", ".a=b", "proxy.=b", "proxy.a=b\n[signer]"}) {
    const auto refused = write_configurations(plan_, ports, layout_, {}, {text});
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code, "bad_request");
  }
  ASSERT_TRUE(write_configurations(plan_, ports, layout_).ok());
  EXPECT_GT(size_limit(), 7);
}

TEST(KeyKind, IsKnownByName) {
  EXPECT_EQ(key_kind_from("rsa3072"), KeyKind::rsa3072);
  EXPECT_EQ(key_kind_from("p256"), KeyKind::p256);
  EXPECT_FALSE(key_kind_from("rsa"));
}

TEST_F(ProvisionTest, AnchorsLeadToTheChosenPorts) {
  const Ports ports = ports_from(20000, plan_);
  for (std::size_t i = 0; i < plan_.instances.size(); ++i) {
    const auto text = read_file(internal_anchor_file(layout_, plan_.instances[i]));
    ASSERT_TRUE(text);
    const auto anchor = globalconf::read_anchor(*text);
    ASSERT_TRUE(anchor);
    EXPECT_EQ(anchor->instance, plan_.instances[i].id);
    std::set<std::string> urls;
    for (const auto& source : anchor->sources) urls.insert(source.download_url);
    EXPECT_TRUE(urls.contains("http://" + source_address(ports.instances[i]) + "/internalconf"));
  }
}

}  // namespace
}  // namespace causeway::ecosystem
