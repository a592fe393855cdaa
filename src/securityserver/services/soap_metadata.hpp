// SPDX-License-Identifier: MIT
// The metadata services of SOAP: listMethods, allowedMethods, getWsdl (messages.md 9).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "globalconf/view.hpp"
#include "message/soap.hpp"
#include "securityserver/configuration/server_configuration.hpp"
#include "securityserver/services/rest_metadata.hpp"

namespace causeway::securityserver {

bool is_soap_metadata(std::string_view service_code);

struct SoapMetadataAnswer {
  message::SoapMessage soap;
  std::string content_type;         // as a service would announce it
  net::Headers attachment_headers;  // of the second part of getWsdl, content-type first
  std::optional<std::string> wsdl;  // its content
};

// unknown_service, service_type, invalid_request as messages.md says for getWsdl.
net::Task<Result<SoapMetadataAnswer>> soap_metadata(const message::SoapMessage& request, const Client& provider,
                                                    const globalconf::View& view, const DescriptionFetch& fetch);

}  // namespace causeway::securityserver
