// SPDX-License-Identifier: MIT
// A YAML document as JSON, by the core schema of YAML 1.2 (10.3): what stands in quotes is text.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

namespace causeway::admin {

// For documents of our own: throws std::runtime_error for what is no YAML.
boost::json::value yaml_as_json(std::string_view yaml);

}  // namespace causeway::admin
