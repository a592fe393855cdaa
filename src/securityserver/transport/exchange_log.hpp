// SPDX-License-Identifier: MIT
// The log record of one message of an exchange.
#pragma once

#include "securityserver/messagelog/logging_policy.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/transport/exchange_facts.hpp"
#include "securityserver/transport/incoming_message.hpp"

namespace causeway::securityserver {

// `message`: SOAP bytes or REST head, as logged.
inline LogRecord log_record(const ExchangeFacts& facts, ExchangeSide side, bool response, Bytes message,
                            evidence::SignatureDocument signature, std::vector<LoggedAttachment> attachments) {
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
                   .attachments = std::move(attachments)};
}

// What is logged of a message that has arrived: the body of a REST message; attachments of
// a SOAP message only where the signature names each itself, because a hash chain proves
// them without (evidence.md 4.1). logging_failed when one is too large.
inline Result<std::vector<LoggedAttachment>> logged_attachments(const IncomingMessage& message,
                                                                const BodyLogging& logging) {
  std::vector<LoggedAttachment> logged;
  if (!logging.body || logging.max_size == 0) return logged;
  const auto add = [&](std::shared_ptr<const Spool> spool, std::uint64_t begin, std::uint64_t whole) -> Result<void> {
    auto size = loggable_size(logging, whole);
    if (!size) return size.error();
    logged.push_back({std::move(spool), *size, begin});
    return {};
  };
  if (message.rest_body && message.rest_body->size() > 0)
    if (auto added = add(message.rest_body, 0, message.rest_body->size()); !added) return added.error();
  if (message.signature.hash_chain.empty())
    for (const Attachment& attachment : message.attachments)
      if (auto added = add(attachment.spool, attachment.begin, attachment.size); !added) return added.error();
  return logged;
}

}  // namespace causeway::securityserver
