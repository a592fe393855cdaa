// SPDX-License-Identifier: MIT
// What the services' HTTP handlers share: reading a small body, answering.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/http_server.hpp"

namespace causeway::ecosystem {

// More than any request of the registers needs.
inline constexpr std::size_t kSmallBody = std::size_t{4} << 20;

// bad_request when it is longer than `limit`.
net::Task<Result<Bytes>> read_body(net::ServerCall& call, std::size_t limit = kSmallBody);

net::Task<void> answer_text(net::ServerCall& call, int status, std::string content_type, std::string body);
// A SOAP fault with HTTP status 500, as SOAP 1.1 over HTTP wants it.
net::Task<void> answer_soap_fault(net::ServerCall& call, Fault fault);

std::string content_type_of(const net::RequestHead& head);  // empty when there is none

}  // namespace causeway::ecosystem
