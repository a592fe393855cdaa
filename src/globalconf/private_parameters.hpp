// SPDX-License-Identifier: MIT
// The PRIVATE-PARAMETERS part: what only the own instance's servers are told (trust.md 4.2).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/anchor.hpp"
#include "globalconf/versions.hpp"

namespace causeway::globalconf {

struct ManagementService {
  std::string registration_address;            // authCertRegServiceAddress
  std::optional<Bytes> registration_tls_cert;  // pinned by Security Servers
  ClientId provider;                           // of the management requests
};

struct PrivateParameters {
  std::string instance;
  std::vector<Anchor> partners;  // one for each federated instance
  ManagementService management;
  std::chrono::seconds timestamping_interval{60};
};

// As read_shared_parameters; written alike in all versions.
Result<PrivateParameters> read_private_parameters(std::string_view xml, int version);
std::string write_private_parameters(const PrivateParameters& parameters);

}  // namespace causeway::globalconf
