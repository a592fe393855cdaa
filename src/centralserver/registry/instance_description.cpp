// SPDX-License-Identifier: MIT
#include "centralserver/registry/instance_description.hpp"

#include <unordered_map>

#include "centralserver/registry/certification_services.hpp"
#include "centralserver/registry/clients.hpp"
#include "centralserver/registry/configuration_parts.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/management_service.hpp"
#include "centralserver/registry/member_classes.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "centralserver/registry/timestamping_services.hpp"
#include "centralserver/registry/trusted_anchors.hpp"
#include "globalconf/optional_parts.hpp"

namespace causeway::centralserver {
namespace {

using globalconf::InstanceDescription;

// A country has hundreds of thousands of clients: each table is read once, and what refers to
// a client finds it here by its number.
using Clients = std::unordered_map<std::int64_t, ClientId>;

struct Link {
  std::int64_t to, client;
};
Result<Link> read_link(const store::Statement& row) { return Link{row.integer(0), row.integer(1)}; }

// Members come before their subsystems, which were added later.
Result<Clients> describe_members(const Registry& registry, InstanceDescription& out) {
  Clients clients;
  std::unordered_map<std::string, std::size_t> places;  // of members, by class and code
  const std::string sql = std::string("SELECT") + kClientColumns + "FROM" + kClientTables + "ORDER BY client.id";
  const auto read = [&](const store::Statement& row) -> Result<bool> {
    auto client = read_client(row, out.instance);
    if (!client) return client.error();
    const ClientId& id = client->id;
    const auto [place, is_new] = places.try_emplace(id.member().to_rest(), out.members.size());
    if (is_new) out.members.push_back({{id.member_class(), {}}, id.member_code(), client->name, {}});
    if (id.is_subsystem())
      out.members[place->second].subsystems.push_back(
          {id.subsystem(), client->name.empty() ? std::nullopt : std::optional(client->name)});
    clients.emplace(client->number, std::move(client->id));
    return true;
  };
  auto rows = read_rows(registry.database(), sql, read);
  if (!rows) return rows.error();
  return clients;
}

Result<void> describe_servers(const Registry& registry, const Clients& clients, InstanceDescription& out) {
  auto servers = security_servers(registry);
  if (!servers) return servers.error();
  std::unordered_map<std::int64_t, std::size_t> places;
  for (const RegisteredServer& server : *servers) {
    places.emplace(server.number, out.servers.size());
    out.servers.push_back({server.id, server.address, {}, {}, server.maintenance});
  }
  const auto add_certificate = [&](const store::Statement& row) -> Result<bool> {
    auto certificate = pki::Certificate::from_der(row.octets(1));
    if (!certificate) return certificate.error();
    out.servers[places.at(row.integer(0))].authentication_certificates.push_back(*std::move(certificate));
    return true;
  };
  auto certificates =
      read_rows(registry.database(), "SELECT server_id, certificate FROM authentication_certificate ORDER BY id",
                add_certificate);
  if (!certificates) return certificates.error();
  auto links = read_rows(
      registry.database(),
      "SELECT server_id, client_id FROM server_client WHERE enabled = 1 ORDER BY server_id, client_id", read_link);
  if (!links) return links.error();
  for (const Link& link : *links) out.servers[places.at(link.to)].clients.push_back(clients.at(link.client));
  return {};
}

Result<void> describe_groups(const Registry& registry, const Clients& clients, InstanceDescription& out) {
  std::unordered_map<std::int64_t, std::size_t> places;
  const auto add_group = [&](const store::Statement& row) -> Result<bool> {
    places.emplace(row.integer(0), out.global_groups.size());
    out.global_groups.push_back({std::string(row.text(1)), std::string(row.text(2)), {}});
    return true;
  };
  auto groups = read_rows(registry.database(), "SELECT id, code, description FROM global_group ORDER BY id", add_group);
  if (!groups) return groups.error();
  auto links = read_rows(registry.database(),
                         "SELECT group_id, client_id FROM global_group_member ORDER BY group_id, id", read_link);
  if (!links) return links.error();
  for (const Link& link : *links) out.global_groups[places.at(link.to)].members.push_back(clients.at(link.client));
  return {};
}

globalconf::CaEntry entry_of(const CertificateAuthority& authority) {
  globalconf::CaEntry entry{authority.certificate.der(), {}};
  for (const RegisteredOcspResponder& responder : authority.ocsp_responders)
    entry.ocsp.push_back({responder.url, responder.certificate, responder.cost});
  return entry;
}

std::optional<std::string> unless_empty(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

globalconf::CertificationService service_of(const RegisteredCertificationService& registered) {
  const CertificationSettings& settings = registered.settings;
  globalconf::CertificationService out{.name = registered.name,
                                       .authentication_only = settings.tls_only,
                                       .top = entry_of(registered.top),
                                       .intermediates = {},
                                       .profile_class = settings.profile_class,
                                       .default_csr_format = settings.default_csr_format,
                                       .acme = {}};
  for (const CertificateAuthority& intermediate : registered.intermediates)
    out.intermediates.push_back(entry_of(intermediate));
  if (!settings.acme_directory_url.empty())
    out.acme = globalconf::AcmeServer{settings.acme_directory_url, unless_empty(settings.acme_ip_addresses),
                                      unless_empty(settings.acme_authentication_profile),
                                      unless_empty(settings.acme_signing_profile)};
  return out;
}

Result<void> describe_trust(const Registry& registry, InstanceDescription& out) {
  auto certification = certification_services(registry);
  if (!certification) return certification.error();
  for (const RegisteredCertificationService& service : *certification)
    out.certification_services.push_back(service_of(service));
  auto timestamping = timestamping_services(registry);
  if (!timestamping) return timestamping.error();
  for (const RegisteredTimestampingService& service : *timestamping)
    out.timestamping_services.push_back({service.name, service.url, service.certificate.der(), service.cost});
  auto anchors = trusted_anchors(registry);
  if (!anchors) return anchors.error();
  for (TrustedAnchor& partner : *anchors) out.partners.push_back(std::move(partner.anchor));
  return {};
}

Result<void> describe_management(const Registry& registry, const SystemParameters& parameters,
                                 std::optional<Bytes> certificate, std::uint16_t port, InstanceDescription& out) {
  auto service = management_service(registry);
  if (!service) return service.error();
  if (!service->provider)
    return fault(RegistryFault::management_service_provider_not_set,
                 "Nothing can be published before it is chosen who serves the management requests");
  if (auto known = client_of(registry, *service->provider); !known)
    return known.error().while_doing("who serves the management requests");
  const std::string address = parameters.resolved_registration_url(port);
  if (address.empty())
    return fault(RegistryFault::invalid_url,
                 "There is no address for registrations: this node has no address, or "
                 "authCertRegUrl is empty");
  out.management = globalconf::ManagementService{address, std::move(certificate), *service->provider};
  return {};
}

// What stands in a part was read when it was stored.
Result<void> describe_part(const ConfigurationPart& part, InstanceDescription& out) {
  if (part.content_identifier == globalconf::kMonitoringId) {
    auto client = globalconf::read_monitoring_client(part.content);
    if (!client) return client.error();
    out.monitoring_client = *std::move(client);
  } else if (part.content_identifier == globalconf::kFetchIntervalId) {
    auto interval = globalconf::read_ocsp_fetch_interval(part.content);
    if (!interval) return interval.error();
    out.ocsp_fetch_interval = *interval;
  } else {
    auto verify = globalconf::read_verify_next_update(part.content);
    if (!verify) return verify.error();
    out.verify_next_update = *verify;
  }
  return {};
}

}  // namespace

Result<InstanceDescription> describe_instance(const Registry& registry, std::optional<Bytes> certificate,
                                              std::uint16_t port) {
  auto snapshot = RegistrySnapshot::take(registry);
  if (!snapshot) return snapshot.error();
  InstanceDescription out;
  auto instance = instance_identifier(registry);
  if (!instance) return instance.error();
  out.instance = *std::move(instance);
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  out.ocsp_freshness = parameters->ocsp_freshness;
  out.timestamping_interval = parameters->timestamping_interval;
  if (auto done = describe_management(registry, *parameters, std::move(certificate), port, out); !done)
    return done.error();
  auto classes = member_classes(registry);
  if (!classes) return classes.error();
  out.member_classes = *std::move(classes);
  auto clients = describe_members(registry, out);
  if (!clients) return clients.error();
  if (auto done = describe_servers(registry, *clients, out); !done) return done.error();
  if (auto done = describe_groups(registry, *clients, out); !done) return done.error();
  if (auto done = describe_trust(registry, out); !done) return done.error();
  auto parts = configuration_parts(registry);
  if (!parts) return parts.error();
  for (const ConfigurationPart& part : *parts)
    if (auto done = describe_part(part, out); !done) return done.error();
  return out;
}

}  // namespace causeway::centralserver
