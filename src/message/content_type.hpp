// SPDX-License-Identifier: MIT
// Content-Type values: type, parameters, and what is done with them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace causeway::message {

struct ContentType {
  std::string type;                               // lower case, without parameters
  std::map<std::string, std::string> parameters;  // names lower case, values unquoted

  static Result<ContentType> parse(std::string_view text);  // invalid_content_type
  std::string parameter(std::string_view name) const;       // empty when absent
};

// Nothing but a media type in lower case, which ContentType would give as it stands.
bool is_plain_media_type(std::string_view text);

// The original value with charset=utf-8 in place of any other (messages.md 2.4).
std::string with_utf8_charset(std::string_view content_type);

}  // namespace causeway::message
