// SPDX-License-Identifier: MIT
// The log record of one message of an exchange.
#pragma once

#include "securityserver/messagelog/logging_policy.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/transport/exchange_facts.hpp"

namespace causeway::securityserver {

// `message`: SOAP bytes or REST head, as logged. `body` may be null.
inline LogRecord log_record(const ExchangeFacts& facts, ExchangeSide side, bool response, Bytes message,
                            evidence::SignatureDocument signature, std::shared_ptr<const Spool> body,
                            std::uint64_t body_logged) {
  return LogRecord{.id = 0,
                   .time = now(),
                   .response = response,
                   .owner = side == ExchangeSide::consumer ? facts.client : facts.service.client(),
                   .client = facts.client,
                   .service = facts.service,
                   .query_id = facts.id,
                   .request_id = facts.request_id,
                   .message = std::move(message),
                   .signature = std::move(signature),
                   .body = std::move(body),
                   .body_logged = body_logged};
}

}  // namespace causeway::securityserver
