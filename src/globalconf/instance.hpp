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

#include "globalconf/index_table.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/view.hpp"
#include "pki/trust.hpp"

namespace causeway::globalconf {

class Instance {
 public:
  // malformed_global_conf when the certificate of a CA cannot be read.
  static Result<std::shared_ptr<const Instance>> make(SharedParameters parameters, int version);

  const SharedParameters& parameters() const { return parameters_; }
  int version() const { return version_; }

  std::span<const ServerEntry> servers() const { return servers_; }
  const ServerEntry* server(const ServerId& id) const;
  std::vector<const ServerEntry*> servers_of(const ClientId& client) const;
  bool serves(const ServerEntry& server, const ClientId& client) const;
  bool in_global_group(std::string_view code, const ClientId& client) const;
  bool has_client(const ClientId& client) const { return number_of(client) != IndexTable::kNone; }

  std::span<const pki::ApprovedCa> cas() const { return cas_; }
  const pki::ApprovedCa* issuer_of(const pki::Certificate& certificate) const;

  Instance(SharedParameters parameters, int version);  // for make()

 private:
  // Members and subsystems count through in document order: a member, its subsystems,
  // the next member.
  std::uint32_t number_of(const ClientId& client) const;
  std::uint32_t number_of(const ClientRef& client) const;
  ClientRef client_at(std::uint32_t number) const;
  bool is(std::uint32_t number, const ClientId& client) const;

  void index_clients();
  void index_servers();
  void index_groups();
  Result<void> read_cas();
  Result<void> add_ca(const CertificationService& service, const CaEntry& entry);

  SharedParameters parameters_;
  int version_;
  std::vector<std::uint32_t> first_numbers_;  // of each member, and one past the last
  IndexTable clients_{0};
  std::vector<ServerEntry> servers_;  // in the order of parameters_.servers
  std::unordered_map<ServerId, std::uint32_t> server_places_;
  // Servers of client n: server_lists_[list_starts_[n]] up to list_starts_[n + 1].
  std::vector<std::uint32_t> list_starts_, server_lists_;
  struct Group {
    const GlobalGroup* group;
    IndexTable members;
  };
  std::unordered_map<std::string, Group> groups_;
  std::vector<pki::ApprovedCa> cas_;
  std::unordered_map<std::string, const pki::ApprovedCa*> cas_by_subject_;
};

}  // namespace causeway::globalconf
