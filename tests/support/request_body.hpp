// SPDX-License-Identifier: MIT
// The body of a request to a service that a test plays.
#pragma once

#include "base/bytes.hpp"
#include "net/http_server.hpp"

namespace causeway::testing {

// As far as it came.
inline net::Task<Bytes> body_of(net::ServerCall& call) {
  Bytes body;
  for (;;) {
    auto read = co_await call.body().read_some();
    if (!read || read->empty()) break;
    body.insert(body.end(), read->begin(), read->end());
  }
  co_return body;
}

}  // namespace causeway::testing
