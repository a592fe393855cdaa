// SPDX-License-Identifier: MIT
// Frames of the signer's protocol, both ways, and the key configuration.
#include <algorithm>
#include <cstdlib>

#include "signer/key_configuration.hpp"
#include "signer/protocol.hpp"

using namespace causeway;

namespace {

void expect(bool holds) {
  if (!holds) std::abort();
}

void frames(ByteView bytes) {
  signer::FrameHeadBytes head{};
  std::copy_n(bytes.begin(), std::min(bytes.size(), head.size()), head.begin());
  if (const auto decoded = signer::decode_head(head, signer::kMaxRequestSize))
    expect(decoded->body_size <= signer::kMaxRequestSize);
  const ByteView body = bytes.subspan(std::min(bytes.size(), head.size()));
  if (const auto request = signer::decode_sign(body)) {
    expect(request->digests.size() <= signer::kMaxDigests);
    const std::string again = signer::encode_sign(0, request->key_id, request->algorithm, request->digests);
    expect(as_text(body) == std::string_view(again).substr(signer::kFrameHeadSize));
  }
  if (const auto signatures = signer::decode_signatures(body)) {
    const std::string again = signer::encode_signatures(0, *signatures);
    expect(as_text(body) == std::string_view(again).substr(signer::kFrameHeadSize));
  }
  expect(!signer::decode_fault(body).code.empty());
  (void)signer::decode_hello(body);
}

// What was read can be written, and reading that gives the same.
void configuration(ByteView bytes) {
  const auto read = signer::read_key_configuration(as_text(bytes));
  if (!read) return;
  const std::string text = signer::write_key_configuration(*read);
  const auto again = signer::read_key_configuration(text);
  expect(again.ok());
  expect(signer::write_key_configuration(*again) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  if (size > 0 && data[0] == '<')
    configuration(bytes);
  else
    frames(bytes);
  return 0;
}
