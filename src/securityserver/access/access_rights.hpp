// SPDX-License-Identifier: MIT
// Whether a client may call a service (messages.md section 8).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "globalconf/view.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::securityserver {

// What a call asks for: method and *normalised* path for REST, neither for SOAP.
struct RequestedEndpoint {
  std::string method;
  std::string path;
};

// Known service, right type, allowed, not disabled, in this order: unknown_service,
// service_type, access_denied, service_disabled (with the notice).
Result<const Service*> check_access(const Client& provider, const ServiceId& service, const ClientId& caller,
                                    const std::optional<RequestedEndpoint>& rest, const globalconf::View& view);

// Whether a subject of the right covers this caller, and the endpoint this call.
bool right_covers(const AccessRight& right, const Client& provider, const ClientId& caller,
                  const globalconf::View& view);
bool endpoint_covers(const Endpoint& endpoint, const RequestedEndpoint& call);

// Glob of the whole path, `*` possessive (PathGlob of X-Road).
bool path_matches(std::string_view pattern, std::string_view path);

// The raw service path as rights see it: decoded once, dot segments resolved, decoded again.
// internal_error where Java throws; a path that X-Road would misread (leading "//", "..") is
// refused with access_denied by check_access.
Result<std::string> normalise_service_path(std::string_view raw);

}  // namespace causeway::securityserver
