// SPDX-License-Identifier: MIT
// The echo services: REST (documents/echo.yaml), and SOAP with attachments
// (documents/echo.wsdl; SOAP messages with attachments and MTOM alike).
#pragma once

#include <string_view>

#include "net/http_server.hpp"

namespace causeway::ecosystem {

// `path`: what follows the address of the service.
net::Task<void> serve_rest_echo(net::ServerCall& call, std::string_view path);
// Attachments wait on disk until the answer, so their size does not matter.
net::Task<void> serve_soap_echo(net::ServerCall& call);

}  // namespace causeway::ecosystem
