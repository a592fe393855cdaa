// SPDX-License-Identifier: MIT
// PINs that are entered when the signer starts: from a file, or from a script that
// fetches them, as X-Road's autologin does (evidence.md section 7).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "signer/secret.hpp"

namespace causeway::signer {

struct TokenPin {
  std::string token_id;
  Secret pin;
};

// One line: the PIN of token 0. Several: "tokenId:pin" each. Empty lines do not count.
// invalid_request for a line of several that has no token.
Result<std::vector<TokenPin>> parse_pins(std::string_view text);

struct AutologinOptions {
  std::filesystem::path file;    // may be absent
  std::filesystem::path script;  // empty or absent: none; preferred to the file
};

struct AutologinAnswer {
  std::vector<TokenPin> pins;
  // Nothing is set up, or the script ended with 127: do not ask again.
  bool give_up = false;
};

// access_denied when file or script could have been written (or the file read) by
// somebody else, io_error when they fail; worth another try later.
Result<AutologinAnswer> fetch_pins(const AutologinOptions& options);

}  // namespace causeway::signer
