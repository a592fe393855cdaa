// SPDX-License-Identifier: MIT
// The metadata services of REST: listMethods, allowedMethods, getOpenAPI (messages.md 9).
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "globalconf/view.hpp"
#include "message/rest.hpp"
#include "net/http_client.hpp"
#include "securityserver/configuration/server_configuration.hpp"

namespace causeway::securityserver {

bool is_rest_metadata(std::string_view service_code);

struct MetadataAnswer {
  std::string content_type;
  std::string body;
};

// Gets a description document from the service's information system.
using DescriptionFetch =
    std::function<net::Task<Result<net::HttpClient::Response>>(const Service&, const std::string& url)>;

// internal_error for another method than GET, for an unknown or other than OpenAPI
// service; invalid_request when getOpenAPI lacks serviceCode.
net::Task<Result<MetadataAnswer>> rest_metadata(const message::RestRequest& request, const Client& provider,
                                                const globalconf::View& view, const DescriptionFetch& fetch);

}  // namespace causeway::securityserver
