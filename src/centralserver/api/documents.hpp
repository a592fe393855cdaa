// SPDX-License-Identifier: MIT
// The description of the administration interface, and who may do what, as parts of the program.
#pragma once

#include <string_view>

namespace causeway::centralserver {

std::string_view api_description();  // openapi.yaml
std::string_view api_roles();        // roles.yaml

}  // namespace causeway::centralserver
