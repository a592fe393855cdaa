// SPDX-License-Identifier: MIT
#include "signer/protocol.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"

namespace causeway::signer {
namespace {

constexpr std::size_t kMaxSignatureSize = 65535;

void put(std::string& out, std::uint64_t value, unsigned octets) {
  while (octets-- > 0) out.push_back(static_cast<char>((value >> (8 * octets)) & 0xff));
}

void put(std::string& out, ByteView bytes) { out.append(as_text(bytes)); }

Fault malformed(std::string_view what) {
  return fault(FaultCode::invalid_request, "malformed frame: " + std::string(what));
}

// Reads from the front; once something was missing, everything after is missing too.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  std::uint64_t number(unsigned octets) {
    std::uint64_t value = 0;
    for (const std::uint8_t octet : take(octets)) value = (value << 8) | octet;
    return value;
  }
  ByteView take(std::size_t count) {
    if (failed_ || count > rest_.size()) {
      failed_ = true;
      return {};
    }
    const ByteView front = rest_.first(count);
    rest_ = rest_.subspan(count);
    return front;
  }
  std::size_t left() const { return rest_.size(); }
  bool failed() const { return failed_; }
  bool complete() const { return !failed_ && rest_.empty(); }

 private:
  ByteView rest_;
  bool failed_ = false;
};

bool known(FrameType type) {
  switch (type) {
    case FrameType::hello:
    case FrameType::sign:
    case FrameType::control:
    case FrameType::signatures:
    case FrameType::answer:
    case FrameType::fault:
      return true;
  }
  return false;
}

}  // namespace

Result<FrameHead> decode_head(const FrameHeadBytes& bytes, std::size_t max_size) {
  Reader in{ByteView(bytes)};
  const std::uint64_t length = in.number(4);
  FrameHead head;
  head.type = static_cast<FrameType>(in.number(1));
  head.id = static_cast<std::uint32_t>(in.number(4));
  if (length < kFrameHeadSize - 4 || length > max_size) return malformed("length " + std::to_string(length));
  if (!known(head.type)) return malformed("type " + std::to_string(static_cast<unsigned>(head.type)));
  head.body_size = length - (kFrameHeadSize - 4);
  return head;
}

std::string encode_frame(FrameType type, std::uint32_t id, std::string_view body) {
  std::string frame;
  frame.reserve(kFrameHeadSize + body.size());
  put(frame, body.size() + kFrameHeadSize - 4, 4);
  put(frame, static_cast<std::uint8_t>(type), 1);
  put(frame, id, 4);
  frame.append(body);
  return frame;
}

void set_frame_id(std::string& frame, std::uint32_t id) {
  std::string octets;
  put(octets, id, 4);
  frame.replace(kFrameHeadSize - 4, 4, octets);
}

std::string encode_hello() {
  std::string body;
  put(body, kProtocolMagic, 4);
  put(body, kProtocolVersion, 2);
  return encode_frame(FrameType::hello, 0, body);
}

Result<std::uint16_t> decode_hello(ByteView body) {
  // Later versions may say more after the version.
  Reader in(body);
  const std::uint64_t magic = in.number(4);
  const auto version = static_cast<std::uint16_t>(in.number(2));
  if (in.failed() || magic != kProtocolMagic) return malformed("not a hello");
  return version;
}

std::string encode_sign(std::uint32_t id, std::string_view key_id, pki::SignatureAlgorithm algorithm,
                        std::span<const Bytes> digests) {
  std::string body;
  body.reserve(16 + key_id.size() + digests.size() * pki::digest_size(algorithm.digest));
  put(body, std::min(key_id.size(), kMaxKeyIdSize), 1);
  body.append(key_id.substr(0, kMaxKeyIdSize));
  put(body, static_cast<std::uint8_t>(algorithm.scheme), 1);
  put(body, static_cast<std::uint8_t>(algorithm.digest), 1);
  put(body, digests.size(), 4);
  for (const Bytes& digest : digests) put(body, ByteView(digest));
  return encode_frame(FrameType::sign, id, body);
}

Result<SignRequest> decode_sign(ByteView body) {
  Reader in(body);
  SignRequest request;
  request.key_id = to_text(in.take(in.number(1)));
  const std::uint64_t scheme = in.number(1), digest = in.number(1), count = in.number(4);
  if (in.failed()) return malformed("sign request ends early");
  if (scheme > static_cast<std::uint8_t>(pki::SignatureScheme::ecdsa)) return malformed("signature scheme");
  if (digest > static_cast<std::uint8_t>(pki::DigestAlgorithm::sha512)) return malformed("digest algorithm");
  if (count == 0 || count > kMaxDigests) return malformed(std::to_string(count) + " digests");
  request.algorithm = {static_cast<pki::SignatureScheme>(scheme), static_cast<pki::DigestAlgorithm>(digest)};
  const std::size_t size = pki::digest_size(request.algorithm.digest);
  if (in.left() != count * size) return malformed("length of the digests");
  request.digests.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const ByteView octets = in.take(size);
    request.digests.emplace_back(octets.begin(), octets.end());
  }
  return request;
}

std::string encode_signatures(std::uint32_t id, std::span<const Bytes> signatures) {
  std::string body;
  put(body, signatures.size(), 4);
  for (const Bytes& signature : signatures) {
    put(body, signature.size(), 2);
    put(body, ByteView(signature));
  }
  return encode_frame(FrameType::signatures, id, body);
}

Result<std::vector<Bytes>> decode_signatures(ByteView body) {
  Reader in(body);
  const std::uint64_t count = in.number(4);
  if (in.failed() || count > kMaxDigests) return malformed("number of signatures");
  std::vector<Bytes> signatures;
  signatures.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    const ByteView octets = in.take(in.number(2));
    signatures.emplace_back(octets.begin(), octets.end());
  }
  if (!in.complete()) return malformed("signatures");
  return signatures;
}

std::string encode_fault(std::uint32_t id, const Fault& fault) {
  std::string body;
  const std::string_view code = std::string_view(fault.code).substr(0, kMaxSignatureSize);
  put(body, code.size(), 2);
  body.append(code);
  body.append(fault.text);
  return encode_frame(FrameType::fault, id, body);
}

Fault decode_fault(ByteView body) {
  Reader in(body);
  const std::string code = to_text(in.take(in.number(2)));
  if (in.failed() || code.empty()) return malformed("fault");
  return Fault{code, to_text(in.take(in.left()))};
}

}  // namespace causeway::signer
