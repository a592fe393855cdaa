// SPDX-License-Identifier: MIT
// The signer process.
#pragma once

#include <filesystem>
#include <string>

#include "base/parameters.hpp"
#include "base/result.hpp"
#include "signer/token_manager.hpp"

namespace causeway::signer {

struct RunOptions {
  // Of keyconf.xml, softtoken/, autologin (one PIN, or tokenId:pin lines; mode 0600) and,
  // preferred to it, custom-fetch-pin.sh, whose place `signer.autologin-script` may say.
  std::filesystem::path directory;
  std::string socket_path;
  Parameters parameters;
  TokenManager::CertificateCheck check_chain, check_revocation;  // as in TokenManager
};

// Serves until SIGINT or SIGTERM; then answers what is under way and returns. SIGHUP
// makes it look at its files at once, which it does every second anyway. io_error when
// another signer works on the directory.
Result<void> run_signer(const RunOptions& options);

// Where the signer of a server's directory listens.
inline std::string signer_socket(const std::filesystem::path& server_directory) {
  return (server_directory / "run" / "signer.sock").string();
}

}  // namespace causeway::signer
