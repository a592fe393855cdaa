// SPDX-License-Identifier: MIT
// Whether a web server is the one that was meant.
#pragma once

#include <string>
#include <vector>

#include "net/tls.hpp"

namespace causeway::net {

// Accepts a server whose certificate leads to a CA that the machine trusts and names
// `host`, a DNS name or an IP address. ssl_authentication_failed.
PeerCheck web_server_check(std::string host, bool verify_certificate, bool verify_host_name);

// Trusts these certificates instead: CAs, or that of the server itself, which then need not name
// `host`, as one that a server made for itself seldom does.
PeerCheck web_server_check(std::string host, std::vector<pki::Certificate> trusted);

}  // namespace causeway::net
