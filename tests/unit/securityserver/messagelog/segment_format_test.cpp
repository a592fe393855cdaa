// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/segment_format.hpp"

#include <gtest/gtest.h>

#include "securityserver/messagelog/crc32c.hpp"
#include "securityserver/messagelog/record_codec.hpp"
#include "unit/securityserver/messagelog/log_fixture.hpp"

namespace causeway::securityserver {
namespace {

// RFC 3720 appendix B.4.
TEST(Crc32c, GivesThePublishedValues) {
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283U);
  EXPECT_EQ(crc32c(Bytes(32, 0)), 0x8a9136aaU);
  EXPECT_EQ(crc32c(Bytes(32, 0xff)), 0x62a8ab43U);
  EXPECT_EQ(crc32c({}), 0U);
}

TEST(Crc32c, ContinuesAcrossPieces) {
  const std::string text = "The message log is append-only, and every octet of it counts.";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(crc32c(as_bytes(text.substr(cut)), crc32c(as_bytes(text.substr(0, cut)))), crc32c(as_bytes(text)));
}

TEST(SegmentFormat, HeadersComeBackAsTheyWere) {
  SegmentHeader segment{.number = 7, .nonce = 1UL << 63, .first_id = 1UL << 40, .created = -1};
  segment.previous.fill(9);
  const auto decoded = SegmentHeader::decode(segment.encode());
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->encode(), segment.encode());
  EXPECT_EQ(decoded->nonce, segment.nonce);

  FrameHeader frame{.type = FrameType::text, .id = 5, .payload_length = 1UL << 35, .group_offset = 96};
  frame.nonce = 77;
  const auto read = FrameHeader::decode(frame.encode());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->encode(), frame.encode());
  EXPECT_EQ(read->payload_length, frame.payload_length);
}

TEST(SegmentFormat, AnyChangedBitSpoilsAHeader) {
  const auto frame = FrameHeader{.id = 5, .payload_length = 100}.encode();
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    auto changed = frame;
    changed[bit / 8] = static_cast<std::uint8_t>(changed[bit / 8] ^ 1 << (bit % 8));
    EXPECT_FALSE(FrameHeader::decode(changed)) << bit;
  }
  EXPECT_FALSE(FrameHeader::decode(ByteView(frame).first(47)));
  EXPECT_FALSE(SegmentHeader::decode(Bytes(SegmentHeader::kSize)));
}

TEST(RecordCodec, MetadataComesBackAsItWas) {
  LogRecord record = sample_record("id \xc3\xa4 \n");
  record.response = true;
  auto octets = encode_metadata(record);
  ASSERT_TRUE(octets.ok());
  set_text_offsets(*octets, 123, 456);
  auto metadata = decode_metadata(*octets);
  ASSERT_TRUE(metadata.ok());
  EXPECT_EQ(metadata->signature_offset, 123U);
  EXPECT_EQ(metadata->hash_chain_result_offset, 456U);
  auto again = to_log_record(*metadata, 9);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->owner, record.owner);
  EXPECT_EQ(again->service, record.service);
  EXPECT_EQ(again->query_id, record.query_id);
  EXPECT_EQ(again->time, record.time);
  EXPECT_TRUE(again->response);
  EXPECT_EQ(metadata->found.service, "DEV/GOV/1/registry/get%2FRandom/v1");
}

TEST(RecordCodec, RefusesMetadataThatIsCutOrTooLong) {
  const Bytes octets = *encode_metadata(sample_record("id"));
  for (std::size_t size = 0; size < octets.size(); ++size)
    EXPECT_FALSE(decode_metadata(ByteView(octets).first(size)).ok()) << size;
  Bytes longer = octets;
  longer.push_back(0);
  EXPECT_FALSE(decode_metadata(longer).ok());
  EXPECT_EQ(encode_metadata(sample_record(std::string(65536, 'x'))).error().code, "logging_failed");
}

}  // namespace
}  // namespace causeway::securityserver
