// SPDX-License-Identifier: MIT
#include "securityserver/configuration/rights.hpp"

#include <algorithm>

namespace causeway::securityserver {
namespace {

template <class Group>
bool add_once(std::vector<Group>& groups, const Group& group) {
  if (std::find(groups.begin(), groups.end(), group) != groups.end()) return false;
  groups.push_back(group);
  return true;
}

}  // namespace

bool Rights::grant(const AccessRight& right) {
  auto& endpoints = by_service_[right.service_code];
  auto granted = std::find_if(endpoints.begin(), endpoints.end(),
                              [&](const GrantedEndpoint& each) { return each.endpoint == right.endpoint; });
  if (granted == endpoints.end()) granted = endpoints.insert(endpoints.end(), {right.endpoint, {}, {}, {}});
  bool added = false;
  if (const auto* client = std::get_if<ClientId>(&right.subject))
    added = granted->clients.insert(number_for(*client)).second;
  else if (const auto* global = std::get_if<GlobalGroupId>(&right.subject))
    added = add_once(granted->global_groups, *global);
  else
    added = add_once(granted->local_groups, std::get<LocalGroupId>(right.subject));
  size_ += added ? 1 : 0;
  return added;
}

const std::vector<GrantedEndpoint>* Rights::of_service(const std::string& service_code) const {
  const auto found = by_service_.find(service_code);
  return found == by_service_.end() ? nullptr : &found->second;
}

std::optional<std::uint32_t> Rights::number_of(const ClientId& client) const {
  const auto found = numbers_.find(client);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::vector<AccessRight> Rights::list() const {
  std::vector<AccessRight> rights;
  rights.reserve(size_);
  for (const auto& [code, endpoints] : by_service_)
    for (const GrantedEndpoint& granted : endpoints) {
      for (const std::uint32_t number : granted.clients) rights.push_back({code, granted.endpoint, clients_[number]});
      for (const auto& group : granted.global_groups) rights.push_back({code, granted.endpoint, group});
      for (const auto& group : granted.local_groups) rights.push_back({code, granted.endpoint, group});
    }
  std::sort(rights.begin(), rights.end());
  return rights;
}

std::uint32_t Rights::number_for(const ClientId& client) {
  const auto [place, added] = numbers_.try_emplace(client, static_cast<std::uint32_t>(clients_.size()));
  if (added) clients_.push_back(client);
  return place->second;
}

}  // namespace causeway::securityserver
