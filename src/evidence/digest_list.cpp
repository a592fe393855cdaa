// SPDX-License-Identifier: MIT
#include "evidence/digest_list.hpp"

#include <algorithm>

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

std::size_t head_size(std::size_t length) { return 1 + length_size(length); }
std::size_t element_size(std::size_t length) { return head_size(length) + length; }

// These write to `out`, and return where they ended.
std::uint8_t* put_head(std::uint8_t* out, std::uint8_t tag, std::size_t length) {
  *out++ = tag;
  if (length < 0x80) {
    *out++ = static_cast<std::uint8_t>(length);
    return out;
  }
  const std::size_t octets = length_size(length) - 1;
  *out++ = static_cast<std::uint8_t>(0x80 | octets);
  for (std::size_t i = octets; i-- > 0;) *out++ = static_cast<std::uint8_t>(length >> (8 * i));
  return out;
}

std::uint8_t* put(std::uint8_t* out, std::uint8_t tag, ByteView content) {
  return std::ranges::copy(content, put_head(out, tag, content.size())).out;
}

}  // namespace

void DigestList::add(pki::DigestAlgorithm algorithm, ByteView digest) {
  const ByteView uri = as_bytes(pki::digest_uri(algorithm));
  const std::size_t length = element_size(digest.size()) + element_size(uri.size()) + element_size(0);
  const std::size_t before = octets_.size();
  octets_.resize(before + element_size(length));
  std::uint8_t* out = put_head(octets_.data() + before, kSequence, length);
  out = put(out, kOctetString, digest);
  out = put(out, kUtf8String, uri);
  put_head(out, kSequence, 0);  // transforms: none, but always there
}

ByteView DigestList::octets() {
  const std::size_t length = octets_.size() - kMaxHead;
  const std::size_t begin = kMaxHead - head_size(length);
  put_head(octets_.data() + begin, kSequence, length);
  return ByteView(octets_).subspan(begin);
}

Bytes step_digest(pki::DigestAlgorithm algorithm, std::span<const ByteView> digests) {
  DigestList list;
  for (const ByteView digest : digests) list.add(algorithm, digest);
  return pki::digest(algorithm, list.octets());
}

Bytes step_digest(pki::DigestAlgorithm algorithm, std::initializer_list<ByteView> digests) {
  return step_digest(algorithm, std::span<const ByteView>(digests.begin(), digests.size()));
}

}  // namespace causeway::evidence
