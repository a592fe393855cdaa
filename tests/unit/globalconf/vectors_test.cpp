// SPDX-License-Identifier: MIT
// Configurations made by X-Road, each with the verdict of X-Road's own reader.
#include <gtest/gtest.h>

#include <filesystem>

#include "base/files.hpp"
#include "globalconf/anchor.hpp"
#include "globalconf/configuration_directory.hpp"
#include "globalconf/optional_parts.hpp"
#include "globalconf/private_parameters.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/view.hpp"
#include "support/locations.hpp"

namespace causeway::globalconf {
namespace {

constexpr const char* kCore = "lib/globalconf-core/src/test/resources";
constexpr const char* kClient = "service/configuration-client/configuration-client-core/src/test/resources";

TEST(XroadVectors, EveryStoredPartIsReadByTheVersionOfItsMetadata) {
  const auto root = testing::xroad_vectors();
  if (!root) GTEST_SKIP() << "no X-Road vectors here";
  std::size_t read = 0;
  for (const char* place : {kCore, kClient}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(*root / place)) {
      const std::string name = entry.path().filename().string();
      if (name != "shared-params.xml" && name != "private-params.xml") continue;
      // Written before the schema had its present form: X-Road's own tests only hash them.
      const bool known_bad = entry.path().string().find("globalconf_malformed") != std::string::npos;
      auto metadata = ConfigurationDirectory::metadata_of(entry.path());
      ASSERT_TRUE(metadata) << entry.path();
      const auto xml = read_file(entry.path());
      ASSERT_TRUE(xml);
      std::string fault;
      std::string instance;
      if (name == "shared-params.xml") {
        auto parameters = read_shared_parameters(*xml, metadata->version_number());
        if (!parameters) fault = parameters.error().text;
      } else {
        auto parameters = read_private_parameters(*xml, metadata->version_number());
        if (!parameters) fault = parameters.error().text;
      }
      EXPECT_EQ(fault.empty(), !known_bad) << entry.path() << ": " << fault;
      ++read;
    }
  }
  EXPECT_GT(read, 30U);
}

struct Directory {
  const char* name;
  bool readable;
  std::vector<std::string> instances;
};

TEST(XroadVectors, ConfigurationDirectoriesAreReadAsXroadReadsThem) {
  const auto root = testing::xroad_vectors();
  if (!root) GTEST_SKIP() << "no X-Road vectors here";
  const std::vector<Directory> directories = {
      {"globalconf_good_v2", true, {"EE", "bar", "foo"}},
      {"globalconf_good_v3", true, {"EE", "bar", "foo_v2"}},
      {"globalconf_good_v4", true, {"EE", "bar", "baz_v3", "foo_v2"}},
      {"globalconf_good_v5", true, {"EE", "bar", "baz_v3", "foo_v2", "qux_v4"}},
      {"globalconf_good_v6", true, {"EE", "bar", "baz_v3", "foo_v2", "quux_v5", "qux_v4"}},
      {"globalconf_good2_v3", true, {"DEV"}},
      {"globalconf_empty", false, {}},
      {"globalconf_malformed", false, {}},
      {"globalconf_missing_identifier", false, {}},
  };
  for (const Directory& directory : directories) {
    auto view = load_view((*root / kCore / directory.name).string());
    ASSERT_EQ(view.ok(), directory.readable) << directory.name << (view ? "" : ": " + view.error().text);
    if (!view) {
      EXPECT_EQ(view.error().code, "malformed_global_conf");
      continue;
    }
    EXPECT_EQ((*view)->instances(), directory.instances) << directory.name;
  }
}

TEST(XroadVectors, TheViewAnswersWhatTheFilesSay) {
  const auto root = testing::xroad_vectors();
  if (!root) GTEST_SKIP() << "no X-Road vectors here";
  for (const char* name : {"globalconf_good_v2", "globalconf_good_v3", "globalconf_good_v4", "globalconf_good_v6"}) {
    auto view = load_view((*root / kCore / name).string());
    ASSERT_TRUE(view) << view.error().text;
    const View& conf = **view;
    EXPECT_EQ(conf.own_instance(), "EE");
    EXPECT_TRUE(conf.check_valid(now()));
    const auto group_member = *ClientId::parse("SUBSYSTEM:EE/BUSINESS/member1/subsys");
    EXPECT_TRUE(conf.in_global_group({"EE", "Test group"}, group_member)) << name;
    EXPECT_FALSE(conf.in_global_group({"EE", "Test group"}, group_member.member())) << name;
    ASSERT_FALSE(conf.servers("EE").empty());
    for (const ServerEntry* server : conf.servers("EE")) EXPECT_TRUE(conf.serves(*server, server->id.owner()));
    EXPECT_EQ(conf.timestamping_interval(), std::chrono::seconds(123));
  }
}

TEST(XroadVectors, OptionalPartsHaveTheVerdictsOfTheirNames) {
  const auto root = testing::xroad_vectors();
  if (!root) GTEST_SKIP() << "no X-Road vectors here";
  const auto text = [&](const std::string& name) { return *read_file(*root / kCore / name); };
  EXPECT_EQ(*read_ocsp_fetch_interval(text("valid-fetchinterval-params.xml")), std::chrono::seconds(500));
  EXPECT_FALSE(read_ocsp_fetch_interval(text("invalid-fetchinterval-params.xml")));
  EXPECT_FALSE(read_ocsp_fetch_interval(text("empty-fetchinterval-params.xml")));
  EXPECT_FALSE(*read_verify_next_update(text("valid-nextupdate-params.xml")));
  EXPECT_FALSE(read_verify_next_update(text("invalid-nextupdate-params.xml")));
  EXPECT_FALSE(read_verify_next_update(text("empty-nextupdate-params.xml")));
  auto client = read_monitoring_client(text("valid-monitoring-params.xml"));
  ASSERT_TRUE(client);
  EXPECT_EQ((*client)->to_string(), "MEMBER:fdev/GOV/66655666");
  EXPECT_FALSE(read_monitoring_client(text("invalid-monitoring-params.xml")));
  auto nobody = read_monitoring_client(text("empty-monitoring-params.xml"));
  ASSERT_TRUE(nobody) << nobody.error().text;
  EXPECT_FALSE(nobody->has_value());
}

TEST(XroadVectors, AnchorsAreRead) {
  const auto root = testing::xroad_vectors();
  if (!root) GTEST_SKIP() << "no X-Road vectors here";
  const std::vector<std::pair<std::string, std::size_t>> anchors = {
      {std::string(kCore) + "/configuration-anchor1.xml", 3},
      {std::string(kCore) + "/configuration-anchor2.xml", 1},
      {std::string(kClient) + "/configuration-anchor1.xml", 3},
      {"tool/asic-verifier-cli/src/test/resources/configuration-anchor1.xml", 1},
      {"security-server/admin-service/application/src/test/resources/internal-configuration-anchor.xml", 1},
      {"service/configuration-proxy/configuration-proxy-application/src/test/resources/conf-proxy-conf/PROXY1/"
       "anchor.xml",
       1},
  };
  for (const auto& [file, sources] : anchors) {
    auto anchor = read_anchor(*read_file(*root / file));
    ASSERT_TRUE(anchor) << file << ": " << anchor.error().text;
    EXPECT_EQ(anchor->sources.size(), sources) << file;
    auto again = read_anchor(write_anchor(*anchor));
    ASSERT_TRUE(again) << again.error().text;
    EXPECT_EQ(again->sources.back().verification_certificates, anchor->sources.back().verification_certificates);
  }
}

}  // namespace
}  // namespace causeway::globalconf
