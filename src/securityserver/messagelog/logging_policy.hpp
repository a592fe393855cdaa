// SPDX-License-Identifier: MIT
// How much of a message's body is logged (evidence.md 4.1, 4.2).
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_set>

#include "base/parameters.hpp"
#include "base/result.hpp"
#include "base/spool.hpp"
#include "domain/identifiers.hpp"
#include "securityserver/messagelog/message_log.hpp"

namespace causeway::securityserver {

enum class ExchangeSide { consumer, provider };

struct BodyLogging {
  bool body = true;
  std::uint64_t max_size = 10UL << 20;  // octets; 0: no REST body is stored
  bool truncate = false;                // a larger body is cut instead of refused
};

class LoggingPolicy {
 public:
  // malformed_server_conf when a list of overrides has the wrong sense or a bad identifier,
  // or the size is out of bounds.
  static Result<LoggingPolicy> from(const Parameters& parameters);

  // The override lists name the service's provider: the local list holds on its own
  // server, the remote one on the consumer's.
  BodyLogging decide(const ClientId& provider, ExchangeSide side) const;

 private:
  BodyLogging usual_;
  std::unordered_set<ClientId> local_exceptions_, remote_exceptions_;
};

// How many octets of a body of `size` go into the log; logging_failed when it is too large.
Result<std::uint64_t> loggable_size(const BodyLogging& logging, std::uint64_t size);

// Keeps what will be logged of a body that only streams by.
class BodyRecorder {
 public:
  explicit BodyRecorder(BodyLogging logging) : logging_(logging) {}
  // logging_failed as soon as the body is larger than what may be logged.
  Result<void> add(ByteView bytes);
  // Empty when nothing is to be stored.
  std::vector<LoggedAttachment> take();
  const BodyLogging& logging() const { return logging_; }

 private:
  BodyLogging logging_;
  std::uint64_t size_ = 0;
  Spool kept_;
};

}  // namespace causeway::securityserver
