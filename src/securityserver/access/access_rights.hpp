// SPDX-License-Identifier: MIT
// Whether a client may call a service (messages.md section 8).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "globalconf/view.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::securityserver {

// What a REST call asks for: its method and *normalised* path (service_path.hpp).
struct RequestedEndpoint {
  std::string method;
  std::string path;
};

// Known service, right type, allowed, not disabled, in this order: unknown_service,
// service_type, access_denied, service_disabled (with the notice). `rest` is empty for
// SOAP, which needs a right on the whole service.
Result<const Service*> check_access(const Client& provider, const ServiceId& service, const ClientId& caller,
                                    const std::optional<RequestedEndpoint>& rest, const globalconf::View& view);

// The endpoints of the service that `caller` has a right on, for allowedMethods and
// `causeway can`. They live as long as `provider`.
std::vector<const Endpoint*> granted_endpoints(const Client& provider, const std::string& service_code,
                                               const ClientId& caller, const globalconf::View& view);

// Whether the subject covers this caller: exactly this client, or a group that holds it.
bool subject_covers(const Subject& subject, const Client& provider, const ClientId& caller,
                    const globalconf::View& view);
bool endpoint_covers(const Endpoint& endpoint, const RequestedEndpoint& call);

}  // namespace causeway::securityserver
