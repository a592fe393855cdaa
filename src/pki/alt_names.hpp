// SPDX-License-Identifier: MIT
// The subjectAltName extension, for the sources of this folder.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "pki/openssl_handles.hpp"

namespace causeway::pki {

// DNS names, and IP addresses where the text is one. bad_request.
Result<GeneralNamesPtr> make_alt_names(std::span<const std::string> names);
// The same texts; other kinds of names are passed over.
std::vector<std::string> read_alt_names(const GENERAL_NAMES* names);

}  // namespace causeway::pki
