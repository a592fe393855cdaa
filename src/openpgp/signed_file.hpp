// SPDX-License-Identifier: MIT
// Files that start_signing or start_encryption made, here or elsewhere.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.hpp"

namespace causeway::openpgp {

// Whose signature is asked for: gpg opens what nobody has signed as well.
enum class Signature { of_the_key_ring, any };

// What is in `file` goes to `output`, which is made anew; at most `limit` octets. invalid_signature when
// no key of the ring has signed it, or another one has; io_error with the words of gpg for what it cannot
// open, and for what is longer.
Result<void> open_signed_file(const std::filesystem::path& home, const std::filesystem::path& file,
                              const std::filesystem::path& output, std::uint64_t limit, Signature signature);

}  // namespace causeway::openpgp
