// SPDX-License-Identifier: MIT
// The checksum of log frames: CRC-32C (Castagnoli, RFC 3720 appendix B.4).
#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace causeway::securityserver {

// `crc` continues the checksum of what came before; 0 begins.
std::uint32_t crc32c(ByteView bytes, std::uint32_t crc = 0);

}  // namespace causeway::securityserver
