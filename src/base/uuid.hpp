// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace causeway {

// A random UUID (RFC 4122 version 4), lower case.
std::string random_uuid();

// `count` random letters a-z A-Z, for MIME boundaries.
std::string random_letters(std::size_t count);

}  // namespace causeway
