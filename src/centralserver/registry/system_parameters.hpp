// SPDX-License-Identifier: MIT
// The parameters of an instance that X-Road keeps in the Central Server's database
// (trust.md section 10), by X-Road's names and with its defaults.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "pki/digest.hpp"

namespace causeway::centralserver {

// What stands in authCertRegUrl for the address of the central server, and for the port at which others reach its
// service for registrations.
inline constexpr std::string_view kAddressPlaceholder = "%{centralServerAddress}";
inline constexpr std::string_view kRegistrationPortPlaceholder = "%{registrationPort}";
inline constexpr std::uint16_t kRegistrationPort = 4001;
inline constexpr std::string_view kOwnersGroup = "security-server-owners";

struct SystemParameters {
  std::string instance;                // instanceIdentifier; empty before initialisation
  std::string central_server_address;  // centralServerAddress, of this node
  std::string registration_url;        // authCertRegUrl, with the placeholders
  std::string owners_group;            // securityServerOwnersGroup
  std::string provider_class;          // managementServiceProviderClass, ...Code, ...Subsystem
  std::string provider_code;
  std::string provider_subsystem;
  std::chrono::seconds ocsp_freshness{3600};                                     // ocspFreshnessSeconds
  std::chrono::seconds timestamping_interval{60};                                // timeStampingIntervalSeconds
  std::chrono::seconds validity{600};                                            // confExpireIntervalSeconds
  pki::DigestAlgorithm signature_digest = pki::DigestAlgorithm::sha512;          // confSignDigestAlgoId
  pki::DigestAlgorithm part_hash = pki::DigestAlgorithm::sha512;                 // confHashAlgoUri
  pki::DigestAlgorithm signing_certificate_hash = pki::DigestAlgorithm::sha512;  // confSignCertHashAlgoUri

  // X-Road's have "center." in front, in a file of each node. Only what Security Servers ask for
  // is approved without anybody, and a change of owner.
  bool approve_certificate_registrations = false;  // auto-approve-auth-cert-reg-requests
  bool approve_client_registrations = false;       // auto-approve-client-reg-requests
  bool approve_owner_changes = false;              // auto-approve-owner-change-requests

  // authCertRegUrl with address and port in it; empty as long as there is no address.
  std::string resolved_registration_url(std::uint16_t port = kRegistrationPort) const;
};

Result<SystemParameters> system_parameters(const Registry& registry);
struct NodeAddress {
  std::string node, address;
};
// Of every node that has one, in the order of the nodes' names.
Result<std::vector<NodeAddress>> node_addresses(const Registry& registry);
// instance_identifier_not_set before initialisation.
Result<std::string> instance_identifier(const Registry& registry);

// By the name of X-Road, as an administrator would write it. validation_failure for unknown
// names, for those that have an operation of their own (instanceIdentifier,
// centralServerAddress, managementServiceProvider...), and for values that Security Servers
// could not work with: times of 0 or above a year, time-stamping not more often than OCSP
// responses must be fresh, digests that are broken or unknown.
Result<void> set_system_parameter(Change& change, std::string_view name, std::string_view value);

// Of the node whose registry it is.
Result<void> set_central_server_address(Change& change, const std::string& address);

// For this library: stores and notes.
Result<void> store_parameter(Change& change, std::string_view name, std::string_view value, std::string_view node = {});

}  // namespace causeway::centralserver
