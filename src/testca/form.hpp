// SPDX-License-Identifier: MIT
// HTML forms with files, as browsers and curl -F send them (RFC 7578).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::testca {

struct FormField {
  std::string name;
  std::string filename;  // empty when it is no file
  Bytes value;
};

// mime_parsing_failed, invalid_content_type.
Result<std::vector<FormField>> read_form(std::string_view content_type, ByteView body);

}  // namespace causeway::testca
