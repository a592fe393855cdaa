// SPDX-License-Identifier: MIT
// What consumer and provider side share in one proxy.
#pragma once

#include "evidence/signature_verifier.hpp"
#include "globalconf/view_holder.hpp"
#include "securityserver/configuration/configuration_holder.hpp"
#include "securityserver/messagelog/logging_policy.hpp"
#include "securityserver/messagelog/message_log.hpp"
#include "securityserver/transport/batch_signer.hpp"
#include "securityserver/transport/key_ring.hpp"
#include "securityserver/transport/outgoing_message.hpp"

namespace causeway::securityserver {

// References to what outlives every exchange.
struct ExchangeServices {
  const globalconf::ViewHolder& view;
  const ConfigurationHolder& configuration;
  const KeyRing& keys;
  BatchSigner& signer;
  evidence::SignatureVerifier& verifier;
  MessageLog& log;
  const LoggingPolicy& logging;
};

// Signs `message`, of which all `parts` are written, logs it as `record` and sends the rest of
// it: no signature leaves before its record is durable.
net::Task<Result<void>> sign_log_and_send(const ExchangeServices& services,
                                          const std::shared_ptr<const SigningKey>& key, evidence::MessageParts parts,
                                          LogRecord record, OutgoingMessage& message);

}  // namespace causeway::securityserver
