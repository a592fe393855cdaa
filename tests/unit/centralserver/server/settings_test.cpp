// SPDX-License-Identifier: MIT
#include "centralserver/server/settings.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::centralserver {
namespace {

class CentralServerSettingsTest : public ::testing::Test {
 protected:
  Result<CentralServerSettings> with(const std::string& lines) const {
    const auto file = directory.path() / "conf.d" / "local.ini";
    EXPECT_TRUE(make_directories(file.parent_path()));
    EXPECT_TRUE(write_file_atomically(file, lines));
    return CentralServerSettings::load(directory.path());
  }
  const testing::TemporaryDirectory directory;
};

TEST_F(CentralServerSettingsTest, HaveXRoadsDefaults) {
  const auto settings = CentralServerSettings::load(directory.path());
  ASSERT_TRUE(settings) << settings.error().text;
  EXPECT_EQ(settings->admin.port, 4000);
  EXPECT_EQ(settings->admin.rate.per_second, 20U);
  EXPECT_TRUE(settings->admin.callers.contains("192.0.2.1"));
  EXPECT_TRUE(settings->admin.key_managers.contains("127.0.0.1"));
  EXPECT_FALSE(settings->admin.key_managers.contains("192.0.2.1"));
  EXPECT_EQ(settings->publishing.port, 80);
  EXPECT_EQ(settings->publishing.tls_port, 443);
  EXPECT_EQ(settings->publishing.oldest_version, 2);
  EXPECT_EQ(settings->publishing.interval, std::chrono::seconds(60));
  EXPECT_EQ(settings->management.registration_port, 4001);
  EXPECT_EQ(settings->management.management_port, 4002);
  EXPECT_EQ(settings->management.registration_rate.per_minute, 10U);
  EXPECT_EQ(settings->node, "node_0");
  EXPECT_EQ(settings->database, "central-server.db");
  EXPECT_TRUE(settings->internal_keys_are_rsa && settings->external_keys_are_rsa);
  EXPECT_EQ(settings->admin.groups_by_role.at("XROAD_SECURITY_OFFICER"),
            (std::vector<std::string>{"xroad-security-officer"}));
}

TEST_F(CentralServerSettingsTest, AreTakenFromTheFile) {
  const auto settings = with(
      "[admin-service]\nlisten-port = 14000\nallowed-hostnames = cs.example.org, localhost\n"
      "rate-limit-requests-per-minute = 5\nexternal-key-algorithm = EC\n"
      "global-configuration-generation-rate-in-seconds = 5\n"
      "[admin-service.complementary-user-role-mappings]\nXROAD_SECURITY_OFFICER = admins, staff\n"
      "[center]\nlisten-port = 8080\nlisten-tls-port = 8443\npublic-tls-port = 443\nha-node-name = north\n"
      "database = postgresql://u@h/d\nminimum-global-configuration-version = 3\ntrusted-anchors-allowed = false\n"
      "[registration-service]\nlisten-port = 14001\n"
      "[management-service]\nlisten-port = 14002\npublic-port = 24002\n"
      "[signer]\nenforce-token-pin-policy = true\n");
  ASSERT_TRUE(settings) << settings.error().text;
  EXPECT_EQ(settings->admin.port, 14000);
  EXPECT_EQ(settings->admin.allowed_hostnames, (std::vector<std::string>{"cs.example.org", "localhost"}));
  EXPECT_EQ(settings->admin.rate.per_minute, 5U);
  EXPECT_EQ(settings->admin.groups_by_role.at("XROAD_SECURITY_OFFICER"),
            (std::vector<std::string>{"admins", "staff", "xroad-security-officer"}));
  EXPECT_EQ(settings->publishing.public_ports.http, 8080) << "as it listens, unless it is said";
  EXPECT_EQ(settings->publishing.public_ports.https, 443);
  EXPECT_EQ(settings->publishing.public_ports.registration, 14001);
  EXPECT_EQ(settings->publishing.public_ports.management, 24002);
  EXPECT_EQ(settings->publishing.oldest_version, 3);
  EXPECT_EQ(settings->publishing.interval, std::chrono::seconds(5));
  EXPECT_EQ(settings->node, "north");
  EXPECT_EQ(settings->database, "postgresql://u@h/d");
  EXPECT_TRUE(settings->internal_keys_are_rsa && !settings->external_keys_are_rsa);
  EXPECT_TRUE(settings->enforces_pin_policy);
  EXPECT_FALSE(settings->trusts_other_instances);
}

TEST_F(CentralServerSettingsTest, LimitsCanBeLifted) {
  const auto settings = with("[admin-service]\nrate-limit-enabled = false\n");
  EXPECT_EQ(settings->admin.rate.per_second, 0U);
  EXPECT_EQ(settings->admin.rate.per_minute, 0U);
}

TEST_F(CentralServerSettingsTest, WhatIsWrongIsNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"[admin-service]\nlisten-port = 0\n", "admin-service.listen-port"},
      {"[center]\nlisten-tls-port = 70000\n", "center.listen-tls-port"},
      {"[center]\npublic-port = -1\n", "center.public-port"},
      {"[center]\nha-node-name =\n", "center.ha-node-name"},
      {"[center]\nminimum-global-configuration-version = 7\n", "center.minimum-global-configuration-version"},
      {"[admin-service]\ninternal-key-algorithm = DSA\n", "admin-service.internal-key-algorithm"},
      {"[admin-service]\nregular-api-whitelist = everybody\n", "admin-service.regular-api-whitelist"},
      {"[admin-service]\nrate-limit-requests-per-second = -1\n", "admin-service.rate-limit-requests-per-second"}};
  for (const auto& [lines, name] : cases) {
    const auto settings = with(lines);
    ASSERT_FALSE(settings) << lines;
    EXPECT_EQ(settings.error().code, "malformed_configuration") << lines;
    EXPECT_NE(settings.error().text.find(name), std::string::npos) << settings.error().text;
  }
}

TEST_F(CentralServerSettingsTest, TheManagementServicesHaveTheirOwn) {
  const auto settings = with(
      "[registration-service]\nlisten-port = 5001\nrate-limit-requests-per-minute = 7\n"
      "[management-service]\nlisten-port = 5002\nlisten-address = ::1\nrate-limit-enabled = false\n");
  ASSERT_TRUE(settings) << settings.error().text;
  EXPECT_EQ(settings->management.address, "::1");
  EXPECT_EQ(settings->management.registration_port, 5001);
  EXPECT_EQ(settings->management.management_port, 5002);
  EXPECT_EQ(settings->management.registration_rate.per_minute, 7U);
  EXPECT_EQ(settings->management.management_rate.per_minute, 0U);
  EXPECT_EQ(with("[management-service]\nlisten-port = 70000\n").error().code, "malformed_configuration");
}

}  // namespace
}  // namespace causeway::centralserver
