// SPDX-License-Identifier: MIT
// UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace causeway {

// No overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

// Of valid UTF-8, letter by letter: the rules of one language do not count.
std::string lower_case(std::string_view text);

// How long a text is in UTF-16, in which Java counts; of valid UTF-8.
std::size_t utf16_length(std::string_view text);

}  // namespace causeway
