// SPDX-License-Identifier: MIT
// Timestamp tokens of strangers, and signature documents that get one.
#include "evidence/signature_timestamp.hpp"
#include "pki/timestamp.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  const ByteView bytes(data, size);
  (void)pki::read_timestamp(bytes);
  (void)pki::timestamp_signer(bytes, {});
  (void)pki::verify_timestamp(bytes, {});
  const Bytes token{1, 2, 3};
  const auto stamped = evidence::with_signature_timestamp(as_text(bytes), token);
  if (!stamped) return 0;
  if (stamped->size() <= size) __builtin_trap();
  if (evidence::with_signature_timestamp(*stamped, token)) __builtin_trap();
  return 0;
}
