// SPDX-License-Identifier: MIT
#include "ecosystem/central_changes.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <string>

#include "domain/fault_code.hpp"

namespace causeway::ecosystem {
namespace {

namespace json = boost::json;

Fault unreadable(std::string text) { return fault(FaultCode::bad_request, "central/changes.json: " + std::move(text)); }

template <class Id>
Result<Id> id_from(const json::value& value) {
  if (!value.is_string()) return unreadable("an identifier is a text");
  auto id = Id::parse_rest(std::string_view(value.get_string()));
  if (!id) return unreadable(id.error().text);
  return id;
}

template <class Id>
Result<void> read_list(const json::value& value, std::vector<Id>& into) {
  if (!value.is_array()) return unreadable("a list of identifiers is expected");
  for (const json::value& each : value.get_array()) {
    auto id = id_from<Id>(each);
    if (!id) return id.error();
    into.push_back(*std::move(id));
  }
  return {};
}

Result<void> read_seconds(const json::value& value, std::optional<std::chrono::seconds>& into) {
  constexpr std::int64_t kMost = 1'000'000'000;
  if (!value.is_int64() || value.get_int64() < 1 || value.get_int64() > kMost)
    return unreadable("seconds are a number of at least 1");
  into = std::chrono::seconds(value.get_int64());
  return {};
}

Result<void> read_flag(const json::value& value, bool& into) {
  if (!value.is_bool()) return unreadable("true or false is expected");
  into = value.get_bool();
  return {};
}

Result<void> read_addresses(const json::value& value, std::map<ServerId, std::string>& into) {
  if (!value.is_object()) return unreadable("addresses are an object: server to address");
  for (const auto& [key, address] : value.get_object()) {
    auto server = id_from<ServerId>(json::string(key));
    if (!server) return server.error();
    if (!address.is_string()) return unreadable("an address is a text");
    into.emplace(*std::move(server), std::string(address.get_string()));
  }
  return {};
}

Result<void> read_moved(const json::value& value, std::map<ClientId, ServerId>& into) {
  if (!value.is_object()) return unreadable("what moved is an object: client to server");
  for (const auto& [key, place] : value.get_object()) {
    auto client = id_from<ClientId>(json::string(key));
    if (!client) return client.error();
    auto server = id_from<ServerId>(place);
    if (!server) return server.error();
    into.emplace(*std::move(client), *std::move(server));
  }
  return {};
}

template <class T>
bool holds(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

}  // namespace

Result<CentralChanges> CentralChanges::from_json(std::string_view text) {
  CentralChanges changes;
  if (text.empty()) return changes;
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object()) return unreadable("it is no JSON object");
  for (const auto& [key, member] : value.get_object()) {
    Result<void> read = unreadable("there is no change called " + std::string(key));
    if (key == "validity") read = read_seconds(member, changes.validity);
    if (key == "ocsp_freshness") read = read_seconds(member, changes.ocsp_freshness);
    if (key == "without_members") read = read_list(member, changes.without_members);
    if (key == "without_clients") read = read_list(member, changes.without_clients);
    if (key == "without_authorities") read = read_flag(member, changes.without_authorities);
    if (key == "without_authentication") read = read_list(member, changes.without_authentication);
    if (key == "addresses") read = read_addresses(member, changes.addresses);
    if (key == "moved") read = read_moved(member, changes.moved);
    if (!read) return read.error();
  }
  return changes;
}

void CentralChanges::apply_to(globalconf::InstanceDescription& description) const {
  const std::string& instance = description.instance;
  const auto is_gone = [&](const ClientId& id) {
    return holds(without_members, id.member()) || holds(without_clients, id);
  };
  if (ocsp_freshness) description.ocsp_freshness = *ocsp_freshness;
  if (without_authorities) description.certification_services.clear();

  const auto member_id = [&](const globalconf::Member& member) {
    return ClientId::make(instance, member.member_class.code, member.code, "");
  };
  std::erase_if(description.members, [&](const globalconf::Member& member) {
    const auto id = member_id(member);
    return id && is_gone(*id);
  });
  for (globalconf::Member& member : description.members)
    std::erase_if(member.subsystems, [&](const globalconf::Subsystem& subsystem) {
      const auto id = ClientId::make(instance, member.member_class.code, member.code, subsystem.code);
      return id && is_gone(*id);
    });
  for (globalconf::GlobalGroup& group : description.global_groups) std::erase_if(group.members, is_gone);

  std::erase_if(description.servers,
                [&](const globalconf::DescribedServer& server) { return is_gone(server.id.owner()); });
  for (globalconf::DescribedServer& server : description.servers) {
    std::erase_if(server.clients, [&](const ClientId& id) { return is_gone(id) || moved.contains(id); });
    for (const auto& [client, place] : moved)
      if (place == server.id && !is_gone(client)) server.clients.push_back(client);
    if (holds(without_authentication, server.id)) server.authentication_certificates.clear();
    if (const auto address = addresses.find(server.id); address != addresses.end()) server.address = address->second;
  }
}

}  // namespace causeway::ecosystem
