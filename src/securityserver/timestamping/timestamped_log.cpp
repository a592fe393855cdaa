// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamped_log.hpp"

namespace causeway::securityserver {

net::Task<Result<std::uint64_t>> TimestampedLog::append(LogRecord record) {
  if (auto may = gate_.check(now()); !may) co_return may.error();
  if (stamper_ == nullptr) co_return co_await log_->append(std::move(record));
  SharedText signature = record.signature.signature;
  auto id = co_await log_->append(std::move(record));
  if (!id) co_return id;
  if (auto stamped = co_await stamper_->stamp(*id, std::move(signature)); !stamped) co_return stamped.error();
  co_return id;
}

}  // namespace causeway::securityserver
