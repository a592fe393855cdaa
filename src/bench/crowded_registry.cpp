// SPDX-License-Identifier: MIT
#include "bench/crowded_registry.hpp"

#include <algorithm>

#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/member_classes.hpp"
#include "centralserver/registry/members.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/registry/subsystems.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "ecosystem/crowd.hpp"

namespace causeway::bench {
namespace {

using centralserver::Change;

Result<void> register_classes(Change& change, const globalconf::InstanceDescription& crowd) {
  auto known = centralserver::member_classes(change.registry());
  if (!known) return known.error();
  for (const auto& member : crowd.members) {
    const globalconf::MemberClass& wanted = member.member_class;
    if (std::ranges::find(*known, wanted.code, &globalconf::MemberClass::code) != known->end()) continue;
    known->push_back({wanted.code, "Of the crowd"});
    if (auto added = centralserver::add_member_class(change, known->back()); !added) return added;
  }
  return {};
}

Result<void> register_member(Change& change, const std::string& instance, const globalconf::Member& member) {
  auto id = ClientId::make(instance, member.member_class.code, member.code);
  if (!id) return id.error();
  if (auto added = centralserver::add_member(change, *id, member.name); !added) return added;
  for (const auto& subsystem : member.subsystems) {
    auto of_member = ClientId::make(instance, member.member_class.code, member.code, subsystem.code);
    if (!of_member) return of_member.error();
    if (auto added = centralserver::add_subsystem(change, *of_member, subsystem.name.value_or("")); !added)
      return added;
  }
  return {};
}

Result<void> register_server(Change& change, const globalconf::DescribedServer& server) {
  if (auto added = centralserver::register_security_server(change, server.id, server.address); !added) return added;
  for (const auto& certificate : server.authentication_certificates) {
    auto added = centralserver::add_authentication_certificate(change, server.id, certificate.der());
    if (!added) return added.error();
  }
  for (const ClientId& client : server.clients)
    if (auto added = centralserver::register_client(change, server.id, client); !added) return added;
  return {};
}

}  // namespace

Result<void> register_crowd(Change& change, std::size_t total) {
  auto parameters = centralserver::system_parameters(change.registry());
  if (!parameters) return parameters.error();
  globalconf::InstanceDescription crowd;
  crowd.instance = parameters->instance;
  if (auto made = ecosystem::add_members(crowd, total); !made) return made;
  if (auto registered = register_classes(change, crowd); !registered) return registered;
  for (const auto& member : crowd.members)
    if (auto registered = register_member(change, crowd.instance, member); !registered) return registered;
  for (const auto& server : crowd.servers)
    if (auto registered = register_server(change, server); !registered) return registered;
  return {};
}

}  // namespace causeway::bench
