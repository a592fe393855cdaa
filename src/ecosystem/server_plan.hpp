// SPDX-License-Identifier: MIT
// What the administrator of each planned Security Server has set up: services of the
// sample registers, access rights, groups.
#pragma once

#include <cstdint>
#include <string>

#include "ecosystem/plan.hpp"
#include "pki/certificate.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::ecosystem {

struct ServerPlanInputs {
  std::string registers_url;                                   // "http://127.0.0.1:1234", of the instance's registers
  std::string timestamping_url;                                // of the instance
  std::string management_url = {};                             // of the Central Server; empty: none is there to ask
  std::string management_wsdl = {};                            // where it describes its services
  std::vector<pki::Certificate> management_certificates = {};  // what it shows there
  // Of the information system of `secure_app`.
  std::vector<pki::Certificate> information_system_certificates = {};
};

securityserver::ServerConfiguration provider_configuration(const Plan& plan, const PlannedInstance& instance,
                                                           const ServerPlanInputs& inputs);
securityserver::ServerConfiguration consumer_configuration(const PlannedInstance& instance,
                                                           const ServerPlanInputs& inputs);

}  // namespace causeway::ecosystem
