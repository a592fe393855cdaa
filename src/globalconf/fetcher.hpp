// SPDX-License-Identifier: MIT
// How the configuration client gets at documents: over HTTP, or out of a test's pocket.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "net/task.hpp"

namespace causeway::globalconf {

struct FetchedDocument {
  int status = 0;
  Bytes body;
  std::optional<TimePoint> date = {};  // by the clock of who answered, if it was told
};

class Fetcher {
 public:
  virtual ~Fetcher() = default;
  // GET of an http or https address, whatever the status of the answer. A body longer than
  // `limit` octets is a fault, as is everything that keeps an answer from coming:
  // unknown_host, network_error, ssl_authentication_failed, ...
  virtual net::Task<Result<FetchedDocument>> get(std::string url, std::size_t limit) = 0;

  // The same for what is large: the body is given to `sink` piece by piece when the status is
  // 200, and passed over otherwise. The status, or the fault, which may be that of `sink`.
  using Sink = std::function<Result<void>(ByteView)>;
  virtual net::Task<Result<int>> get_into(std::string url, std::size_t limit, Sink sink) {
    auto document = co_await get(std::move(url), limit);
    if (!document) co_return std::move(document).error();
    if (document->status == 200)
      if (auto taken = sink(document->body); !taken) co_return std::move(taken).error();
    co_return document->status;
  }
};

}  // namespace causeway::globalconf
