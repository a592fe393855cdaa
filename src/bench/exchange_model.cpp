// SPDX-License-Identifier: MIT
#include "bench/exchange_model.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace causeway::bench {
namespace {

// Of a request and a response of 1 KB. Each is hashed by who sends and by who receives it.
constexpr double kMessagesOfExchange = 2, kRecordsOfExchange = 4, kHashings = 4;
// Head and body of one message, and the few hashes that lead from it to the signed value.
constexpr double kHashedKb = 2;
// A message of 1 KB with its signature and hash chain, as it goes between the servers.
constexpr double kWireKb = 10;

bool has_both(const std::vector<Cell>& row) {
  return std::holds_alternative<double>(row[1]) && std::holds_alternative<double>(row[2]);
}

}  // namespace

Chart exchange_chart(const Table& model) {
  Chart chart{.name = "performance-exchange", .title = "CPU microseconds of one exchange", .bars = {}};
  for (const auto& row : model.rows) {
    if (!has_both(row)) continue;
    const std::string part = std::get<std::string>(row[0]);
    chart.bars.push_back({.label = part.substr(0, part.find(':')) + ", measured", .value = std::get<double>(row[2])});
    chart.bars.push_back({.label = "unavoidable", .value = std::get<double>(row[1]), .good = true});
  }
  return chart;
}

Table exchange_model(const std::string& what, const CryptoCost& crypto, const PrimitiveCosts& primitives,
                     const MeasuredExchange& measured) {
  const double batch = std::max(1.0, measured.messages_per_signature);
  const double flushes = kRecordsOfExchange / std::max(1.0, measured.records_per_flush);
  const double signing = kMessagesOfExchange * crypto.sign / batch;
  const double verifying = kMessagesOfExchange * crypto.verify / batch;
  const double hashing = kHashings * kHashedKb * primitives.sha512_kb;
  // Encrypted by one, decrypted by the other.
  const double encryption = kMessagesOfExchange * 2 * kWireKb * primitives.aes_gcm_kb;
  const double flushing = flushes * primitives.flush_cpu;
  const double user = verifying + hashing + encryption + measured.unsigned_hops.user;
  const double kernel = flushing + measured.unsigned_hops.system;
  const auto us = [](double seconds) { return Cell(seconds * 1e6); };
  const Cell none{std::string()};
  Table table{.title = "One exchange, CPU microseconds in all processes of the pair (" + what + ")",
              .columns = {"part", "unavoidable us", "measured us"},
              .rows = {}};
  table.rows = {
      {fmt::format("signing: two signatures, each for {} messages", number_text(batch)), us(signing),
       us(measured.signers.total())},
      {std::string("proxies in user mode"), us(user), us(measured.proxies.user)},
      {std::string("- verifying each signature once"), us(verifying), none},
      {fmt::format("- hashing, {} KB of SHA-512", number_text(kHashings * kHashedKb)), us(hashing), none},
      {fmt::format("- TLS, {} KB of AES-128-GCM", number_text(kMessagesOfExchange * 2 * kWireKb)), us(encryption),
       none},
      {std::string("- HTTP over two hops, as nginx does"), us(measured.unsigned_hops.user), none},
      {std::string("proxies in the kernel"), us(kernel), us(measured.proxies.system)},
      {std::string("- TCP over two hops, as nginx does"), us(measured.unsigned_hops.system), none},
      {fmt::format("- log: four records, {} to a flush", number_text(measured.records_per_flush)), us(flushing), none},
      {std::string("administration and supervisors"), Cell(0.0), us(measured.others.total())},
      {std::string("all"), us(signing + user + kernel),
       us(measured.signers.total() + measured.proxies.total() + measured.others.total())}};
  return table;
}

}  // namespace causeway::bench
