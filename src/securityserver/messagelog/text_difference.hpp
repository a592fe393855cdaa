// SPDX-License-Identifier: MIT
// A text as what differs from another of the same length. Signatures of one signer have
// all but their digests, value and time in common: a tenth of their octets.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"

namespace causeway::securityserver {

// nullopt when the lengths are not the same, or more than a quarter of the octets differ.
std::optional<Bytes> encode_difference(std::string_view base, std::string_view text);

// nullopt when it is not what encode_difference writes for a text of that length.
std::optional<std::string> apply_difference(std::string base, ByteView difference);

}  // namespace causeway::securityserver
