// SPDX-License-Identifier: MIT
// A plain description of an instance, from which its configuration is generated: by
// identifiers and certificates, where the parts have places and digests.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/anchor.hpp"
#include "globalconf/private_parameters.hpp"
#include "globalconf/shared_parameters.hpp"
#include "pki/certificate.hpp"

namespace causeway::globalconf {

struct DescribedServer {
  ServerId id;
  std::string address;  // host or IP; empty: none
  std::vector<pki::Certificate> authentication_certificates;
  std::vector<ClientId> clients;  // enabled ones, without the owner
  std::optional<Maintenance> maintenance;
};

struct InstanceDescription {
  std::string instance;
  std::vector<MemberClass> member_classes;
  // `member_class` of a member needs its code alone: the description comes from above.
  std::vector<Member> members;
  std::vector<DescribedServer> servers;
  std::vector<GlobalGroup> global_groups;
  std::vector<CertificationService> certification_services;
  std::vector<TimestampingService> timestamping_services;
  std::chrono::seconds ocsp_freshness{3600};

  std::optional<ManagementService> management;  // without it there is nothing to publish
  std::vector<Anchor> partners;                 // external anchors of federated instances
  std::chrono::seconds timestamping_interval{60};

  std::optional<std::optional<ClientId>> monitoring_client;  // the outer one: the part is there
  std::optional<std::chrono::seconds> ocsp_fetch_interval;
  std::optional<bool> verify_next_update;
};

// What `version` says of it. malformed_global_conf when it is not consistent: an identifier
// of another instance, an owner or client that is no member or subsystem, a class that is
// not described, no management service.
Result<SharedParameters> shared_parameters_of(const InstanceDescription& description, int version);
Result<PrivateParameters> private_parameters_of(const InstanceDescription& description);

}  // namespace causeway::globalconf
