// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace causeway::signer {

// A PIN is never empty; where the policy is enforced (signer.enforce-token-pin-policy)
// it has at least ten characters of printable ASCII from at least three of: lower case,
// upper case, digits, others. token_pin_policy_failure says which rule was broken.
Result<void> check_pin_policy(std::string_view pin, bool enforced);

}  // namespace causeway::signer
