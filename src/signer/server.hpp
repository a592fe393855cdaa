// SPDX-License-Identifier: MIT
// Serves a TokenManager on a Unix socket (signer/protocol.hpp). No other way leads in.
//
// One thread moves frames, one does management, one per core signs: the digests of all
// calls are signed in small portions in turn, so a large call neither leaves cores idle
// nor keeps a small one waiting.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "signer/token_manager.hpp"

namespace causeway::signer {

class SignerServer {
 public:
  struct Options {
    // Its directory is made with mode 0700 and must be ours.
    std::string socket_path;
    unsigned signing_threads = 0;  // 0: one per core
    std::size_t max_connections = 256;
    // A client that does not read its answers is read from no more.
    std::size_t max_requests_under_way = 64;  // of one connection
  };

  // io_error when the socket cannot be made. `manager` must live longer.
  static Result<std::unique_ptr<SignerServer>> start(TokenManager& manager, Options options);
  virtual ~SignerServer() = default;

  // Accepts and reads no more, answers what is under way for at most `grace`, closes.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace causeway::signer
