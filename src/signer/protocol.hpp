// SPDX-License-Identifier: MIT
// The frames between the signer and its clients.
//
// A frame is  u32 length | u8 type | u32 id | body,  numbers big-endian; the length
// counts what follows it. Both sides begin with a hello, which carries a magic number
// and the version of the protocol. Requests may be pipelined; an answer carries the id
// of its request, answers come in any order. Signing is binary; everything else, being
// rare, is JSON (signer/control.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/signature_algorithm.hpp"

namespace causeway::signer {

inline constexpr std::uint32_t kProtocolMagic = 0x43575347;  // "CWSG"
inline constexpr std::uint16_t kProtocolVersion = 1;
inline constexpr std::size_t kMaxRequestSize = 1UL << 20;  // octets after the length
inline constexpr std::size_t kMaxAnswerSize = 64UL << 20;  // lists of tokens grow with their certificates
inline constexpr std::size_t kMaxDigests = 1024;           // in one frame; clients split longer lists
inline constexpr std::size_t kMaxKeyIdSize = 255;
inline constexpr std::size_t kFrameHeadSize = 9;

enum class FrameType : std::uint8_t {
  hello = 1,
  sign = 2,
  control = 3,
  signatures = 0x82,
  answer = 0x83,
  fault = 0xff
};

struct FrameHead {
  FrameType type = FrameType::hello;
  std::uint32_t id = 0;
  std::size_t body_size = 0;
};

using FrameHeadBytes = std::array<std::uint8_t, kFrameHeadSize>;

// invalid_request for an unknown type and for a length beyond `max_size`.
Result<FrameHead> decode_head(const FrameHeadBytes& bytes, std::size_t max_size);

std::string encode_frame(FrameType type, std::uint32_t id, std::string_view body);

// Gives a frame that was encoded with another id this one.
void set_frame_id(std::string& frame, std::uint32_t id);

std::string encode_hello();
// The peer's version; invalid_request when it is not a hello at all.
Result<std::uint16_t> decode_hello(ByteView body);

struct SignRequest {
  std::string key_id;
  pki::SignatureAlgorithm algorithm;
  std::vector<Bytes> digests;
};

// At most kMaxDigests digests, each of the algorithm's size, which the caller sees to.
std::string encode_sign(std::uint32_t id, std::string_view key_id, pki::SignatureAlgorithm algorithm,
                        std::span<const Bytes> digests);
Result<SignRequest> decode_sign(ByteView body);

std::string encode_signatures(std::uint32_t id, std::span<const Bytes> signatures);
Result<std::vector<Bytes>> decode_signatures(ByteView body);

std::string encode_fault(std::uint32_t id, const Fault& fault);
// What the signer said, or invalid_request for bytes that do not say anything.
Fault decode_fault(ByteView body);

}  // namespace causeway::signer
