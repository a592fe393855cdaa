// SPDX-License-Identifier: MIT
// HTML forms with files as a client sends them (RFC 7578).
#pragma once

#include <string>

#include "message/form_data.hpp"

namespace causeway::message {

struct WrittenForm {
  std::string content_type;  // with the boundary
  std::string body;
};

// Names are tokens; values may have any octets.
WrittenForm write_form_data(const FormData& form);

}  // namespace causeway::message
