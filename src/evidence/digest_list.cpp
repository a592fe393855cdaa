// SPDX-License-Identifier: MIT
#include "evidence/digest_list.hpp"

namespace causeway::evidence {
namespace {

constexpr std::uint8_t kSequence = 0x30;
constexpr std::uint8_t kOctetString = 0x04;
constexpr std::uint8_t kUtf8String = 0x0c;

std::size_t length_size(std::size_t length) {
  std::size_t size = 1;
  if (length >= 0x80)
    for (; length > 0; length >>= 8) ++size;
  return size;
}

std::size_t element_size(std::size_t length) { return 1 + length_size(length) + length; }

void append_head(Bytes& out, std::uint8_t tag, std::size_t length) {
  out.push_back(tag);
  if (length < 0x80) {
    out.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  const std::size_t octets = length_size(length) - 1;
  out.push_back(static_cast<std::uint8_t>(0x80 | octets));
  for (std::size_t i = octets; i-- > 0;) out.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
}

std::size_t value_length(ByteView digest, pki::DigestAlgorithm algorithm) {
  return element_size(digest.size()) + element_size(pki::digest_uri(algorithm).size()) + element_size(0);
}

void append_value(Bytes& out, ByteView digest, pki::DigestAlgorithm algorithm) {
  const ByteView uri = as_bytes(pki::digest_uri(algorithm));
  append_head(out, kSequence, value_length(digest, algorithm));
  append_head(out, kOctetString, digest.size());
  out.insert(out.end(), digest.begin(), digest.end());
  append_head(out, kUtf8String, uri.size());
  out.insert(out.end(), uri.begin(), uri.end());
  append_head(out, kSequence, 0);  // transforms: none, but always there
}

}  // namespace

Bytes encode_digest_list(std::span<const DigestValue> values) {
  std::size_t length = 0;
  for (const DigestValue& value : values) length += element_size(value_length(value.digest, value.algorithm));
  Bytes out;
  out.reserve(element_size(length));
  append_head(out, kSequence, length);
  for (const DigestValue& value : values) append_value(out, value.digest, value.algorithm);
  return out;
}

Bytes step_digest(pki::DigestAlgorithm algorithm, std::span<const ByteView> digests) {
  std::size_t length = 0;
  for (const ByteView digest : digests) length += element_size(value_length(digest, algorithm));
  Bytes list;
  list.reserve(element_size(length));
  append_head(list, kSequence, length);
  for (const ByteView digest : digests) append_value(list, digest, algorithm);
  return pki::digest(algorithm, list);
}

Bytes step_digest(pki::DigestAlgorithm algorithm, std::initializer_list<ByteView> digests) {
  return step_digest(algorithm, std::span<const ByteView>(digests.begin(), digests.size()));
}

}  // namespace causeway::evidence
