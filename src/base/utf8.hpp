// SPDX-License-Identifier: MIT
// UTF-8 (RFC 3629).
#pragma once

#include <string_view>

namespace causeway {

// No overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace causeway
