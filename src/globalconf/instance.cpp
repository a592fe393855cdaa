// SPDX-License-Identifier: MIT
#include "globalconf/instance.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "domain/fault_code.hpp"

namespace causeway::globalconf {

Instance::Instance(InstanceImage image, InstanceSettings settings)
    : image_(std::move(image)), settings_(std::move(settings)) {}

Result<std::shared_ptr<const Instance>> Instance::make(InstanceImage image) {
  auto settings = read_shared_parameters(image.settings(), image.version());
  if (!settings) return std::move(settings).error();
  auto instance = std::make_shared<Instance>(std::move(image), *std::move(settings));
  if (auto read = instance->read_cas(); !read) return std::move(read).error();
  if (auto read = instance->read_servers(); !read) return std::move(read).error();
  for (std::uint32_t group = 0; group < instance->image_.groups(); ++group)
    instance->groups_.insert_or_assign(instance->image_.group_code(group), group);
  return std::shared_ptr<const Instance>(std::move(instance));
}

Result<std::shared_ptr<const Instance>> Instance::make(const SharedParameters& parameters, int version) {
  auto image = InstanceImage::of(parameters, version);
  if (!image) return std::move(image).error();
  return make(*std::move(image));
}

Result<void> Instance::read_servers() {
  servers_.reserve(image_.servers());
  for (std::uint32_t place = 0; place < image_.servers(); ++place) {
    const InstanceImage::ServerText server = image_.server(place);
    auto id = ServerId::make(settings_.instance, std::string(server.member_class), std::string(server.owner),
                             std::string(server.code));
    if (!id) return std::move(id).error();
    ServerEntry entry{*std::move(id), std::string(server.address), std::nullopt};
    if (server.maintenance) entry.maintenance.emplace(*server.maintenance);
    server_places_.insert_or_assign(entry.id, place);
    servers_.push_back(std::move(entry));
  }
  return {};
}

std::uint32_t Instance::number_of(const ClientId& client) const {
  return client.instance() == settings_.instance ? image_.find_client(client) : kNoIndex;
}

std::vector<MemberEntry> Instance::members() const {
  std::vector<MemberEntry> entries;
  entries.reserve(image_.clients());
  for (std::uint32_t number = 0; number < image_.clients(); ++number) {
    const InstanceImage::ClientText client = image_.client(number);
    auto id = ClientId::make(settings_.instance, std::string(client.member_class), std::string(client.code),
                             std::string(client.subsystem));
    if (!id) continue;
    MemberEntry entry{*std::move(id), std::string(client.name), std::nullopt};
    if (client.subsystem_name) entry.subsystem_name.emplace(*client.subsystem_name);
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<std::string_view> Instance::authentication_hashes(std::size_t place) const {
  std::vector<std::string_view> hashes;
  for (const std::uint32_t text : image_.hashes_of(static_cast<std::uint32_t>(place)))
    hashes.push_back(image_.text(text));
  return hashes;
}

const ServerEntry* Instance::server(const ServerId& id) const {
  const auto found = server_places_.find(id);
  return found == server_places_.end() ? nullptr : &servers_[found->second];
}

std::vector<const ServerEntry*> Instance::servers_of(const ClientId& client) const {
  std::vector<const ServerEntry*> found;
  for (const std::uint32_t place : image_.servers_of(number_of(client)))
    if (place < servers_.size()) found.push_back(&servers_[place]);
  return found;
}

bool Instance::serves(const ServerEntry& server, const ClientId& client) const {
  const auto known = server_places_.find(server.id);
  if (known == server_places_.end()) return false;
  const std::span<const std::uint32_t> places = image_.servers_of(number_of(client));
  return std::binary_search(places.begin(), places.end(), known->second);
}

bool Instance::in_global_group(std::string_view code, const ClientId& client) const {
  const auto found = groups_.find(code);
  return found != groups_.end() && image_.in_group(found->second, client);
}

Result<void> Instance::read_cas() {
  for (const CertificationService& service : settings_.certification_services) {
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
                settings_.instance, service.name, responder.url, signer.error().text);
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
