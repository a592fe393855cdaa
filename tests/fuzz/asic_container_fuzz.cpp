// SPDX-License-Identifier: MIT
// Containers of strangers, read and put through every check, by somebody who trusts nobody.
#include "evidence/asic_verifier.hpp"

namespace {

class NoTrust final : public causeway::pki::Trust {
 public:
  const causeway::pki::ApprovedCa* issuer_of(std::string_view, const causeway::pki::Certificate&) const override {
    return nullptr;
  }
  const causeway::pki::ApprovedCa* issuer_of(const causeway::pki::Certificate&) const override { return nullptr; }
  std::vector<causeway::pki::Certificate> ocsp_signer_candidates() const override { return {}; }
  causeway::pki::OcspPolicy ocsp_policy() const override { return {}; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace causeway;
  const NoTrust nobody;
  const auto report = evidence::verify_container(ByteView(data, size), {nobody, {}});
  if (report.good()) __builtin_trap();
  return 0;
}
