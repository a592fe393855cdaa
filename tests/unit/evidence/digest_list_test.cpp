// SPDX-License-Identifier: MIT
#include "evidence/digest_list.hpp"

#include <gtest/gtest.h>

namespace causeway::evidence {
namespace {

using pki::DigestAlgorithm;

Bytes sha256(std::string_view text) { return pki::digest(DigestAlgorithm::sha256, as_bytes(text)); }

Bytes encoded(const std::vector<DigestValue>& values) {
  DigestList list;
  for (const DigestValue& value : values) list.add(value.algorithm, value.digest);
  const ByteView octets = list.octets();
  return {octets.begin(), octets.end()};
}

// evidence.md 2.5
TEST(DigestList, OfTwoSha256Values) {
  const Bytes p = *from_base64("MARSPzN9ZeFA+a9/yBxPkyIv/z36AP8GqQzEbFW/l84=");
  const Bytes list = encoded({{DigestAlgorithm::sha256, p}, {DigestAlgorithm::sha256, sha256("three")}});
  const std::string uri = to_hex(as_bytes("http://www.w3.org/2001/04/xmlenc#sha256"));
  EXPECT_EQ(to_hex(list), "30819e304d0420" + to_hex(p) + "0c27" + uri + "3000304d0420" + to_hex(sha256("three")) +
                              "0c27" + uri + "3000");
  EXPECT_EQ(list.size(), 161U);
}

TEST(DigestList, StepsOfTheWorkedExample) {
  const Bytes p = step_digest(DigestAlgorithm::sha256, {sha256("one"), sha256("two")});
  EXPECT_EQ(to_base64(sha256("two")), "P8TM/nRYcOLA2Z9x8w/wZWyN7dQcwdfT03aw2+aF4vM=");
  EXPECT_EQ(to_base64(p), "MARSPzN9ZeFA+a9/yBxPkyIv/z36AP8GqQzEbFW/l84=");
  EXPECT_EQ(to_base64(step_digest(DigestAlgorithm::sha256, {p, sha256("three")})),
            "4qWUaAd7VQz9oNEJ6XP93YjtFPLBy1CDQQX3cNd3OsQ=");
  EXPECT_EQ(to_base64(step_digest(DigestAlgorithm::sha256, {sha256("one"), sha256("two"), sha256("three")})),
            "ZDFP/be45+QjXtyCceDaheek7fOj0Fe+o/JwBiNdrrk=");
}

TEST(DigestList, WritesLongLengths) {
  const std::vector<DigestValue> many(1000, {DigestAlgorithm::sha512, Bytes(64, 7)});
  const Bytes list = encoded(many);
  EXPECT_EQ(to_hex(ByteView(list).first(5)), "308301b198");
  EXPECT_EQ(list.size(), 0x1b198U + 5);
  EXPECT_EQ(to_hex(encoded({})), "3000");
}

TEST(DigestList, IsWrittenAnewAfterItWasCleared) {
  DigestList list;
  for (int i = 0; i < 1000; ++i) list.add(DigestAlgorithm::sha512, Bytes(64, 7));
  EXPECT_EQ(list.octets().size(), 0x1b198U + 5);
  list.clear();
  EXPECT_EQ(to_hex(list.octets()), "3000");
  const Bytes one(20, 1);
  list.add(DigestAlgorithm::sha1, one);
  EXPECT_EQ(to_hex(list.octets()), to_hex(encoded({{DigestAlgorithm::sha1, one}})));
}

// messages.md 4.10
TEST(DigestList, OfARestPost) {
  const Bytes head =
      *from_base64("lD7PW2WHJ/jUKEqQ82+V/LendEX1BhKiqLXlr+oaDG3hgUbjXfkeWNRL0BawumB1DwkcH5IgCHa8lbvUz5JG6g==");
  const Bytes body = pki::digest(DigestAlgorithm::sha512, as_bytes("{\"name\":\"Rex\"}"));
  EXPECT_EQ(to_base64(body),
            "ybwGMBy+7m/Hfb++aZZqpHMvJVOmD1S6zqfUVDyGUG6UaHXQbnmnZH2+PagYEea5F6Abfnevo2tvy7FamxgKkA==");
  EXPECT_EQ(to_base64(step_digest(DigestAlgorithm::sha512, {head, body})),
            "x2in2LeDN7gZY7BQPkVtxYAWXKhKokEGjkgdaKNamZIHkBaqEuHhI9fNqhBzZi5ULqrTXWOPbPiahip8vxY3VQ==");
  EXPECT_EQ(encoded({{DigestAlgorithm::sha512, head}, {DigestAlgorithm::sha512, body}}).size(), 225U);
}

}  // namespace
}  // namespace causeway::evidence
