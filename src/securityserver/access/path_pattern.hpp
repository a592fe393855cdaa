// SPDX-License-Identifier: MIT
// Path patterns of endpoints, as X-Road reads them (messages.md section 8).
#pragma once

#include <string_view>

namespace causeway::securityserver {

// Whether the whole of `path` matches. Case-sensitive.
//   *      any run of characters but '/', and always the longest: "/a*c" never matches "/abc"
//   **     (or more stars) any run of characters, '/' too, but no line break
//   \*  \\ a literal star or backslash; before anything else a backslash is literal
//   c?     the character c or nothing; a second '?' changes nothing
// A pattern that X-Road cannot read ("*?", "a???") matches nothing.
// Time is bounded by the product of the lengths.
bool path_matches(std::string_view pattern, std::string_view path);

}  // namespace causeway::securityserver
