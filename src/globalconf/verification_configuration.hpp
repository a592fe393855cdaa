// SPDX-License-Identifier: MIT
// The global configuration that a verifier of containers trusts: given out by Security
// Servers, read by `causeway verify`.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "evidence/asic_verifier.hpp"
#include "evidence/byte_sink.hpp"
#include "globalconf/configuration_directory.hpp"
#include "globalconf/view.hpp"

namespace causeway::globalconf {

// As Security Servers give it out at /verificationconf (evidence.md 5.1): a ZIP file of the
// shared parameters of every instance, and nothing private. `time` is what its entries
// carry. io_error when there is none, faults of the sink.
Result<void> write_verification_configuration(const ConfigurationDirectory& directory, TimePoint time,
                                              const evidence::ByteSink& sink);

class VerificationConfiguration {
 public:
  // `place` is what a Security Server gives out at /verificationconf, as a ZIP file or
  // unpacked; a directory of the configuration client; or an anchor, from which it is
  // downloaded now. Whether it expired is not looked at: it must be of then, not of now.
  static Result<VerificationConfiguration> read(const std::filesystem::path& place);

  // Lives as long as this.
  evidence::AsicTrust trust() const { return {*view_, timestamp_authorities_}; }
  const View& view() const { return *view_; }

 private:
  explicit VerificationConfiguration(std::shared_ptr<const View> view);
  std::shared_ptr<const View> view_;
  std::vector<pki::Certificate> timestamp_authorities_;
};

}  // namespace causeway::globalconf
