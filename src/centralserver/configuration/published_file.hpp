// SPDX-License-Identifier: MIT
// Which file of the document root a request for configuration gets (trust.md 1.2).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace causeway::centralserver {

// Below `docroot`; "" for none. As X-Road's web server, but a directory whose time is up is not
// given out: clients then go on to a version that is good.
std::string published_file(const std::filesystem::path& docroot, std::string_view path, std::string_view query,
                           TimePoint at);

}  // namespace causeway::centralserver
