// SPDX-License-Identifier: MIT
// How the configuration client gets at documents: over HTTP, or out of a test's pocket.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/task.hpp"

namespace causeway::globalconf {

struct FetchedDocument {
  int status = 0;
  Bytes body;
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  // GET of an http or https address, whatever the status of the answer. A body longer than
  // `limit` octets is a fault, as is everything that keeps an answer from coming:
  // unknown_host, network_error, ssl_authentication_failed, ...
  virtual net::Task<Result<FetchedDocument>> get(std::string url, std::size_t limit) = 0;
};

}  // namespace causeway::globalconf
