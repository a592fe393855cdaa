// SPDX-License-Identifier: MIT
// The arithmetic of one signed exchange: what no implementation of the protocol can do
// without, against what this one was seen to need.
#pragma once

#include "bench/crypto_cost.hpp"
#include "bench/primitive_costs.hpp"
#include "bench/process_usage.hpp"
#include "bench/report.hpp"

namespace causeway::bench {

// CPU seconds of one exchange, in all processes of the pair.
struct MeasuredExchange {
  CpuTime signers, proxies, others;
  double messages_per_signature = 1, records_per_flush = 1;
  // Of a request through the two hops of nginx: HTTP, TCP and TLS without signing.
  CpuTime unsigned_hops;
};

// The measured parts beside what is unavoidable in them.
Chart exchange_chart(const Table& model);

// Rows of a part, unavoidable and measured microseconds; the last row is the sum of each.
// `what`: for the title, "RSA-2048, 256 connections".
Table exchange_model(const std::string& what, const CryptoCost& crypto, const PrimitiveCosts& primitives,
                     const MeasuredExchange& measured);

}  // namespace causeway::bench
