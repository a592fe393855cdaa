// SPDX-License-Identifier: MIT
// Reports of verified containers and archives, for people and as JSON.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "evidence/archive_verifier.hpp"
#include "evidence/asic_verifier.hpp"

namespace causeway::cli {

// Text of a stranger with nothing in it that would act on a terminal.
std::string printable(std::string_view text);

// "GOOD  name" or "REFUSED  name: why".
std::string headline(std::string_view name, const evidence::ContainerReport& report);
// The facts and every check, a line each.
std::string details(const evidence::ContainerReport& report);
std::string details(const evidence::Checks& checks);

boost::json::object to_json(std::string_view name, const evidence::ContainerReport& report);
boost::json::object to_json(std::string_view name, const evidence::ArchiveReport& report,
                            boost::json::array containers);

}  // namespace causeway::cli
