// SPDX-License-Identifier: MIT
// HTTP requests of the scenario and of readiness probes: one at a time, waited for.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "net/http_message.hpp"
#include "net/io_threads.hpp"
#include "net/tls.hpp"

namespace causeway::ecosystem {

struct Call {
  std::string url;
  std::string method = "GET";
  net::Headers headers;
  std::string body;
  // In place of `body`: the large object of so many octets (registers/objects.hpp).
  std::optional<std::uint64_t> object;
  std::shared_ptr<const net::TlsClientContext> tls;  // for https
  std::filesystem::path file = {};                   // where the body of the answer goes, all of it; empty: nowhere
  std::chrono::seconds limit{60};
};

struct Reply {
  int status = 0;
  net::Headers headers;
  std::string body;  // its first MiB
  std::uint64_t size = 0;
  std::string sha256;  // of all of it, lower-case hexadecimal

  std::string header(std::string_view name) const;  // empty when there is none
};

class Caller {
 public:
  Caller() : threads_(1) {}

  // network_error, io_error, ssl_authentication_failed, as the network gives them.
  Result<Reply> call(const Call& call);
  net::IoThreads& threads() { return threads_; }

 private:
  net::IoThreads threads_;
};

}  // namespace causeway::ecosystem
