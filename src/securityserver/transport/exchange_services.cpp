// SPDX-License-Identifier: MIT
#include "securityserver/transport/exchange_services.hpp"

namespace causeway::securityserver {

net::Task<Result<void>> sign_log_and_send(const ExchangeServices& services,
                                          const std::shared_ptr<const SigningKey>& key, evidence::MessageParts parts,
                                          LogRecord record, OutgoingMessage& message) {
  auto document = co_await services.signer.sign(std::move(parts), key);
  if (!document) co_return document.error();
  message.add_signature(*document);
  record.signature = *std::move(document);
  record.time = now();
  auto logged = co_await services.log.append(std::move(record));
  if (logged) co_return co_await message.send_signature();
  message.forget_signature();
  co_return logged.error();
}

}  // namespace causeway::securityserver
