// SPDX-License-Identifier: MIT
#include "globalconf/instance.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "domain/fault_code.hpp"

namespace causeway::globalconf {
namespace {

std::size_t hash_of(std::string_view member_class, std::string_view code, std::string_view subsystem) {
  std::size_t hash = std::hash<std::string_view>{}(member_class);
  hash = hash * 31 + std::hash<std::string_view>{}(code);
  return hash * 31 + std::hash<std::string_view>{}(subsystem);
}

std::size_t hash_of(const ClientId& id) { return hash_of(id.member_class(), id.member_code(), id.subsystem()); }

}  // namespace

Instance::Instance(SharedParameters parameters, int version) : parameters_(std::move(parameters)), version_(version) {}

Result<std::shared_ptr<const Instance>> Instance::make(SharedParameters parameters, int version) {
  auto instance = std::make_shared<Instance>(std::move(parameters), version);
  if (auto read = instance->read_cas(); !read) return std::move(read).error();
  instance->index_clients();
  instance->index_servers();
  instance->index_groups();
  return std::shared_ptr<const Instance>(std::move(instance));
}

void Instance::index_clients() {
  std::uint32_t next = 0;
  first_numbers_.reserve(parameters_.members.size() + 1);
  for (const Member& member : parameters_.members) {
    first_numbers_.push_back(next);
    next += 1 + static_cast<std::uint32_t>(member.subsystems.size());
  }
  first_numbers_.push_back(next);
  clients_ = IndexTable(next);
  const auto never = [](std::uint32_t) { return false; };
  for (std::size_t i = 0; i < parameters_.members.size(); ++i) {
    const Member& member = parameters_.members[i];
    std::uint32_t number = first_numbers_[i];
    clients_.add(hash_of(member.member_class.code, member.code, {}), number++, never);
    for (const Subsystem& subsystem : member.subsystems)
      clients_.add(hash_of(member.member_class.code, member.code, subsystem.code), number++, never);
  }
}

ClientRef Instance::client_at(std::uint32_t number) const {
  const auto next = std::upper_bound(first_numbers_.begin(), first_numbers_.end(), number);
  const auto member = static_cast<std::uint32_t>(next - first_numbers_.begin() - 1);
  const std::uint32_t offset = number - first_numbers_[member];
  return {member, offset == 0 ? ClientRef::kMemberItself : offset - 1};
}

std::uint32_t Instance::number_of(const ClientRef& client) const {
  const std::uint32_t first = first_numbers_[client.member];
  return client.subsystem == ClientRef::kMemberItself ? first : first + 1 + client.subsystem;
}

bool Instance::is(std::uint32_t number, const ClientId& client) const {
  const ClientRef ref = client_at(number);
  const Member& member = parameters_.members[ref.member];
  if (member.code != client.member_code() || member.member_class.code != client.member_class()) return false;
  const bool itself = ref.subsystem == ClientRef::kMemberItself;
  return itself ? !client.is_subsystem() : member.subsystems[ref.subsystem].code == client.subsystem();
}

std::uint32_t Instance::number_of(const ClientId& client) const {
  if (client.instance() != parameters_.instance) return IndexTable::kNone;
  return clients_.find(hash_of(client), [&](std::uint32_t number) { return is(number, client); });
}

void Instance::index_servers() {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;  // client number, server
  for (std::uint32_t place = 0; place < parameters_.servers.size(); ++place) {
    const SecurityServer& server = parameters_.servers[place];
    ServerEntry entry{parameters_.id_of(server), server.address.value_or(""), std::nullopt};
    if (server.maintenance) entry.maintenance = server.maintenance->message.value_or("");
    server_places_.insert_or_assign(entry.id, place);
    servers_.push_back(std::move(entry));
    pairs.emplace_back(number_of(ClientRef{server.owner}), place);
    for (const ClientRef& client : server.clients) pairs.emplace_back(number_of(client), place);
  }
  std::sort(pairs.begin(), pairs.end());  // an owner may stand among the clients too
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  list_starts_.assign(first_numbers_.back() + std::size_t{1}, 0);
  for (const auto& [client, place] : pairs) ++list_starts_[client + std::size_t{1}];
  for (std::size_t i = 1; i < list_starts_.size(); ++i) list_starts_[i] += list_starts_[i - 1];
  server_lists_.reserve(pairs.size());
  for (const auto& [client, place] : pairs) server_lists_.push_back(place);
}

void Instance::index_groups() {
  for (const GlobalGroup& group : parameters_.global_groups) {
    IndexTable members(group.members.size());
    for (std::uint32_t i = 0; i < group.members.size(); ++i)
      members.add(hash_of(group.members[i]), i,
                  [&](std::uint32_t at) { return group.members[at] == group.members[i]; });
    groups_.insert_or_assign(group.code, Group{&group, std::move(members)});
  }
}

const ServerEntry* Instance::server(const ServerId& id) const {
  const auto found = server_places_.find(id);
  return found == server_places_.end() ? nullptr : &servers_[found->second];
}

std::vector<const ServerEntry*> Instance::servers_of(const ClientId& client) const {
  std::vector<const ServerEntry*> found;
  const std::uint32_t number = number_of(client);
  if (number == IndexTable::kNone) return found;
  for (std::uint32_t i = list_starts_[number]; i < list_starts_[number + std::size_t{1}]; ++i)
    found.push_back(&servers_[server_lists_[i]]);
  return found;
}

bool Instance::serves(const ServerEntry& server, const ClientId& client) const {
  const std::uint32_t number = number_of(client);
  const auto known = server_places_.find(server.id);
  if (number == IndexTable::kNone || known == server_places_.end()) return false;
  const auto begin = server_lists_.begin();
  return std::binary_search(begin + list_starts_[number], begin + list_starts_[number + std::size_t{1}], known->second);
}

bool Instance::in_global_group(std::string_view code, const ClientId& client) const {
  const auto found = groups_.find(std::string(code));
  if (found == groups_.end()) return false;
  const std::vector<ClientId>& members = found->second.group->members;
  return found->second.members.find(hash_of(client), [&](std::uint32_t at) { return members[at] == client; }) !=
         IndexTable::kNone;
}

Result<void> Instance::read_cas() {
  for (const CertificationService& service : parameters_.certification_services) {
    if (auto added = add_ca(service, service.top); !added) return added;
    for (const CaEntry& intermediate : service.intermediates)
      if (auto added = add_ca(service, intermediate); !added) return added;
  }
  // Of several with one subject the last counts.
  for (const pki::ApprovedCa& ca : cas_) cas_by_subject_.insert_or_assign(ca.certificate.subject_key(), &ca);
  return {};
}

Result<void> Instance::add_ca(const CertificationService& service, const CaEntry& entry) {
  auto certificate = pki::Certificate::from_der_or_pem(entry.certificate);
  if (!certificate)
    return fault(FaultCode::malformed_global_conf,
                 "the certificate of approved CA '" + service.name + "': " + certificate.error().text);
  pki::ApprovedCa ca{
      *std::move(certificate), {}, {}, service.profile_class, service.authentication_only.value_or(false)};
  for (const OcspResponder& responder : entry.ocsp) {
    ca.ocsp_urls.push_back(responder.url);
    if (!responder.certificate || responder.certificate->empty()) continue;
    auto signer = pki::Certificate::from_der_or_pem(*responder.certificate);
    if (signer) {
      ca.ocsp_responders.push_back(*std::move(signer));
    } else {
      log::warn("Global configuration of {}: the OCSP responder certificate of '{}' at {} cannot be read: {}",
                parameters_.instance, service.name, responder.url, signer.error().text);
    }
  }
  cas_.push_back(std::move(ca));
  return {};
}

const pki::ApprovedCa* Instance::issuer_of(const pki::Certificate& certificate) const {
  const auto found = cas_by_subject_.find(certificate.issuer_key());
  return found == cas_by_subject_.end() ? nullptr : found->second;
}

}  // namespace causeway::globalconf
