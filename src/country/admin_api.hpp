// SPDX-License-Identifier: MIT
// The administration interface of a Central Server as its client sees it: X-Road's, so it may be a
// server of either kind.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

namespace causeway::country {

struct ApiCall {
  std::string method = "GET";
  std::string path;  // below /api/v1, with the query
  std::string content_type = {};
  std::string body = {};
};

struct ApiReply {
  int status = 0;
  std::string body;
};

class AdminApi {
 public:
  virtual ~AdminApi() = default;
  // Whatever the status is. Faults of the network and of TLS.
  virtual Result<ApiReply> ask(const ApiCall& call) = 0;
};

// The body of an answer that is a success; else api_refused, which says what was refused, with the
// server's own code, and what to do about it.
Result<std::string> accepted(const ApiCall& call, const ApiReply& reply);
Result<std::string> ask(AdminApi& api, const ApiCall& call);

}  // namespace causeway::country
