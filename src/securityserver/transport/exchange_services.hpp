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

// Signs and logs what is about to be sent: no message leaves before its record is durable.
net::Task<Result<evidence::SignatureDocument>> sign_and_log(const ExchangeServices& services,
                                                            const std::shared_ptr<const SigningKey>& key,
                                                            evidence::MessageParts parts, LogRecord record);

}  // namespace causeway::securityserver
