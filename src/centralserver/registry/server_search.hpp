// SPDX-License-Identifier: MIT
// Looking for security servers.
#pragma once

#include <string>

#include "centralserver/registry/paging.hpp"
#include "centralserver/registry/security_servers.hpp"

namespace causeway::centralserver {

struct FoundServer {
  RegisteredServer server;
  std::string owner_name;
};

enum class ServerOrder { number, owner_name, owner_class, owner_code, code };

// With `text` anywhere in the name of the owner or in a code, in any case; empty: all.
Result<Page<FoundServer>> find_security_servers(const Registry& registry, const std::string& text, ServerOrder order,
                                                const Paging& paging);

}  // namespace causeway::centralserver
