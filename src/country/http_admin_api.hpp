// SPDX-License-Identifier: MIT
// An admin API over HTTPS, used with an API key.
#pragma once

#include <optional>
#include <vector>

#include "country/admin_api.hpp"
#include "country/trust_services.hpp"

namespace causeway::country {

struct ServerAddress {
  std::string url = {};      // "https://cs.example.org:4000"
  std::string api_key = {};  // the secret itself
  // Who the server must be: one of these, or below one of them. None: the machine's CAs decide.
  std::vector<pki::Certificate> trusted = {};
  std::optional<NamedCertificate> pinned = {};  // instead: exactly this one
};

// One call after another, on a connection that is kept. Where the server asks for patience (429), as
// X-Road's does after twenty requests in a second, it is waited and asked again. Faults:
// service_malformed_url; also an address without TLS that is not of this machine, for a key must not
// be seen by others.
Result<std::unique_ptr<AdminApi>> open_admin_api(ServerAddress address);

}  // namespace causeway::country
