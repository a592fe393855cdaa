// SPDX-License-Identifier: MIT
#include "securityserver/internal_tls.hpp"

#include "net/tls_files.hpp"

namespace causeway::securityserver {

Result<std::shared_ptr<const net::TlsIdentity>> internal_tls_identity(const std::string& directory,
                                                                      const std::string& host) {
  const std::filesystem::path folder(directory);
  auto identity = net::read_or_make_tls_identity({folder / "internal.crt", folder / "internal.key"}, host);
  if (!identity) return std::move(identity).error();
  return std::make_shared<const net::TlsIdentity>(*std::move(identity));
}

}  // namespace causeway::securityserver
