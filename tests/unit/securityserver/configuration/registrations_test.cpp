// SPDX-License-Identifier: MIT
#include "securityserver/configuration/registrations.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::securityserver {
namespace {

using enum ClientStatus;
using ::testing::HasSubstr;

ClientId id(std::string_view text) { return *ClientId::parse_rest(text); }

Client client_of(std::string_view name, ClientStatus configured = saved) {
  return {.id = id(name),
          .configured_status = configured,
          .information_system_certificates = {},
          .services = {},
          .rights = {},
          .local_groups = {}};
}

TEST(Registrations, HoldUntilTheAdministratorDecidesAnew) {
  Registrations noted;
  EXPECT_EQ(noted.status_of(client_of("EX/GOV/1/tax", disabled)), disabled) << "nothing is noted";
  noted.note(client_of("EX/GOV/1/tax"), disabling_in_progress);
  EXPECT_EQ(noted.status_of(client_of("EX/GOV/1/tax")), disabling_in_progress);
  EXPECT_EQ(noted.status_of(client_of("EX/GOV/1/tax", registered)), registered) << "another one in server.yaml";
  noted.note(client_of("EX/GOV/1/tax"), saved);
  EXPECT_EQ(noted, Registrations()) << "that is what server.yaml says itself";
}

TEST(Registrations, KeepNamesBesideStatuses) {
  Registrations noted;
  const Client tax = client_of("EX/GOV/1/tax");
  noted.note(tax, Renaming{"", "Taxes", false});
  EXPECT_EQ(noted.status_of(tax), saved);
  noted.note(tax, registration_in_progress);
  EXPECT_EQ(noted.find(tax)->renaming, (Renaming{"", "Taxes", false}));
  noted.note(tax, std::optional<Renaming>());
  EXPECT_EQ(noted.status_of(tax), registration_in_progress);
  noted.note(tax, saved);
  EXPECT_EQ(noted, Registrations());
}

class RegistrationsFile : public ::testing::Test {
 protected:
  void SetUp() override {
    write("server.yaml",
          "version: 1\nserver: EX/GOV/1/ss1\nclients:\n  - id: EX/GOV/1\n  - id: EX/GOV/2\n"
          "  - id: EX/GOV/2/x%2Fy\n    status: registered\n");
  }
  void write(const std::string& name, std::string_view text) {
    ASSERT_TRUE(write_file_atomically(directory_ / name, text).ok());
  }
  std::string complaint() {
    const auto loaded = load_configuration(file_);
    return loaded ? "" : loaded.error().text;
  }

  testing::TemporaryDirectory directory_;
  std::string file_ = directory_ / "server.yaml";
};

TEST_F(RegistrationsFile, ComesBackAsItWasWritten) {
  Registrations noted;
  EXPECT_EQ(*read_registrations(registrations_file(file_)), noted) << "there is none";
  noted.owner = OwnerChange{*ServerId::parse_rest("EX/GOV/1/ss%2F1"), id("EX/GOV/2")};
  noted.address = AddressChange{"", "ss2.example.org"};
  noted.maintenance = MaintenanceChange{true, "Back at noon"};
  noted.note(client_of("EX/GOV/2/x%2Fy", registered), disabled);
  noted.note(client_of("EX/GOV/2"), Renaming{"\"", "\xC3\xB5", true});
  write("registrations.json", to_json(noted));
  const auto read = read_registrations(registrations_file(file_));
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(*read, noted);
}

TEST_F(RegistrationsFile, GoesIntoTheConfiguration) {
  Registrations noted;
  noted.owner = OwnerChange{*ServerId::parse_rest("EX/GOV/1/ss1"), id("EX/GOV/2")};
  noted.note(client_of("EX/GOV/2/x%2Fy", registered), disabled);
  noted.note(client_of("EX/GOV/9"), disabled);
  write("registrations.json", to_json(noted));
  const auto loaded = load_configuration(file_);
  ASSERT_TRUE(loaded) << loaded.error().text;
  EXPECT_EQ((*loaded)->id.to_rest(), "EX/GOV/2/ss1");
  EXPECT_EQ((*loaded)->configured_id->to_rest(), "EX/GOV/1/ss1");
  EXPECT_EQ((*loaded)->find_client(id("EX/GOV/2/x%2Fy"))->status, disabled);
  EXPECT_EQ((*loaded)->find_client(id("EX/GOV/2/x%2Fy"))->configured_status, registered);
  EXPECT_EQ((*loaded)->find_client(id("EX/GOV/1"))->status, saved);
  EXPECT_EQ((*loaded)->find_client(id("EX/GOV/9")), nullptr);
  EXPECT_THAT(export_configuration(**loaded), HasSubstr("server: EX/GOV/1/ss1\n")) << "what the administrator decided";
}

TEST_F(RegistrationsFile, OfAnotherServerMeansNothing) {
  Registrations noted;
  noted.owner = OwnerChange{*ServerId::parse_rest("EX/GOV/1/before"), id("EX/GOV/2")};
  write("registrations.json", to_json(noted));
  EXPECT_EQ((*load_configuration(file_))->id.to_rest(), "EX/GOV/1/ss1");
}

TEST_F(RegistrationsFile, NamesAnOwnerThatIsNoClient) {
  Registrations noted;
  noted.owner = OwnerChange{*ServerId::parse_rest("EX/GOV/1/ss1"), id("EX/GOV/3")};
  write("registrations.json", to_json(noted));
  EXPECT_THAT(complaint(), HasSubstr("add '- id: EX/GOV/3'"));
}

TEST_F(RegistrationsFile, IsRefusedWhenItIsBroken) {
  for (const std::string text :
       {"", "{", "[]", "{}", R"({"version":2,"clients":[]})", R"({"version":1})", R"({"version":1,"clients":[{}]})",
        R"({"version":1,"clients":[{"id":"EX/GOV/1","configured":"saved","status":"fine"}]})",
        R"({"version":1,"clients":[{"id":"EX","configured":"saved","status":"saved"}]})",
        R"({"version":1,"owner":{"configured":"EX/GOV/1/ss1","owner":""},"clients":[]})",
        R"({"version":1,"address":"","clients":[]})", R"({"version":1,"maintenance":{"begins":1},"clients":[]})",
        R"({"version":1,"clients":[{"id":"EX/GOV/1","configured":"saved","status":"saved","renaming":{}}]})"}) {
    write("registrations.json", text);
    EXPECT_THAT(complaint(), HasSubstr("registrations.json")) << text;
  }
}

TEST_F(RegistrationsFile, IsLookedAfterFromTheFirstMomentOn) {
  const auto holder = *ConfigurationHolder::open(file_, std::chrono::milliseconds(0));
  EXPECT_FALSE(holder->reload_if_changed());
  Registrations noted;
  noted.note(client_of("EX/GOV/2"), disabled);
  write("registrations.json", to_json(noted));
  EXPECT_TRUE(holder->reload_if_changed());
  EXPECT_EQ(holder->current()->find_client(id("EX/GOV/2"))->status, disabled);
  write("registrations.json", "broken");
  EXPECT_FALSE(holder->keep_up());
  EXPECT_FALSE(holder->keep_up()) << "and still is";
  EXPECT_EQ(holder->current()->find_client(id("EX/GOV/2"))->status, disabled);
  std::filesystem::remove(directory_ / "registrations.json");
  EXPECT_TRUE(holder->keep_up());
  EXPECT_EQ(holder->current()->find_client(id("EX/GOV/2"))->status, saved);
}

}  // namespace
}  // namespace causeway::securityserver
