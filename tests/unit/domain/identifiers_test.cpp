// SPDX-License-Identifier: MIT
#include "domain/identifiers.hpp"

#include <gtest/gtest.h>

#include <random>
#include <unordered_set>

namespace causeway {
namespace {

TEST(PercentCoding, LeavesTheSafeCharactersAsTheyAre) {
  const std::string safe = "ABCXYZabcxyz0189-._~!$&'()*+,;=:@";
  EXPECT_EQ(encode_identifier_part(safe), safe);
  EXPECT_EQ(*decode_identifier_part(safe), safe);
}

TEST(PercentCoding, WritesAllElseInUpperHexOfUtf8) {
  EXPECT_EQ(encode_identifier_part("a/b%c d\u00e4?#[]\x01"), "a%2Fb%25c%20d%C3%A4%3F%23%5B%5D%01");
  EXPECT_EQ(*decode_identifier_part("%c3%A4%2f"), "\u00e4/");
  EXPECT_EQ(*decode_identifier_part("%41"), "A");
}

TEST(PercentCoding, RefusesBrokenEscapesAndRawCharacters) {
  for (const char* part : {"%", "%4", "a%", "%g0", "%0g", "% 41", "a b", "a/b", "a?b", "\u00e4", "\x01", "a\"b", "a%2"})
    EXPECT_EQ(decode_identifier_part(part).error().code, "internal_error") << part;
}

TEST(PercentCoding, RefusesWhatIsNotUtf8) {
  for (const char* part : {"%FF", "%C3", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%E2%82", "%80", "%F8%88%80%80%80"})
    EXPECT_FALSE(decode_identifier_part(part).ok()) << part;
  EXPECT_TRUE(decode_identifier_part("%F0%9F%98%80").ok());
}

TEST(ClientId, ReadsAndWritesBothForms) {
  const ClientId member = *ClientId::parse_rest("DEV/COM/1234");
  EXPECT_FALSE(member.is_subsystem());
  EXPECT_EQ(member.to_string(), "MEMBER:DEV/COM/1234");
  EXPECT_EQ(member.to_rest(), "DEV/COM/1234");
  const ClientId subsystem = *ClientId::parse_rest("DEV/COM/12%2F34/a%20b");
  EXPECT_EQ(subsystem.member_code(), "12/34");
  EXPECT_EQ(subsystem.subsystem(), "a b");
  EXPECT_EQ(subsystem.to_string(), "SUBSYSTEM:DEV/COM/12/34/a b");
  EXPECT_EQ(subsystem.to_rest(), "DEV/COM/12%2F34/a%20b");
  EXPECT_EQ(subsystem.member().to_rest(), "DEV/COM/12%2F34");
  EXPECT_EQ(*ClientId::parse("SUBSYSTEM:DEV/COM/1/a b"), *ClientId::make("DEV", "COM", "1", "a b"));
  EXPECT_EQ(*ClientId::parse("DEV/COM/1"), *ClientId::parse("MEMBER:DEV/COM/1"));
  const auto odd = *ClientId::make("MEMBER:", "COM", "1", "a");
  EXPECT_EQ(*ClientId::parse(odd.to_string()), odd);
}

TEST(ClientId, RefusesBlankAndMissingParts) {
  EXPECT_EQ(ClientId::make("", "COM", "1").error().code, "internal_error");
  EXPECT_FALSE(ClientId::make("DEV", " \t", "1").ok());
  EXPECT_FALSE(ClientId::make("DEV", "COM", "1", " ").ok());
  for (const char* text : {"", "DEV", "DEV/COM", "/DEV/COM/1", "DEV/COM/1/", "DEV//1", "DEV/COM/1/s/x", "DEV/COM/%20",
                           "DEV/COM/1 ", "DEV/COM/1/%"})
    EXPECT_FALSE(ClientId::parse_rest(text).ok()) << text;
}

TEST(ClientId, ComparesExactly) {
  const ClientId id = *ClientId::make("DEV", "COM", "1", "s");
  EXPECT_NE(id, *ClientId::make("dev", "COM", "1", "s"));
  EXPECT_NE(id, *ClientId::make("DEV", "COM", "1", "s "));
  EXPECT_NE(id, *ClientId::make("DEV", "COM", "1"));
  EXPECT_TRUE(id.same_member(*ClientId::make("DEV", "COM", "1", "other")));
  EXPECT_TRUE(id.same_member(id.member()));
  EXPECT_FALSE(id.same_member(*ClientId::make("DEV", "COM", "2", "s")));
}

TEST(ClientId, PartsDoNotRunTogetherInTheHash) {
  std::unordered_set<ClientId> ids{*ClientId::make("A", "BC", "D"), *ClientId::make("AB", "C", "D"),
                                   *ClientId::make("A", "B", "CD"), *ClientId::make("A", "B", "C", "D")};
  EXPECT_EQ(ids.size(), 4U);
  std::unordered_set<std::size_t> hashes;
  for (const ClientId& id : ids) hashes.insert(std::hash<ClientId>{}(id));
  EXPECT_EQ(hashes.size(), 4U);
}

TEST(ServiceId, HasASubsystemInRestForm) {
  const ServiceId service = *ServiceId::parse_rest("DEV/COM/1/s/get%2Fit");
  EXPECT_EQ(service.code(), "get/it");
  EXPECT_EQ(service.version(), "");
  EXPECT_EQ(service.to_rest(), "DEV/COM/1/s/get%2Fit");
  EXPECT_EQ(service.to_string(), "SERVICE:DEV/COM/1/s/get/it");
  for (const char* text : {"DEV/COM/1/s", "DEV/COM/1//x", "DEV/COM/1/s/", "DEV/COM/1/s/x/v1"})
    EXPECT_FALSE(ServiceId::parse_rest(text).ok()) << text;
}

TEST(ServiceId, ComparesItsVersion) {
  const ClientId client = *ClientId::make("DEV", "COM", "1");
  EXPECT_EQ(ServiceId::make(client, "x", "v1")->to_string(), "SERVICE:DEV/COM/1/x/v1");
  EXPECT_NE(*ServiceId::make(client, "x", "v1"), *ServiceId::make(client, "x"));
  EXPECT_FALSE(ServiceId::make(client, " ").ok());
}

TEST(ServerId, ReadsAndWritesBothForms) {
  const ServerId server = *ServerId::parse_rest("DEV/COM/1/ss%2F1");
  EXPECT_EQ(server.code(), "ss/1");
  EXPECT_EQ(server.owner().to_string(), "MEMBER:DEV/COM/1");
  EXPECT_EQ(server.to_rest(), "DEV/COM/1/ss%2F1");
  EXPECT_EQ(*ServerId::parse("SERVER:DEV/COM/1/ss"), *ServerId::make("DEV", "COM", "1", "ss"));
  for (const char* text : {"DEV/COM/1", "DEV/COM/1/", "DEV/COM/1/ss/x", ""})
    EXPECT_FALSE(ServerId::parse_rest(text).ok()) << text;
}

TEST(Groups, AreWrittenAsXRoadWritesThem) {
  EXPECT_EQ((GlobalGroupId{"DEV", "g"}.to_string()), "GLOBALGROUP:DEV/g");
  EXPECT_EQ(LocalGroupId{"g"}.to_string(), "LOCALGROUP:g");
}

TEST(Identifiers, AnythingComesBackFromItsRestForm) {
  std::mt19937 random(1);
  const std::string_view pieces[] = {"a",          "Z", "/",  "%", " ",  "\u00e4", "\u20ac",
                                     "\U0001f600", "?", "..", ":", "\n", "+"};
  const auto part = [&] {
    std::string text = "x";
    for (std::size_t n = random() % 6; n > 0; --n) text += pieces[random() % std::size(pieces)];
    return text;
  };
  for (int i = 0; i < 2000; ++i) {
    const ClientId client = *ClientId::make(part(), part(), part(), part());
    EXPECT_EQ(*ClientId::parse_rest(client.to_rest()), client);
    const ServiceId service = *ServiceId::make(client, part());
    EXPECT_EQ(*ServiceId::parse_rest(service.to_rest()), service);
    const ServerId server = *ServerId::make(part(), part(), part(), part());
    EXPECT_EQ(*ServerId::parse_rest(server.to_rest()), server);
  }
}

TEST(DiscouragedCharacters, AreThoseThatXRoadWarnsAbout) {
  for (const char* part : {"a%b", "a:b", "a;b", "a/b", "a\\b", "\x01", "\x7f", "\u0085", "\u200b", "\ufeff"})
    EXPECT_TRUE(has_discouraged_characters(part)) << part;
  for (const char* part : {"", "abc-1.2_3", "\u00e4\u20ac", "\u00a0", "a b"})
    EXPECT_FALSE(has_discouraged_characters(part)) << part;
}

}  // namespace
}  // namespace causeway
