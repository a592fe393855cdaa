// SPDX-License-Identifier: MIT
// The REST services of both registers (documents/population.yaml, documents/business.yaml),
// apart from the network.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ecosystem/registers/registers.hpp"
#include "net/http_message.hpp"

namespace causeway::ecosystem {

struct RestCall {
  std::string method;
  std::vector<std::string> path;             // below the service, decoded: {"persons", "376..."}
  std::map<std::string, std::string> query;  // decoded; the last of a repeated name
  std::string content_type, body;
};

struct RestAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::string allow;  // of 405
};

RestAnswer population_rest(Registers& registers, const RestCall& call);
RestAnswer business_rest(Registers& registers, const RestCall& call);

// An error as RFC 9457 describes it.
RestAnswer problem(int status, std::string_view title, std::string_view detail = {});

// `prefix` is the path of the service. A broken percent-escape stays as it is.
RestCall rest_call_from_http(const net::RequestHead& head, std::string_view prefix, std::string body);

}  // namespace causeway::ecosystem
