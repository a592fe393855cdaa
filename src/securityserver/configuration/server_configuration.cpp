// SPDX-License-Identifier: MIT
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::securityserver {

const Service* Client::find_service(const std::string& code, const std::string& version) const {
  const auto versions = services.find(code);
  if (versions == services.end()) return nullptr;
  for (const Service& service : versions->second)
    if (service.version == version) return &service;
  return nullptr;
}

const Client* ServerConfiguration::find_client(const ClientId& client) const {
  const auto found = clients.find(client);
  return found == clients.end() ? nullptr : &found->second;
}

}  // namespace causeway::securityserver
