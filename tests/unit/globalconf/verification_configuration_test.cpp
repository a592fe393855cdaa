// SPDX-License-Identifier: MIT
#include "globalconf/verification_configuration.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "evidence/zip_reader.hpp"
#include "globalconf/description.hpp"
#include "globalconf/instance.hpp"
#include "support/temporary_directory.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::globalconf {
namespace {

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

class VerificationConfigurations : public ::testing::Test {
 protected:
  VerificationConfigurations() { EXPECT_TRUE(directory.save_own_instance("DEV")); }

  void store(const std::string& instance, int version, TimePoint expires) {
    auto shared = *shared_parameters_of(sample_instance(instance), version);
    shared.sources = {{"cs", {}, {}}};
    const PartMetadata metadata{"SHARED-PARAMETERS", instance, expires, {}, {}, std::to_string(version)};
    EXPECT_TRUE(directory.save(directory.file(instance, kSharedParametersFile),
                               write_shared_parameters(shared, version), metadata));
  }
  std::string given_out() const {
    Bytes file;
    const auto written = write_verification_configuration(directory, kNoon, evidence::append_to(file));
    EXPECT_TRUE(written) << written.error().text;
    return to_text(file);
  }

  testing::TemporaryDirectory folder;
  ConfigurationDirectory directory{folder / "globalconf"};
};

TEST_F(VerificationConfigurations, HoldTheSharedParametersOfEveryInstanceAndNothingPrivate) {
  store("DEV", 6, now() + std::chrono::hours(1));
  store("TEST", 3, now() - std::chrono::hours(1));
  EXPECT_TRUE(directory.save(directory.file("DEV", kPrivateParametersFile), "<secret/>", {}));
  ASSERT_TRUE(make_directories(directory.folder("EMPTY")));
  const std::string file = given_out();
  const auto zip = evidence::ZipReader::open(as_bytes(file));
  ASSERT_TRUE(zip) << zip.error().text;
  std::vector<std::string> names;
  for (const auto& entry : zip->entries()) names.push_back(entry.name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "verificationconf/DEV/shared-params.xml", "verificationconf/DEV/shared-params.xml.metadata",
                       "verificationconf/TEST/shared-params.xml", "verificationconf/TEST/shared-params.xml.metadata",
                       "verificationconf/instance-identifier"}));
  const auto text = [&](const char* name) { return to_text(*zip->read_all(*zip->find(name), 1 << 20)); };
  EXPECT_EQ(text("verificationconf/instance-identifier"), "DEV");
  EXPECT_EQ(text("verificationconf/TEST/shared-params.xml.metadata"), R"({"configurationVersion":"3"})");
  EXPECT_EQ(text("verificationconf/DEV/shared-params.xml"), *read_file(directory.file("DEV", kSharedParametersFile)));
}

TEST_F(VerificationConfigurations, AreReadAsTheyAreGivenOut) {
  store("DEV", 6, now() + std::chrono::hours(1));
  store("TEST", 3, now() - std::chrono::hours(1));
  ASSERT_TRUE(write_file_atomically(folder / "conf.zip", given_out()));
  const auto read = VerificationConfiguration::read(folder / "conf.zip");
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->view().own_instance(), "DEV");
  EXPECT_TRUE(read->view().has_instance("TEST"));
  EXPECT_EQ(read->view().version_of("TEST"), 3);
  EXPECT_FALSE(read->trust().timestamp_authorities.empty());
}

TEST_F(VerificationConfigurations, AreNotMadeOfNothing) {
  const ConfigurationDirectory nothing(folder / "nowhere");
  Bytes file;
  EXPECT_EQ(write_verification_configuration(nothing, kNoon, evidence::append_to(file)).error().code, "io_error");
}

}  // namespace
}  // namespace causeway::globalconf
