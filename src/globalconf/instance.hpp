// SPDX-License-Identifier: MIT
// One instance's shared parameters with what is looked up in them. Immutable; a new view
// takes over the instances whose files did not change.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "globalconf/instance_image.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/view.hpp"
#include "pki/trust.hpp"

namespace causeway::globalconf {

class Instance {
 public:
  // malformed_global_conf when the certificate of a CA cannot be read.
  static Result<std::shared_ptr<const Instance>> make(InstanceImage image);
  static Result<std::shared_ptr<const Instance>> make(const SharedParameters& parameters, int version);

  const InstanceSettings& settings() const { return settings_; }
  int version() const { return image_.version(); }

  std::span<const ServerEntry> servers() const { return servers_; }
  const ServerEntry* server(const ServerId& id) const;
  std::vector<const ServerEntry*> servers_of(const ClientId& client) const;
  bool serves(const ServerEntry& server, const ClientId& client) const;
  bool in_global_group(std::string_view code, const ClientId& client) const;
  bool has_client(const ClientId& client) const { return number_of(client) != kNoIndex; }
  std::vector<MemberEntry> members() const;
  // Digests of the authentication certificates of servers()[place]; they live as long as this.
  std::vector<std::string_view> authentication_hashes(std::size_t place) const;

  std::span<const pki::ApprovedCa> cas() const { return cas_; }
  const pki::ApprovedCa* issuer_of(const pki::Certificate& certificate) const;

  Instance(InstanceImage image, InstanceSettings settings);  // for make()

 private:
  std::uint32_t number_of(const ClientId& client) const;
  Result<void> read_servers();
  Result<void> read_cas();
  Result<void> add_ca(const CertificationService& service, const CaEntry& entry);

  InstanceImage image_;
  InstanceSettings settings_;
  std::vector<ServerEntry> servers_;  // in the order of the image
  std::unordered_map<ServerId, std::uint32_t> server_places_;
  std::unordered_map<std::string_view, std::uint32_t> groups_;  // by code
  std::vector<pki::ApprovedCa> cas_;
  std::unordered_map<std::string, const pki::ApprovedCa*> cas_by_subject_;
};

}  // namespace causeway::globalconf
