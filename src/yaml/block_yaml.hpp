// SPDX-License-Identifier: MIT
// Reads YAML of the form in which configurations are written, many times faster than a
// general parser: mappings and sequences by indentation, a value a line.
#pragma once

#include <optional>
#include <string_view>

#include "yaml/yaml_document.hpp"

namespace causeway {

// Nothing at the first octet that is not expected, be that a mistake or merely another form
// (values that go on in the next line, "[a, b]", "{a: b}", anchors, tags, tabs, directives,
// keys that stand twice, ...): parse_yaml() then asks the general parser, which says what is
// wrong. What is accepted here means to that one what it means here.
std::optional<YamlDocument> parse_block_yaml(std::string_view text);

}  // namespace causeway
