// SPDX-License-Identifier: MIT
#include "signer/protocol.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace causeway::signer {
namespace {

constexpr pki::SignatureAlgorithm kRsa512{pki::SignatureScheme::rsa_pkcs1, pki::DigestAlgorithm::sha512};

FrameHeadBytes head_of(std::string_view frame) {
  FrameHeadBytes bytes{};
  std::copy_n(frame.begin(), kFrameHeadSize, bytes.begin());
  return bytes;
}

ByteView body_of(const std::string& frame) { return as_bytes(frame).subspan(kFrameHeadSize); }

TEST(Protocol, SignRequestComesBackAsItWasWritten) {
  const std::vector<Bytes> digests{Bytes(64, 1), Bytes(64, 2)};
  std::string frame = encode_sign(7, "0A", kRsa512, digests);
  set_frame_id(frame, 0x01020304);
  const auto head = decode_head(head_of(frame), kMaxRequestSize);
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->type, FrameType::sign);
  EXPECT_EQ(head->id, 0x01020304U);
  EXPECT_EQ(head->body_size, frame.size() - kFrameHeadSize);
  const auto request = decode_sign(body_of(frame));
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(request->key_id, "0A");
  EXPECT_EQ(request->algorithm, kRsa512);
  EXPECT_EQ(request->digests, digests);
}

TEST(Protocol, AFullCallFitsIntoAFrame) {
  const std::vector<Bytes> digests(kMaxDigests, Bytes(64, 1));
  const std::string frame = encode_sign(1, std::string(kMaxKeyIdSize, 'A'), kRsa512, digests);
  EXPECT_TRUE(decode_head(head_of(frame), kMaxRequestSize).ok());
  EXPECT_TRUE(decode_sign(body_of(frame)).ok());
}

TEST(Protocol, SignaturesComeBackAsTheyWereWritten) {
  const std::vector<Bytes> signatures{Bytes(256, 9), Bytes(70, 8), Bytes()};
  const std::string frame = encode_signatures(3, signatures);
  const auto decoded = decode_signatures(body_of(frame));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(*decoded, signatures);
}

TEST(Protocol, FaultsKeepCodeAndText) {
  const std::string frame = encode_fault(3, Fault{"pin_incorrect", "no"});
  const Fault fault = decode_fault(body_of(frame));
  EXPECT_EQ(fault.code, "pin_incorrect");
  EXPECT_EQ(fault.text, "no");
  EXPECT_EQ(decode_fault({}).code, "invalid_request");
}

TEST(Protocol, RefusesLengthsBeyondTheLimitAndBelowAHead) {
  std::string frame = encode_hello();
  for (const char octet : {'\xff', '\x7f', '\x01'}) {
    frame[0] = octet;
    EXPECT_FALSE(decode_head(head_of(frame), kMaxRequestSize).ok());
  }
  frame.replace(0, 4, std::string("\0\0\0\4", 4));
  EXPECT_FALSE(decode_head(head_of(frame), kMaxRequestSize).ok());
}

TEST(Protocol, RefusesUnknownFrameTypes) {
  std::string frame = encode_hello();
  frame[4] = 77;
  EXPECT_FALSE(decode_head(head_of(frame), kMaxRequestSize).ok());
}

TEST(Protocol, RefusesAHelloWithoutTheMagicNumber) {
  std::string frame = encode_hello();
  EXPECT_EQ(*decode_hello(body_of(frame)), kProtocolVersion);
  frame[kFrameHeadSize] ^= 1;
  EXPECT_FALSE(decode_hello(body_of(frame)).ok());
  EXPECT_FALSE(decode_hello({}).ok());
}

TEST(Protocol, RefusesEveryTruncatedSignRequest) {
  const std::string frame = encode_sign(1, "KEY", kRsa512, std::vector<Bytes>{Bytes(64, 1)});
  const ByteView body = body_of(frame);
  for (std::size_t size = 0; size < body.size(); ++size) EXPECT_FALSE(decode_sign(body.first(size)).ok()) << size;
}

TEST(Protocol, RefusesDigestCountsThatDoNotMatchTheBody) {
  const std::string frame = encode_sign(1, "K", kRsa512, std::vector<Bytes>{Bytes(64, 1)});
  Bytes body(body_of(frame).begin(), body_of(frame).end());
  for (const std::uint8_t octet : {std::uint8_t{0}, std::uint8_t{2}, std::uint8_t{255}}) {
    body[7] = octet;  // the lowest octet of the count
    EXPECT_FALSE(decode_sign(body).ok());
    body[4] = octet;  // the highest
    EXPECT_FALSE(decode_sign(body).ok());
    body[4] = 0;
  }
}

TEST(Protocol, RefusesUnknownAlgorithms) {
  const std::string frame = encode_sign(1, "K", kRsa512, std::vector<Bytes>{Bytes(64, 1)});
  Bytes body(body_of(frame).begin(), body_of(frame).end());
  body[2] = 9;
  EXPECT_FALSE(decode_sign(body).ok());
  body[2] = 0;
  body[3] = 9;
  EXPECT_FALSE(decode_sign(body).ok());
}

TEST(Protocol, RefusesSignatureListsThatLie) {
  const std::string frame = encode_signatures(1, std::vector<Bytes>{Bytes(4, 1)});
  Bytes body(body_of(frame).begin(), body_of(frame).end());
  body[0] = 0xff;
  EXPECT_FALSE(decode_signatures(body).ok());
  body[0] = 0;
  body.push_back(0);
  EXPECT_FALSE(decode_signatures(body).ok());
}

}  // namespace
}  // namespace causeway::signer
