// SPDX-License-Identifier: MIT
// Where octets go that are made piece by piece.
#pragma once

#include <functional>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::evidence {

// A Fault stops whoever writes, and is what the writer returns.
using ByteSink = std::function<Result<void>(ByteView)>;

// Appends to `bytes`, which outlives the sink.
inline ByteSink append_to(Bytes& bytes) {
  return [&bytes](ByteView piece) -> Result<void> {
    bytes.insert(bytes.end(), piece.begin(), piece.end());
    return {};
  };
}

}  // namespace causeway::evidence
