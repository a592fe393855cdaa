// SPDX-License-Identifier: MIT
// Whether a file that was uploaded is of the kind that an operation takes (x-file in a description):
// by its name, and by how its content begins. What it says is for the operation to judge.
#pragma once

#include <optional>
#include <string_view>

#include "admin/api_error.hpp"
#include "message/form_data.hpp"

namespace causeway::admin {

// "certificate", "xml" or "backup".
bool is_known_file_kind(std::string_view kind);

// invalid_file_extension, double_file_extension, invalid_file_content_type. A kind that is none
// throws std::logic_error.
std::optional<ApiError> check_file(std::string_view kind, const message::FormField& file);

}  // namespace causeway::admin
