// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "country/country_writer.hpp"
#include "unit/country/sample_country.hpp"
#include "unit/globalconf/samples.hpp"

namespace causeway::country {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

Result<std::string> no_files(const std::string& path) { return Fault{"io_error", path + ": no such file"}; }

std::string complaint(const std::string& text) {
  const auto read = read_country(text, "c.yaml", no_files);
  if (read) return "";
  EXPECT_EQ(read.error().code, kMalformed);
  return read.error().text;
}

// What stands behind the version and the instance.
std::string behind(const std::string& text) { return complaint("version: 1\ninstance: EX\n" + text); }

TEST(CountryFile, WhatIsWrittenIsReadBack) {
  const Country country = sample_country();
  const auto again = read_again(country);
  ASSERT_TRUE(again) << again.error().text;
  const WrittenCountry first = write_country(country, {}), second = write_country(*again, {});
  EXPECT_EQ(first.yaml, second.yaml);
  EXPECT_EQ(first.attached, second.attached);
  EXPECT_EQ(again->members->at(client("GOV/1234")).subsystems.at("tax"), "");
  EXPECT_EQ(again->certification_services->front().settings, country.certification_services->front().settings);
  EXPECT_EQ(again->certification_services->front().intermediates.front().ocsp_responders.front().cost, "UNDEFINED");
}

TEST(CountryFile, EmptySectionsAreSectionsAndMissingOnesAreNot) {
  Country empty;
  empty.instance = "EX";
  const auto none = read_again(empty);
  ASSERT_TRUE(none) << none.error().text;
  EXPECT_FALSE(none->members || none->member_classes || none->global_groups || none->certification_services ||
               none->timestamping_services || none->trusted_anchors || none->configuration_parts);
  empty.members.emplace();
  empty.member_classes.emplace();
  empty.global_groups.emplace();
  empty.certification_services.emplace();
  empty.timestamping_services.emplace();
  empty.trusted_anchors.emplace();
  empty.configuration_parts.emplace();
  const auto all = read_again(empty);
  ASSERT_TRUE(all) << all.error().text;
  EXPECT_TRUE(all->members && all->member_classes && all->global_groups && all->certification_services &&
              all->timestamping_services && all->trusted_anchors && all->configuration_parts);
}

TEST(CountryFile, CertificatesStandInItOrBesideItOrAreKnownByTheirDigest) {
  const pki::Certificate& tsa = globalconf::sample_pki().tsa;
  std::string lines;
  for (const char c : "\n" + tsa.to_pem()) lines += c == '\n' ? std::string("\n      ") : std::string(1, c);
  const std::string head = "version: 1\ninstance: EX\ntimestamping_services:\n  - url: http://a/\n    certificate: ";
  const auto within = read_country(head + "|" + lines, "c.yaml", no_files);
  ASSERT_TRUE(within) << within.error().text;
  const auto beside = read_country(head + "{file: x/tsa.der}", "c.yaml", [&](const std::string& path) {
    EXPECT_EQ(path, "x/tsa.der");
    return Result<std::string>(to_text(tsa.der()));
  });
  ASSERT_TRUE(beside) << beside.error().text;
  const std::string digest = NamedCertificate::of(tsa).sha256;
  const auto named = read_country(head + "{sha256: " + digest + "}", "c.yaml", no_files);
  ASSERT_TRUE(named) << named.error().text;
  for (const auto* const each : {&within, &beside, &named})
    EXPECT_EQ((*each)->timestamping_services->front().certificate.sha256, digest);
  EXPECT_FALSE((*named).timestamping_services->front().certificate.certificate);
}

TEST(CountryFile, ServersAreAComment) {
  Country country;
  country.instance = "EX";
  const auto written =
      write_country(country, {{*ServerId::parse_rest("EX/GOV/1234/ss1"), "ss1.example.org\n- evil: x"}});
  EXPECT_THAT(written.yaml, HasSubstr("#   EX/GOV/1234/ss1 at \"ss1.example.org\\n- evil: x\"\n"));
  EXPECT_TRUE(read_country(written.yaml, "c.yaml", no_files));
}

TEST(CountryFile, SaysWhatIsWrongAndWhere) {
  struct Case {
    std::string text, place, reason;
  };
  const std::string class_gov = "member_classes: {GOV: Government}\n", long_text(256, 'x');
  const Case cases[] = {
      {"members:\n  - id: GOV/1\n    nam: A\n", "c.yaml:5:5", "unknown key 'nam' in a member"},
      {"membrs: []\n", "c.yaml:3:1", "unknown key 'membrs'"},
      {"members: []\nmembers: []\n", "c.yaml:4:1", "members"},
      {"members: {}\n", "c.yaml:3:10", "members must be a list"},
      {"members:\n  - id: GOV/1\n", "c.yaml:4:5", "a member lacks 'name'"},
      {"members:\n  - {id: GOV, name: A}\n", "c.yaml:4:10", "class/code"},
      {"members:\n  - {id: GOV/1/s, name: A}\n", "c.yaml:4:10", "name it among the subsystems"},
      {"members:\n  - {id: GOV/a%3Ab, name: A}\n", "c.yaml:4:10", "identifiers must not have"},
      {"members:\n  - {id: GOV/1, name: ' '}\n", "c.yaml:4:23", "is blank"},
      {"members:\n  - {id: GOV/1, name: " + long_text + "}\n", "c.yaml:4:23", "longer than 255"},
      {"members:\n  - {id: GOV/1, name: \"a\\nb\"}\n", "c.yaml:4:23", "control characters"},
      {"members:\n  - {id: GOV/1, name: A}\n  - {id: GOV/1, name: B}\n", "c.yaml:5:10", "a second time"},
      {"members:\n  - id: GOV/1\n    name: A\n    subsystems: [a]\n", "c.yaml:6:17", "must be a mapping"},
      {"members:\n  - id: GOV/1\n    name: A\n    subsystems: {a: x, a: y}\n", "c.yaml:6:", "a"},
      {class_gov + "members:\n  - {id: COM/1, name: A}\n", "c.yaml:5:10", "no member class 'COM'"},
      {"member_classes: {GOV: ''}\n", "c.yaml:3:23", "must be a text"},
      {"member_classes: {'a/b': x}\n", "c.yaml:3:18", "identifiers must not have"},
      {"global_groups:\n  - {code: g, description: d, members: [GOV/1, GOV/1]}\n", "c.yaml:4:48", "a second time"},
      {"global_groups:\n  - {code: g, description: d}\n  - {code: g, description: d}\n", "c.yaml:5:", "a second time"},
      {"members: []\nglobal_groups:\n  - {code: g, description: d, members: [GOV/1]}\n", "c.yaml:5:41",
       "GOV/1 is not among the members"},
      {"management_service_provider: GOV/1\n", "c.yaml:3:30", "must be a subsystem"},
      {"members: [{id: GOV/1, name: A}]\nmanagement_service_provider: GOV/1/m\n", "c.yaml:4:30",
       "not among the members"},
      {"timestamping_services:\n  - {url: ftp://a/, certificate: x}\n", "c.yaml:4:11", "http://"},
      {"timestamping_services:\n  - {url: 'http://a/ b', certificate: x}\n", "c.yaml:4:11", "no spaces"},
      {"timestamping_services:\n  - {url: http://a/, certificate: x}\n", "c.yaml:4:35", "not a certificate"},
      {"timestamping_services:\n  - {url: http://a/, cost: CHEAP, certificate: x}\n", "c.yaml:4:28",
       "'CHEAP' is not known"},
      {"timestamping_services:\n  - {url: http://a/, certificate: {file: x}}\n", "c.yaml:4:42", "no such file"},
      {"timestamping_services:\n  - {url: http://a/, certificate: {sha256: 12}}\n", "c.yaml:4:44", "64 hexadecimal"},
      {"timestamping_services:\n  - {url: http://a/, certificate: {sha256: 12, file: a}}\n", "c.yaml:4:35", "not both"},
      {"certification_services:\n  - {certificate: {sha256: " + std::string(64, 'a') + "}}\n", "c.yaml:4:5",
       "lacks 'profile'"},
      {"certification_services:\n  - {profile: p, authentication_only: yes, certificate: {sha256: " +
           std::string(64, 'a') + "}}\n",
       "c.yaml:4:", "true or false"},
      {"trusted_anchors: [x]\n", "c.yaml:3:19", "not an anchor"},
      {"trusted_anchors: [{sha256: x}]\n", "c.yaml:3:20", "unknown key 'sha256'"},
      {"configuration_parts: {../x: y}\n", "c.yaml:3:23", "upper-case letters"},
      {"configuration_parts: {MONITORING: {file: x}}\n", "c.yaml:3:42", "no such file"},
      {"central_server_address: [a]\n", "c.yaml:3:25", "must be a text"}};
  for (const Case& each : cases) {
    const std::string said = behind(each.text);
    EXPECT_THAT(said, StartsWith(each.place)) << each.text;
    EXPECT_THAT(said, HasSubstr(each.reason)) << each.text;
  }
}

TEST(CountryFile, SaysWhatIsWrongWithAllOfIt) {
  EXPECT_THAT(complaint(""), HasSubstr("must be a mapping"));
  EXPECT_THAT(complaint("version: 2\ninstance: EX\n"), HasSubstr("this program reads version 1"));
  EXPECT_THAT(complaint("version: 1\n"), HasSubstr("lacks 'instance'"));
  EXPECT_THAT(complaint("version: 1\ninstance: E:X\n"), HasSubstr("identifiers must not have"));
  EXPECT_THAT(complaint("version: 1\ninstance: &a EX\n"), HasSubstr("anchors (&name) are not allowed"));
  EXPECT_THAT(complaint("version: 1\n\tinstance: EX\n"), StartsWith("c.yaml:2:"));
  EXPECT_NE(complaint("version: 1\ninstance: \xff\xfe\n"), "");
  EXPECT_THAT(load_country("/nowhere/c.yaml").error().text, HasSubstr("/nowhere/c.yaml"));
}

}  // namespace
}  // namespace causeway::country
