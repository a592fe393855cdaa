// SPDX-License-Identifier: MIT
// From the registry to what the global configuration is generated from.
#pragma once

#include <optional>

#include "base/bytes.hpp"
#include "centralserver/registry/registry.hpp"
#include "centralserver/registry/system_parameters.hpp"
#include "globalconf/description.hpp"

namespace causeway::centralserver {

// All of one moment. `registration_tls_certificate` is that of this node's port for
// registrations, which Security Servers pin; `registration_port` is where others reach it.
//
// Without who serves the management requests nothing can be published:
// management_service_provider_not_set when nobody was chosen, subsystem_not_found when the one
// chosen was deleted since. instance_identifier_not_set before initialisation, invalid_url when
// there is no address for registrations.
Result<globalconf::InstanceDescription> describe_instance(const Registry& registry,
                                                          std::optional<Bytes> registration_tls_certificate = {},
                                                          std::uint16_t registration_port = kRegistrationPort);

}  // namespace causeway::centralserver
