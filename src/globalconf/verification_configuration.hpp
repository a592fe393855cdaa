// SPDX-License-Identifier: MIT
// The global configuration that `causeway verify` trusts.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "evidence/asic_verifier.hpp"
#include "globalconf/view.hpp"

namespace causeway::cli {

class VerificationConfiguration {
 public:
  // `place` is what a Security Server gives out at /verificationconf, as a ZIP file or
  // unpacked; a directory of the configuration client; or an anchor, from which it is
  // downloaded now. Whether it expired is not looked at: it must be of then, not of now.
  static Result<VerificationConfiguration> read(const std::filesystem::path& place);

  // Lives as long as this.
  evidence::AsicTrust trust() const { return {*view_, timestamp_authorities_}; }
  const globalconf::View& view() const { return *view_; }

 private:
  explicit VerificationConfiguration(std::shared_ptr<const globalconf::View> view);
  std::shared_ptr<const globalconf::View> view_;
  std::vector<pki::Certificate> timestamp_authorities_;
};

}  // namespace causeway::cli
