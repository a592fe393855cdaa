// SPDX-License-Identifier: MIT
#include "globalconf/directory_file.hpp"

#include <gtest/gtest.h>

#include "base/files.hpp"
#include "globalconf/source_keys.hpp"
#include "support/temporary_directory.hpp"

namespace causeway::globalconf {
namespace {

const TimePoint kNoon = *parse_iso("2026-03-01T12:00:00Z");

TEST(ExpiryIn, ReadsBothSpellings) {
  EXPECT_EQ(expiry_in("a\r\nexpire-date: 2026-03-01T12:00:00.000Z\r\n"), kNoon);
  EXPECT_EQ(expiry_in("Expire-date:2026-03-01T14:00:00+02:00\n"), kNoon);
  for (const char* text : {"", "Expire-date:", "Expire-date: soon\n", "x-Expire-date: 2026-03-01T12:00:00Z"})
    EXPECT_EQ(expiry_in(text), std::nullopt) << text;
}

TEST(DirectoryFile, IsWithdrawnWhenItsTimeIsUp) {
  const testing::TemporaryDirectory folder;
  const auto file = folder.path() / "internalconf";
  EXPECT_FALSE(withdraw_if_expired(file, kNoon)) << "there is none";
  ASSERT_TRUE(write_file_atomically(file, "Expire-date: 2026-03-01T12:00:00Z\r\n"));
  EXPECT_EQ(expiry_of(file), kNoon);
  EXPECT_FALSE(withdraw_if_expired(file, kNoon - std::chrono::seconds(1)));
  EXPECT_TRUE(withdraw_if_expired(file, kNoon));
  EXPECT_FALSE(std::filesystem::exists(file));
  ASSERT_TRUE(write_file_atomically(file, "garbage"));
  EXPECT_TRUE(withdraw_if_expired(file, kNoon)) << "nobody knows until when";
}

class ReadBack : public ::testing::Test {
 protected:
  static SourceKeys keys() {
    auto key = *pki::PrivateKey::generate_ec();
    auto certificate = *make_source_certificate(key, "internalSigningKey");
    return source_keys(std::move(key), std::move(certificate));
  }
  static SignedDirectory directory(const std::string& identifier) {
    return {kNoon,
            "6",
            {{.content_identifier = identifier,
              .instance = "DEV",
              .location = "/V6/1/x",
              .file_name = {},
              .hash = Bytes(64)}}};
  }
};

TEST_F(ReadBack, IsWhatWasMeant) {
  const auto signing = keys();
  const auto meant = directory("SHARED-PARAMETERS");
  EXPECT_TRUE(check_readable(*sign_directory(meant, signing.active), meant, signing.active.certificate, kNoon));
}

TEST_F(ReadBack, RefusesAnotherKeyAndNamesThatReadDifferently) {
  const auto signing = keys(), other = keys();
  const auto meant = directory("SHARED-PARAMETERS"), odd = directory("A; instance=\"OTHER\"");
  EXPECT_FALSE(check_readable(*sign_directory(meant, signing.active), meant, other.active.certificate, kNoon));
  EXPECT_FALSE(check_readable(*sign_directory(odd, signing.active), odd, signing.active.certificate, kNoon));
}

}  // namespace
}  // namespace causeway::globalconf
