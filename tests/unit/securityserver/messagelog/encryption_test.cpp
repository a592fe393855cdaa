// SPDX-License-Identifier: MIT
// The key store tests/data/pki/jdk-secret-keys.p12 was made by a JDK's keytool (AES keys
// "Key1" and "key2026", an EC key pair "other"); the octets expected of the cipher were
// computed by that JDK from the store, as evidence.md 4.3 says.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.hpp"
#include "support/locations.hpp"
#include "support/temporary_directory.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

using testing::TemporaryDirectory;

std::string key_store() { return testing::source_directory() / "tests/data/pki/jdk-secret-keys.p12"; }

Result<std::shared_ptr<const MessageCipher>> cipher(std::map<std::string, std::string> values) {
  std::map<std::string, std::string> prefixed{{"message-log.messagelog-keystore", key_store()},
                                              {"message-log.messagelog-keystore-password", "somepassword"}};
  for (auto& [name, value] : values) prefixed["message-log." + name] = value;
  return MessageCipher::from(Parameters(std::move(prefixed)));
}

std::shared_ptr<const MessageCipher> with_key(const std::string& id) {
  return *cipher({{"messagelog-encryption-enabled", "true"}, {"messagelog-key-id", id}});
}

std::string applied(Result<pki::AesCtr> stream) {
  Bytes octets = to_bytes("GET /r1/DEV/GOV/1/registry/pets, of more than one block");
  // In odd pieces, to see that the counter goes on.
  stream->apply(std::span(octets).first(5));
  stream->apply(std::span(octets).subspan(5));
  return to_hex(octets);
}

TEST(MessageCipherTest, EncryptsAsAJdkDoes) {
  const auto keys = *cipher({});
  EXPECT_EQ(
      applied(keys->of_message("key1", 5)),
      "3389e5dfe7e75eb6cbcf735e53db27a0d75d4a7cc7fd672d5699b8825f2dc78392ecc8c3ca09e047b813e2620db955e9680470770fa75"
      "a");
  EXPECT_EQ(
      applied(keys->of_attachment("key1", 5, 1)),
      "7701ba8d9f2afc9174b6dacf2d348a5bf4067c5368a3462d4dce7b990bb2940804c8bbbe97efe1eab0f818a03103a5222a15f26b4f772"
      "e");
  EXPECT_EQ(
      applied(keys->of_attachment("key2026", 258, 3)),
      "4f13a08044c4ad580c48c66d5d54be1084181bce64137a96c9d46b014bfc3600cc188f87051cbb8dfd8de5573c00e704776375d1227c7"
      "5");
}

TEST(MessageCipherTest, EncryptsNothingUnlessEnabled) {
  EXPECT_EQ((*cipher({{"messagelog-key-id", "key1"}}))->current_key(), "");
  EXPECT_EQ((*MessageCipher::from(Parameters()))->current_key(), "");
  EXPECT_EQ(with_key("key1")->current_key(), "key1");
}

TEST(MessageCipherTest, NamesTheKeyThatIsNotThere) {
  const auto upper_case = cipher({{"messagelog-encryption-enabled", "true"}, {"messagelog-key-id", "Key1"}});
  ASSERT_FALSE(upper_case.ok());
  EXPECT_NE(upper_case.error().text.find("lower case"), std::string::npos);
  EXPECT_FALSE(cipher({{"messagelog-encryption-enabled", "true"}}).ok());
  EXPECT_FALSE(cipher({{"messagelog-encryption-enabled", "true"}, {"messagelog-key-id", "other"}}).ok());
  EXPECT_EQ((*cipher({}))->of_message("key3", 1).error().code, "key_not_found");
}

TEST(MessageCipherTest, RefusesAStoreThatCannotBeOpened) {
  EXPECT_EQ(cipher({{"messagelog-keystore-password", "wrong"}}).error().code, "malformed_server_conf");
  EXPECT_FALSE(cipher({{"messagelog-keystore", "/absent.p12"}}).ok());
}

TEST(MessageCipherTest, TakesThePasswordFromTheEnvironment) {
  constexpr const char* kVariable = "XROAD_MESSAGE-LOG_MESSAGELOG-KEYSTORE-PASSWORD";
  ::setenv(kVariable, "somepassword", 1);
  const auto made = MessageCipher::from(Parameters({{"message-log.messagelog-keystore", key_store()}}));
  ::unsetenv(kVariable);
  ASSERT_TRUE(made.ok()) << made.error().text;
  EXPECT_TRUE((*made)->of_message("key2026", 1).ok());
}

class EncryptedLog : public ::testing::Test {
 protected:
  std::uint64_t append_with(const std::shared_ptr<const MessageCipher>& keys, LogRecord record) {
    auto segments = SegmentWriter::open(directory_.path(), 64UL << 20, keys);
    LogWriter writer(*std::move(segments), [](const LogEnd&) {});
    auto id = append(writer, std::move(record));
    EXPECT_TRUE(id.ok()) << (id.ok() ? "" : id.error().text);
    return id ? *id : 0;
  }
  std::string octets() { return *read_file(segment_path(directory_.path(), 1)); }

  TemporaryDirectory directory_;
};

TEST_F(EncryptedLog, KeepsMessagesAndAttachmentsFromWhoeverLacksTheKey) {
  const std::string secret = "a secret that is long enough not to be there by chance";
  LogRecord record = sample_record("q1", secret);
  auto small = std::make_shared<Spool>();
  ASSERT_TRUE(small->append(as_bytes(secret)).ok());
  auto large = spool_of(300000);
  record.attachments = {{small, secret.size()}, {std::make_shared<Spool>(), 0}, {large, 290000}};
  const auto id = append_with(with_key("key1"), record);
  EXPECT_EQ(octets().find(secret), std::string::npos);
  EXPECT_EQ(octets().find(to_text(*large->read_all(1 << 20)).substr(270000, 16)), std::string::npos);

  const auto read = read_record({directory_.path()}, id, **cipher({}));
  ASSERT_TRUE(read.ok()) << read.error().text;
  EXPECT_EQ(read->key_id, "key1");
  EXPECT_EQ(to_text(read->message), secret);
  ASSERT_EQ(read->attachments.size(), 3U);
  EXPECT_EQ(to_text(*read->attachments[0].content->read_all(1000)), secret);
  EXPECT_EQ(read->attachments[1].content->size(), 0U);
  Bytes cut = *large->read_all(1 << 20);
  cut.resize(290000);
  EXPECT_EQ(*read->attachments[2].content->read_all(1 << 20), cut);
  EXPECT_EQ(read->signature.signature, record.signature.signature);

  EXPECT_EQ(read_record({directory_.path()}, id).error().code, "key_not_found");
  EXPECT_EQ(find_records({directory_.path()}, {.query_id = "q1"})->size(), 1U) << "what is found needs no key";
  EXPECT_TRUE(check_log(directory_.path())->damages.empty());
}

TEST_F(EncryptedLog, OldRecordsStayReadableWhenTheKeyChanges) {
  append_with(std::make_shared<MessageCipher>(), sample_record("plain"));
  append_with(with_key("key1"), sample_record("first"));
  append_with(with_key("key2026"), sample_record("second"));
  const char* keys[] = {"", "key1", "key2026"};
  for (std::uint64_t id = 1; id <= 3; ++id) {
    const auto read = read_record({directory_.path()}, id, **cipher({}));
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_EQ(read->key_id, keys[id - 1]);
    EXPECT_EQ(to_text(read->message), "<message/>");
  }
}

TEST_F(EncryptedLog, TheSameMessageTwiceIsEncryptedDifferently) {
  const std::string message(4096, 'm');
  append_with(with_key("key1"), sample_record("a", message));
  const std::string first = octets();
  append_with(with_key("key1"), sample_record("b", message));
  const std::string both = octets();
  // Names and times stand before it in clear, the same in both.
  for (std::size_t at = first.size() - message.size(); at + 64 <= first.size(); at += 64)
    ASSERT_EQ(both.find(first.substr(at, 64), first.size()), std::string::npos);
}

}  // namespace
}  // namespace causeway::securityserver
