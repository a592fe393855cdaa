// SPDX-License-Identifier: MIT
#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <random>

namespace causeway {
namespace {

TEST(Hex, ReadsBothCasesAndWritesLower) {
  EXPECT_EQ(to_hex(Bytes{0x00, 0x9f, 0xff}), "009fff");
  EXPECT_EQ(*from_hex("009FfF"), (Bytes{0x00, 0x9f, 0xff}));
  EXPECT_EQ(*from_hex(""), Bytes{});
}

TEST(Hex, RefusesEverythingElse) {
  for (const char* text : {"0", "0g", "g0", "00 ", "0x00", "00:11", "\xff\xff"})
    EXPECT_EQ(from_hex(text).error().code, "invalid_encoding") << text;
}

// RFC 4648 section 10.
TEST(Base64, GivesThePublishedValues) {
  const std::pair<std::string_view, std::string_view> vectors[] = {
      {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    EXPECT_EQ(to_text(*from_base64(encoded)), plain);
  }
}

TEST(Base64, PassesOverWhiteSpaceAndMissingPadding) {
  EXPECT_EQ(to_text(*from_base64(" Zm9v\r\n\tYg = = ")), "foob");
  EXPECT_EQ(to_text(*from_base64("Zm9vYg")), "foob");
}

TEST(Base64, RefusesEverythingElse) {
  for (const char* text : {"Z", "Zm9vY", "Zg==Zg==", "Zm-v", "Zm_v", "Zm9v!", "\xff\xff\xff\xff"})
    EXPECT_EQ(from_base64(text).error().code, "invalid_encoding") << text;
}

TEST(Encodings, AnythingComesBackAsItWas) {
  std::mt19937 random(1);
  for (std::size_t size = 0; size < 300; ++size) {
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    EXPECT_EQ(*from_base64(to_base64(bytes)), bytes);
    EXPECT_EQ(*from_hex(to_hex(bytes)), bytes);
  }
}

}  // namespace
}  // namespace causeway
