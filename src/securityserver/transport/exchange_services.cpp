// SPDX-License-Identifier: MIT
#include "securityserver/transport/exchange_services.hpp"

namespace causeway::securityserver {

net::Task<Result<void>> sign_log_and_send(const ExchangeServices& services,
                                          const std::shared_ptr<const SigningKey>& key, evidence::MessageParts parts,
                                          LogRecord record, OutgoingMessage& message) {
  auto document = co_await services.signer.sign(std::move(parts), key);
  if (!document) co_return document.error();
  record.signature = *document;
  record.time = now();
  auto logged = co_await services.log.append(std::move(record));
  if (!logged) co_return logged.error();
  co_return co_await message.signature(*document);
}

}  // namespace causeway::securityserver
