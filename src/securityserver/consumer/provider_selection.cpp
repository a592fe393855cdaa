// SPDX-License-Identifier: MIT
#include "securityserver/consumer/provider_selection.hpp"

#include <algorithm>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxEntries = 10000;

std::string key_of(std::vector<std::string> addresses) {
  std::sort(addresses.begin(), addresses.end());
  std::string key;
  for (const auto& address : addresses) key += address + "\n";
  return key;
}

Fault in_maintenance(const globalconf::ServerEntry& server) {
  return fault(FaultCode::maintenance_mode,
               "Security server " + server.id.to_string() + " is in maintenance mode" +
                   (server.maintenance->empty() ? std::string() : ": " + *server.maintenance));
}

}  // namespace

Result<std::vector<std::string>> provider_addresses(const globalconf::View& view, const ClientId& provider,
                                                    const std::optional<ServerId>& target) {
  if (!view.has_instance(provider.instance()))
    return fault(FaultCode::internal_error,
                 "instance " + provider.instance() + " is not known here, or its configuration has expired");
  auto servers = view.servers_of(provider);
  std::erase_if(servers, [](const auto* server) { return server->address.empty(); });
  if (servers.empty())
    return fault(FaultCode::unknown_member, "no security server is known for " + provider.to_string() +
                                                "; check the identifier, or that the subsystem is registered");
  if (target) {
    const auto wanted =
        std::find_if(servers.begin(), servers.end(), [&](const auto* server) { return server->id == *target; });
    if (wanted == servers.end())
      return fault(FaultCode::invalid_security_server, target->to_string() + " does not serve " + provider.to_string());
    if ((*wanted)->maintenance) return in_maintenance(**wanted);
    return std::vector<std::string>{(*wanted)->address};
  }
  const auto* first = servers.front();
  std::erase_if(servers, [](const auto* server) { return server->maintenance.has_value(); });
  if (servers.empty()) return in_maintenance(*first);
  std::vector<std::string> addresses;
  for (const auto* server : servers)
    if (std::find(addresses.begin(), addresses.end(), server->address) == addresses.end())
      addresses.push_back(server->address);
  return addresses;
}

std::optional<std::string> FastestCache::find(const std::vector<std::string>& addresses, TimePoint at) {
  const std::lock_guard lock(mutex_);
  const auto found = winners_.find(key_of(addresses));
  if (found == winners_.end() || at >= found->second.until) return std::nullopt;
  return found->second.address;
}

void FastestCache::remember(const std::vector<std::string>& addresses, const std::string& winner, TimePoint at) {
  if (period_.count() <= 0) return;
  const std::lock_guard lock(mutex_);
  if (winners_.size() >= kMaxEntries) winners_.clear();
  winners_[key_of(addresses)] = {winner, at + period_};
}

void FastestCache::forget(const std::vector<std::string>& addresses) {
  const std::lock_guard lock(mutex_);
  winners_.erase(key_of(addresses));
}

}  // namespace causeway::securityserver
