// SPDX-License-Identifier: MIT
#include "centralserver/registry/initialization.hpp"

#include <array>
#include <utility>

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/global_groups.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

Result<void> begin_instance(Change& change, const std::string& instance) {
  const std::string_view sha512_uri = pki::digest_uri(pki::DigestAlgorithm::sha512);
  const std::array<std::pair<std::string_view, std::string_view>, 6> parameters{{
      {"instanceIdentifier", instance},
      {"authCertRegUrl", "https://%{centralServerAddress}:%{registrationPort}/managementservice/"},
      {"confSignDigestAlgoId", pki::digest_name(pki::DigestAlgorithm::sha512)},
      {"confHashAlgoUri", sha512_uri},
      {"confSignCertHashAlgoUri", sha512_uri},
      {"securityServerOwnersGroup", kOwnersGroup},
  }};
  for (const auto& [name, value] : parameters)
    if (auto stored = store_parameter(change, name, value); !stored) return stored;
  return add_global_group(change, {std::string(kOwnersGroup), "Security server owners"});
}

}  // namespace

Result<void> initialize(Change& change, const std::string& instance, const std::string& address) {
  if (auto code = check_code("The instance identifier", instance); !code) return code;
  auto parameters = system_parameters(change.registry());
  if (!parameters) return parameters.error();
  if (!parameters->instance.empty() && !parameters->central_server_address.empty())
    return fault(RegistryFault::init_already_initialized, "The central server is initialised already");
  if (!parameters->instance.empty() && parameters->instance != instance)
    return fault(RegistryFault::validation_failure,
                 "The other nodes of this central server are of the instance " + parameters->instance);
  if (auto host = check_host(address); !host) return host;
  if (parameters->instance.empty())
    if (auto begun = begin_instance(change, instance); !begun) return begun;
  return set_central_server_address(change, address);
}

}  // namespace causeway::centralserver
