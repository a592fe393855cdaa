// SPDX-License-Identifier: MIT
// The OpenPGP keys of a server: a directory of gpg's.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace causeway::openpgp {

// Makes a key ring with a key pair as X-Road's (RSA of 4096 bits, without a passphrase) for `user`,
// unless there is a secret key. io_error with the words of gpg.
Result<void> make_key_ring(const std::filesystem::path& home, const std::string& user);

}  // namespace causeway::openpgp
