// SPDX-License-Identifier: MIT
#include "securityserver/configuration/rights.hpp"

#include <algorithm>
#include <cstring>

namespace causeway::securityserver {
namespace {

constexpr std::size_t kFewestSlots = 8;

template <class Group>
bool add_once(std::vector<Group>& groups, const Group& group) {
  if (std::find(groups.begin(), groups.end(), group) != groups.end()) return false;
  groups.push_back(group);
  return true;
}

bool is_full(std::size_t entries, std::size_t slots) { return 3 * (entries + 1) > 2 * slots; }

std::size_t spread(std::size_t hash, std::size_t slots) { return ((hash * 0x9E3779B97F4A7C15ULL) >> 32) & (slots - 1); }

}  // namespace

// The slot of the number, or a free one.
std::size_t NumberSet::slot_of(std::span<const std::uint32_t> slots, std::uint32_t number) {
  std::size_t at = spread(number, slots.size());
  while (slots[at] != kFree && slots[at] != number) at = (at + 1) & (slots.size() - 1);
  return at;
}

bool NumberSet::insert(std::uint32_t number) {
  if (contains(number)) return false;
  if (is_full(size_, slots_.size())) {
    std::vector<std::uint32_t> more(std::max(kFewestSlots, 2 * slots_.size()), kFree);
    for (const std::uint32_t one : slots_)
      if (one != kFree) more[slot_of(more, one)] = one;
    slots_ = std::move(more);
  }
  slots_[slot_of(slots_, number)] = number;
  ++size_;
  return true;
}

bool NumberSet::contains(std::uint32_t number) const {
  return !slots_.empty() && slots_[slot_of(slots_, number)] == number;
}

std::vector<std::uint32_t> NumberSet::sorted() const {
  std::vector<std::uint32_t> numbers;
  for (const std::uint32_t one : slots_)
    if (one != kFree) numbers.push_back(one);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::array<std::string_view, 4> ClientTable::parts_of(std::uint32_t number) const {
  std::array<std::string_view, 4> parts;
  const char* at = text_.data() + starts_[number];
  for (std::string_view& part : parts) {
    std::uint32_t length = 0;
    std::memcpy(&length, at, sizeof length);
    part = {at + sizeof length, length};
    at += sizeof length + length;
  }
  return parts;
}

bool ClientTable::is(std::uint32_t number, const ClientId& client) const {
  const auto [instance, member_class, member_code, subsystem] = parts_of(number);
  return subsystem == client.subsystem() && member_code == client.member_code() &&
         member_class == client.member_class() && instance == client.instance();
}

std::size_t ClientTable::slot_of(const ClientId& client) const {
  std::size_t at = spread(std::hash<ClientId>{}(client), slots_.size());
  while (slots_[at] != 0 && !is(slots_[at] - 1, client)) at = (at + 1) & (slots_.size() - 1);
  return at;
}

std::optional<std::uint32_t> ClientTable::find(const ClientId& client) const {
  if (slots_.empty()) return std::nullopt;
  const std::uint32_t found = slots_[slot_of(client)];
  return found == 0 ? std::nullopt : std::optional(found - 1);
}

void ClientTable::grow() {
  slots_.assign(std::max(kFewestSlots, 2 * slots_.size()), 0);
  for (std::uint32_t number = 0; number < starts_.size(); ++number) slots_[slot_of(at(number))] = number + 1;
}

std::uint32_t ClientTable::add(const ClientId& client) {
  if (is_full(starts_.size(), slots_.size())) grow();
  std::uint32_t& slot = slots_[slot_of(client)];
  if (slot != 0) return slot - 1;
  const auto number = static_cast<std::uint32_t>(starts_.size());
  starts_.push_back(static_cast<std::uint32_t>(text_.size()));
  for (const std::string* part :
       {&client.instance(), &client.member_class(), &client.member_code(), &client.subsystem()}) {
    const auto length = static_cast<std::uint32_t>(part->size());
    text_.append(reinterpret_cast<const char*>(&length), sizeof length).append(*part);
  }
  slot = number + 1;
  return number;
}

ClientId ClientTable::at(std::uint32_t number) const {
  const auto [instance, member_class, member_code, subsystem] = parts_of(number);
  // It came from an identifier.
  return *ClientId::make(std::string(instance), std::string(member_class), std::string(member_code),
                         std::string(subsystem));
}

GrantedEndpoint& Rights::granted(const std::string& service_code, const Endpoint& endpoint) {
  auto& endpoints = by_service_[service_code];
  auto found = std::find_if(endpoints.begin(), endpoints.end(),
                            [&](const GrantedEndpoint& each) { return each.endpoint == endpoint; });
  if (found == endpoints.end()) found = endpoints.insert(endpoints.end(), {endpoint, {}, {}, {}});
  return *found;
}

bool Rights::grant(const std::string& service_code, const ClientId& client) {
  static const Endpoint kBase = Endpoint::base();
  const bool added = granted(service_code, kBase).clients.insert(clients_.add(client));
  size_ += added ? 1 : 0;
  return added;
}

bool Rights::grant(const AccessRight& right) {
  GrantedEndpoint& endpoint = granted(right.service_code, right.endpoint);
  bool added = false;
  if (const auto* client = std::get_if<ClientId>(&right.subject))
    added = endpoint.clients.insert(clients_.add(*client));
  else if (const auto* global = std::get_if<GlobalGroupId>(&right.subject))
    added = add_once(endpoint.global_groups, *global);
  else
    added = add_once(endpoint.local_groups, std::get<LocalGroupId>(right.subject));
  size_ += added ? 1 : 0;
  return added;
}

const std::vector<GrantedEndpoint>* Rights::of_service(const std::string& service_code) const {
  const auto found = by_service_.find(service_code);
  return found == by_service_.end() ? nullptr : &found->second;
}

std::vector<std::string> Rights::service_codes() const {
  std::vector<std::string> codes;
  for (const auto& [code, endpoints] : by_service_) codes.push_back(code);
  std::sort(codes.begin(), codes.end());
  return codes;
}

std::vector<AccessRight> Rights::list(const std::string& service_code) const {
  std::vector<AccessRight> rights;
  const auto* endpoints = of_service(service_code);
  if (endpoints == nullptr) return rights;
  for (const GrantedEndpoint& one : *endpoints) {
    for (const std::uint32_t number : one.clients.sorted())
      rights.push_back({service_code, one.endpoint, clients_.at(number)});
    for (const auto& group : one.global_groups) rights.push_back({service_code, one.endpoint, group});
    for (const auto& group : one.local_groups) rights.push_back({service_code, one.endpoint, group});
  }
  std::sort(rights.begin(), rights.end());
  return rights;
}

std::vector<AccessRight> Rights::list() const {
  std::vector<AccessRight> rights;
  rights.reserve(size_);
  for (const std::string& code : service_codes())
    for (AccessRight& right : list(code)) rights.push_back(std::move(right));
  return rights;
}

}  // namespace causeway::securityserver
