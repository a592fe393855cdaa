// SPDX-License-Identifier: MIT
// From a registry and a signer to what is published, read as its readers do.
#include "centralserver/configuration/generator.hpp"

#include "globalconf/directory_file.hpp"
#include "unit/centralserver/configuration/generator_fixture.hpp"

namespace causeway::centralserver {
namespace {

namespace fs = std::filesystem;
using globalconf::client_id;
using std::chrono::minutes;
using std::chrono::seconds;

TEST_F(GeneratorTest, HasNothingToSayBeforeTheServerIsInitialised) {
  const auto status = generator().run_round(registry);
  EXPECT_FALSE(status.attempted);
  EXPECT_FALSE(fs::exists(root.path() / "public"));
}

TEST_F(GeneratorTest, PublishesEveryVersionOfBothSources) {
  fill();
  add_key(SourceType::internal, true);
  add_key(SourceType::external);
  const auto status = generator().run_round(registry);
  EXPECT_TRUE(status.good()) << to_json(status);
  ASSERT_EQ(status.versions.size(), globalconf::kVersions.size());
  for (const VersionStatus& version : status.versions) {
    const auto internal = published(version.version), external = published(version.version, SourceType::external);
    ASSERT_TRUE(internal && external) << version.version;
    EXPECT_EQ(internal->version_number(), version.version);
    EXPECT_EQ(internal->parts.size(), 2U);
    EXPECT_EQ(external->parts.size(), 1U);
    EXPECT_EQ(internal->expires, version.internal_expires);
    EXPECT_TRUE(globalconf::read_shared_parameters(shared_parameters(version.version), version.version));
  }
  EXPECT_NE(shared_parameters(6).find("<address>cs.example.org</address>"), std::string::npos);
}

TEST_F(GeneratorTest, WhoHasNoPartnersNeedsNoExternalKey) {
  fill();
  add_key(SourceType::internal);
  const auto status = generator(6).run_round(registry);
  EXPECT_TRUE(status.good()) << to_json(status);
  EXPECT_TRUE(published(6));
  EXPECT_FALSE(fs::exists(file(6, SourceType::external)));
}

TEST_F(GeneratorTest, PartsAreMadeAnewOnlyWhenSomethingChanged) {
  fill();
  add_key(SourceType::internal);
  auto maker = generator(6);
  const TimePoint start = now();
  const auto first = maker.run_round(registry, start), second = maker.run_round(registry, start + seconds(60));
  EXPECT_EQ(first.versions.at(0).parts, second.versions.at(0).parts);
  EXPECT_GT(*second.versions.at(0).internal_expires, *first.versions.at(0).internal_expires);
  change([](Change& c) { return rename_member(c, client_id("DEV/GOV/1"), "Renamed"); });
  const auto third = maker.run_round(registry, start + seconds(120));
  EXPECT_NE(third.versions.at(0).parts, second.versions.at(0).parts);
  EXPECT_NE(shared_parameters(6).find("Renamed"), std::string::npos);
}

TEST_F(GeneratorTest, SaysWhatIsMissing) {
  change([](Change& c) { return initialize(c, "DEV", "cs.example.org"); });
  auto maker = generator(6);
  EXPECT_EQ(maker.run_round(registry).fault->code, "no_configuration_signing_keys_configured");
  add_key(SourceType::internal);
  const auto status = maker.run_round(registry);
  EXPECT_FALSE(status.fault) << "of the source";
  EXPECT_EQ(status.versions.at(0).fault->code, "management_service_provider_not_set");
  EXPECT_TRUE(status.failing_since && !status.succeeded);
}

TEST_F(GeneratorTest, WithoutTheTokenTheLastOneStaysUntilItsTimeIsUp) {
  fill();
  add_key(SourceType::internal);
  auto maker = generator(6);
  const TimePoint start = now() - minutes(20);
  ASSERT_TRUE(maker.run_round(registry, start).good());
  ASSERT_TRUE(signer.connect().logout("0"));
  auto status = maker.run_round(registry, start + minutes(1));
  EXPECT_EQ(status.fault->code, "key_not_available");
  EXPECT_EQ(status.failing_since, start + minutes(1));
  EXPECT_EQ(status.succeeded, start);
  EXPECT_TRUE(fs::exists(file(6)));
  status = maker.run_round(registry, start + minutes(10));
  EXPECT_FALSE(fs::exists(file(6))) << "it has expired";
  EXPECT_EQ(status.failing_since, start + minutes(1));
  EXPECT_FALSE(status.versions.at(0).internal_expires);
  ASSERT_TRUE(signer.connect().login("0", signer::kPin));
  EXPECT_TRUE(maker.run_round(registry, start + minutes(11)).good());
  EXPECT_TRUE(fs::exists(file(6)));
}

TEST_F(GeneratorTest, WithoutTheSignerAsWell) {
  fill();
  add_key(SourceType::internal);
  auto maker = generator(6);
  ASSERT_TRUE(maker.run_round(registry).good());
  signer.stop();
  EXPECT_EQ(maker.run_round(registry).fault->code, "io_error");
  EXPECT_TRUE(published(6)) << "what was published stays";
}

TEST_F(GeneratorTest, OneVersionThatCannotBeMadeStopsNoOther) {
  fill();
  add_key(SourceType::internal);
  // Nothing can be written for version 4.
  ASSERT_TRUE(make_directories(root.path() / "public"));
  ASSERT_TRUE(write_file_atomically(root.path() / "public" / "V4", "in the way"));
  const auto status = generator().run_round(registry);
  EXPECT_FALSE(status.good());
  for (const VersionStatus& version : status.versions) {
    EXPECT_EQ(version.fault.has_value(), version.version == 4);
    EXPECT_EQ(published(version.version).ok(), version.version != 4);
  }
}

TEST_F(GeneratorTest, AnotherKeyTakesOverWithoutANewAnchor) {
  fill();
  const std::string first = add_key(SourceType::internal);
  const auto old_certificate = signing_key(registry, first)->certificate;
  const std::string second = add_key(SourceType::internal, true);
  auto maker = generator(6);
  ASSERT_TRUE(maker.run_round(registry).good());
  const auto new_certificate = signing_key(registry, second)->certificate;
  const auto parameters = globalconf::read_shared_parameters(shared_parameters(6), 6);
  ASSERT_TRUE(parameters);
  EXPECT_EQ(parameters->sources.at(0).internal_verification_certificates,
            (std::vector<Bytes>{old_certificate.der(), new_certificate.der()}));
  const auto signed_by = [&](const pki::Certificate& certificate) {
    const std::array certificates{certificate.der()};
    return globalconf::open_signed_directory(*read_file(file(6)), certificates, now()).ok();
  };
  EXPECT_TRUE(signed_by(old_certificate) && !signed_by(new_certificate));
  change([&](Change& c) { return activate_signing_key(c, second); });
  ASSERT_TRUE(maker.run_round(registry).good());
  EXPECT_TRUE(signed_by(new_certificate) && !signed_by(old_certificate));
}

TEST_F(GeneratorTest, TellsTheCertificateOfTheRegistrationService) {
  fill();
  add_key(SourceType::internal);
  auto maker = generator(6);
  ASSERT_TRUE(maker.run_round(registry).good());
  const auto certificate = globalconf::sample_pki().first_auth;
  ASSERT_TRUE(write_file_atomically(root.path() / "registration.crt", certificate.to_pem()));
  ASSERT_TRUE(maker.run_round(registry).good());
  const auto parameters = globalconf::read_private_parameters(
      *read_file(root.path() / "public" / published(6)->parts.at(1).location.substr(1)), 6);
  EXPECT_EQ(parameters->management.registration_tls_cert, certificate.der());
  ASSERT_TRUE(write_file_atomically(root.path() / "registration.crt", "garbage"));
  EXPECT_TRUE(maker.run_round(registry).fault);
}

}  // namespace
}  // namespace causeway::centralserver
