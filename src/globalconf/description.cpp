// SPDX-License-Identifier: MIT
#include "globalconf/description.hpp"

#include <algorithm>
#include <unordered_map>

#include "domain/fault_code.hpp"

namespace causeway::globalconf {
namespace {

Fault inconsistent(std::string text) { return fault(FaultCode::malformed_global_conf, std::move(text)); }

using Places = std::unordered_map<ClientId, ClientRef>;

Result<Places> places_of(const SharedParameters& parameters) {
  Places places;
  const auto add = [&](const ClientRef& client, std::string_view member_class, const std::string& member,
                       const std::string& subsystem) -> Result<void> {
    auto id = ClientId::make(parameters.instance, std::string(member_class), member, subsystem);
    if (!id) return std::move(id).error();
    if (!places.emplace(*id, client).second) return inconsistent(id->to_string() + " is described twice");
    return {};
  };
  for (std::uint32_t m = 0; m < parameters.members.size(); ++m) {
    const Member& member = parameters.members[m];
    if (auto added = add({m}, member.member_class.code, member.code, ""); !added) return std::move(added).error();
    for (std::uint32_t s = 0; s < member.subsystems.size(); ++s) {
      if (member.subsystems[s].code.empty()) return inconsistent("A subsystem of " + member.code + " has no code");
      auto added = add({m, s}, member.member_class.code, member.code, member.subsystems[s].code);
      if (!added) return std::move(added).error();
    }
  }
  return places;
}

Result<ClientRef> place_of(const Places& places, const ClientId& id) {
  const auto found = places.find(id);
  if (found == places.end()) return inconsistent(id.to_string() + " is not described");
  return found->second;
}

Result<SecurityServer> server_of(const DescribedServer& described, const Places& places, int version) {
  auto owner = place_of(places, described.id.owner());
  if (!owner) return owner.error().while_doing(described.id.to_string());
  SecurityServer server;
  server.owner = owner->member;
  server.code = described.id.code();
  if (!described.address.empty()) server.address = described.address;
  const auto hash = version >= kSha256Since ? pki::DigestAlgorithm::sha256 : pki::DigestAlgorithm::sha1;
  for (const pki::Certificate& certificate : described.authentication_certificates)
    server.authentication_certificate_hashes.push_back(pki::digest(hash, certificate.der()));
  for (const ClientId& id : described.clients) {
    auto client = place_of(places, id);
    if (!client) return client.error().while_doing(described.id.to_string());
    if (*client != *owner) server.clients.push_back(*client);
  }
  server.maintenance = described.maintenance;
  return server;
}

}  // namespace

Result<SharedParameters> shared_parameters_of(const InstanceDescription& description, int version) {
  SharedParameters out;
  out.instance = description.instance;
  out.certification_services = description.certification_services;
  out.timestamping_services = description.timestamping_services;
  out.members = description.members;
  out.global_groups = description.global_groups;
  out.member_classes = description.member_classes;
  out.ocsp_freshness = description.ocsp_freshness;
  for (Member& member : out.members) {
    const auto same = [&](const MemberClass& known) { return known.code == member.member_class.code; };
    const auto known = std::find_if(out.member_classes.begin(), out.member_classes.end(), same);
    if (known == out.member_classes.end())
      return inconsistent("The class of member " + member.code + " is not described: " + member.member_class.code);
    member.member_class.description = known->description;
  }
  auto places = places_of(out);
  if (!places) return std::move(places).error();
  for (const DescribedServer& described : description.servers) {
    auto server = server_of(described, *places, version);
    if (!server) return std::move(server).error();
    out.servers.push_back(*std::move(server));
  }
  return out;
}

Result<PrivateParameters> private_parameters_of(const InstanceDescription& description) {
  if (!description.management)
    return inconsistent("The management service of " + description.instance + " is not described");
  return PrivateParameters{description.instance, description.partners, *description.management,
                           description.timestamping_interval};
}

}  // namespace causeway::globalconf
