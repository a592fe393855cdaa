// SPDX-License-Identifier: MIT
// TLS identities in files, PEM.
#pragma once

#include <filesystem>
#include <string>

#include "net/tls.hpp"

namespace causeway::net {

struct TlsFiles {
  std::filesystem::path certificate;  // with its chain, leaf first, as web servers have them in one file
  std::filesystem::path key;

  // Whether there is neither of them.
  bool are_missing() const;
};

// malformed_configuration names the file that cannot be used, or is missing.
Result<TlsIdentity> read_tls_identity(const TlsFiles& files);
// The same; a self-signed one for `host` is made when both are missing, by one of the processes that find it so.
// io_error.
Result<TlsIdentity> read_or_make_tls_identity(const TlsFiles& files, const std::string& host);

}  // namespace causeway::net
