// SPDX-License-Identifier: MIT
// Signature documents as a stranger sends them: every step that reads them.
#include "base/bytes.hpp"
#include "evidence/signature_reading.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  const std::string_view text = as_text({data, size});
  for (const bool structure : {true, false}) {
    const auto reading = evidence::SignatureReading::read(text, structure);
    if (!reading) continue;
    for (const auto& reference : reading->references()) (void)reference.holds_for("<message/>");
    if (const auto signer = reading->signing_certificate()) (void)reading->check_value(*signer);
    (void)reading->check_timestamp_manifests();
    (void)reading->extra_certificates();
    (void)reading->ocsp_responses();
    (void)reading->signing_time();
    (void)reading->signature_value();
  }
  return 0;
}
