// SPDX-License-Identifier: MIT
#include "configurationproxy/instance_configuration.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::configurationproxy {
namespace {

using ::testing::ElementsAre;
using Names = std::vector<std::string>;

class Instance : public ::testing::Test {
 protected:
  Result<InstanceConfiguration> with(const std::string& text) const {
    EXPECT_TRUE(make_directories(folder.path() / "PROXY1"));
    EXPECT_TRUE(write_file_atomically(folder.path() / "PROXY1" / "conf.ini", text));
    return InstanceConfiguration::load(folder.path(), "PROXY1");
  }
  std::string file() const { return *read_file(folder.path() / "PROXY1" / "conf.ini"); }
  const testing::TemporaryDirectory folder;
};

TEST_F(Instance, IsCreatedOnceWithTenMinutesOfValidity) {
  ASSERT_TRUE(InstanceConfiguration::create(folder.path(), "PROXY1"));
  const auto instance = InstanceConfiguration::load(folder.path(), "PROXY1");
  ASSERT_TRUE(instance) << instance.error().text;
  EXPECT_EQ(*instance->validity(), std::chrono::seconds(600));
  EXPECT_EQ(instance->active_key(), std::nullopt);
  EXPECT_EQ(InstanceConfiguration::create(folder.path(), "PROXY1").error().code, "bad_request");
  EXPECT_EQ(*InstanceConfiguration::names(folder.path()), Names{"PROXY1"});
}

TEST_F(Instance, NameLeadsNowhereElse) {
  for (const char* name : {"", ".", "..", ".hidden", "a/b", "a b", "a\n", "ä"}) {
    EXPECT_EQ(InstanceConfiguration::create(folder.path(), name).error().code, "bad_request") << name;
    EXPECT_FALSE(InstanceConfiguration::is_name(name)) << name;
  }
  EXPECT_FALSE(InstanceConfiguration::is_name(std::string(65, 'a')));
  EXPECT_EQ(InstanceConfiguration::load(folder.path(), "PROXY2").error().code, "not_found");
}

TEST_F(Instance, IsReadAsXRoadWritesIt) {
  const auto instance = with(
      "validity-interval-seconds = 300\nactive-signing-key-id = BB\nsigning-key-id-1 = AA\nsigning-key-id-2 = BB\n");
  ASSERT_TRUE(instance) << instance.error().text;
  EXPECT_EQ(*instance->validity(), std::chrono::seconds(300));
  EXPECT_EQ(instance->active_key(), "BB");
  EXPECT_THAT(instance->keys(), ElementsAre("BB", "AA"));
  EXPECT_EQ(instance->certificate_file("AA"), folder.path() / "PROXY1" / "cert_AA.pem");
}

TEST_F(Instance, KeepsWhatItDoesNotKnow) {
  auto instance = with("# ours\nvalidity-interval-seconds = 300\nother = 1\nsigning-key-id-2 = BB\n[section]\nx = y\n");
  ASSERT_TRUE(instance) << instance.error().text;
  instance->add_key("CC");
  instance->remove_key("BB");
  ASSERT_TRUE(instance->save());
  EXPECT_EQ(file(),
            "# ours\nvalidity-interval-seconds = 300\nother = 1\nsigning-key-id-1 = CC\nactive-signing-key-id = CC\n"
            "[section]\nx = y\n");
  const auto again = InstanceConfiguration::load(folder.path(), "PROXY1");
  ASSERT_TRUE(again);
  EXPECT_THAT(again->keys(), ElementsAre("CC"));
}

TEST_F(Instance, TheFirstKeySignsAndLaterOnesWait) {
  auto instance = with("");
  instance->add_key("AA");
  instance->add_key("BB");
  EXPECT_EQ(instance->active_key(), "AA");
  instance->activate_key("BB");
  ASSERT_TRUE(instance->save());
  EXPECT_EQ(file(), "signing-key-id-1 = AA\nactive-signing-key-id = BB\nsigning-key-id-2 = BB\n");
}

TEST_F(Instance, RemovesNoOtherValueThatLooksLikeTheKey) {
  auto instance = with("validity-interval-seconds = 600\nsigning-key-id-1 = 600\n");
  instance->remove_key("600");
  ASSERT_TRUE(instance->save());
  EXPECT_EQ(file(), "validity-interval-seconds = 600\n");
}

TEST_F(Instance, WithoutAValidityNothingMayBeSigned) {
  for (const char* text :
       {"", "validity-interval-seconds = -1", "validity-interval-seconds = 0", "validity-interval-seconds = 10m",
        "validity-interval-seconds = 99999999999", "[x]\nvalidity-interval-seconds = 600"}) {
    const auto instance = with(text);
    ASSERT_TRUE(instance) << text;
    EXPECT_EQ(instance->validity().error().code, "malformed_configuration") << text;
  }
}

TEST_F(Instance, DoubtfulOnesAreRefused) {
  for (const char* text : {"active-signing-key-id = A\nactive-signing-key-id = B\n", "signing-key-id-1 = ../../x\n",
                           "active-signing-key-id =\n", "no value\n"}) {
    const auto instance = with(text);
    ASSERT_FALSE(instance) << text;
    EXPECT_EQ(instance.error().code, "malformed_configuration") << text;
  }
}

TEST_F(Instance, SaysWhatItsAnchorAndCertificatesLack) {
  const auto instance = with("signing-key-id-1 = AA\n");
  EXPECT_EQ(instance->source_anchor().error().code, "anchor_file_not_found");
  ASSERT_TRUE(write_file_atomically(instance->anchor_file(), "<x/>"));
  EXPECT_EQ(instance->source_anchor().error().code, "malformed_anchor");
  EXPECT_EQ(instance->source_anchor_hash().error().code, "malformed_anchor");
  EXPECT_EQ(instance->certificate("AA").error().code, "cert_not_found");
  ASSERT_TRUE(write_file_atomically(instance->certificate_file("AA"), "garbage"));
  EXPECT_EQ(instance->certificate("AA").error().code, "cert_not_found");
}

}  // namespace
}  // namespace causeway::configurationproxy
