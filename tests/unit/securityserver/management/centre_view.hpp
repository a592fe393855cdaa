// SPDX-License-Identifier: MIT
// A global configuration that says where the centre is, and what is registered there.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "globalconf/view.hpp"

namespace causeway::securityserver {

class CentreView : public globalconf::View {
 public:
  explicit CentreView(const ClientId& provider)
      : private_{.instance = "EX", .partners = {}, .management = {"", {}, provider}} {}
  globalconf::ManagementService& management() { return private_.management; }
  void add_server(const ServerId& server, std::vector<ClientId> clients = {}) {
    servers_.try_emplace(server, globalconf::ServerEntry{server, "", {}});
    for (ClientId& client : clients) clients_.emplace(server, std::move(client));
  }
  globalconf::ServerEntry& entry(const ServerId& server) { return servers_.at(server); }
  void forget_servers() {
    servers_.clear();
    clients_.clear();
  }
  bool valid = true;
  int version = 6;
  std::map<ClientId, std::string> names;          // of subsystems
  std::optional<globalconf::ServerEntry> listed;  // for which server all certificates are registered

  const pki::ApprovedCa* issuer_of(std::string_view, const pki::Certificate&) const override { return nullptr; }
  const pki::ApprovedCa* issuer_of(const pki::Certificate&) const override { return nullptr; }
  std::vector<pki::Certificate> ocsp_signer_candidates() const override { return {}; }
  pki::OcspPolicy ocsp_policy() const override { return {}; }
  const std::string& own_instance() const override { return private_.instance; }
  Result<void> check_valid(TimePoint) const override {
    return valid ? Result<void>() : Fault{"global_conf_outdated", "it has expired"};
  }
  std::vector<std::string> instances() const override { return {"EX"}; }
  bool has_instance(std::string_view) const override { return true; }
  std::vector<const globalconf::ServerEntry*> servers_of(const ClientId&) const override { return {}; }
  const globalconf::ServerEntry* server(const ServerId& id) const override {
    const auto found = servers_.find(id);
    return found == servers_.end() ? nullptr : &found->second;
  }
  const globalconf::ServerEntry* server_by_auth_certificate(const pki::Certificate&) const override {
    return listed ? &*listed : nullptr;
  }
  bool serves(const globalconf::ServerEntry& server, const ClientId& client) const override {
    return server.id.owner() == client || clients_.contains({server.id, client});
  }
  bool in_global_group(const GlobalGroupId&, const ClientId&) const override { return false; }
  std::vector<globalconf::MemberEntry> members(std::string_view) const override {
    std::vector<globalconf::MemberEntry> entries;
    for (const auto& [id, name] : names) entries.push_back({id, "A member", name});
    return entries;
  }
  std::vector<pki::Certificate> chain_of(const pki::Certificate& leaf, std::string_view) const override {
    return {leaf};
  }
  std::vector<pki::Certificate> all_cas() const override { return {}; }
  const globalconf::PrivateParameters* private_parameters() const override { return &private_; }
  int version_of(std::string_view) const override { return version; }

 private:
  globalconf::PrivateParameters private_;
  std::map<ServerId, globalconf::ServerEntry> servers_;
  std::set<std::pair<ServerId, ClientId>> clients_;
};

}  // namespace causeway::securityserver
