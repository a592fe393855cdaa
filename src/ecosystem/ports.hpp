// SPDX-License-Identifier: MIT
// Which port serves what. Security Servers of one ecosystem differ by address, not by
// port: the global configuration carries addresses alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/plan.hpp"

namespace causeway::ecosystem {

struct InstancePorts {
  std::uint16_t central = 0;                                                           // configuration source
  std::uint16_t central_tls = 0, central_admin = 0, registration = 0, management = 0;  // of the Central Server
  std::uint16_t trust = 0;  // certification authority, OCSP, timestamping
  std::uint16_t registers = 0;
};

struct Ports {
  // On the address of every Security Server.
  std::uint16_t transport = 0, ocsp_exchange = 0, consumer_http = 0, consumer_https = 0, admin = 0;
  std::vector<InstancePorts> instances;  // on 127.0.0.1, as in the plan
};

// Consecutive ports from `base` on.
Ports ports_from(std::uint16_t base, const Plan& plan);
// bad_request, naming the first that is taken: on which address and port, and what to do.
Result<void> check_free(const Ports& ports, const Plan& plan);

// The ports from `wanted` on; when it is 0, those of last time (`remembered`, 0 for none)
// if they are still free, else others. The base that was chosen.
Result<std::uint16_t> choose_ports(std::uint16_t wanted, std::uint16_t remembered, const Plan& plan);

}  // namespace causeway::ecosystem
