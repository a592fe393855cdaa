// SPDX-License-Identifier: MIT
// Well-formed XML in UTF-16, ISO-8859-1 or US-ASCII as the same in UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace causeway::message {

inline constexpr std::string_view kXmlDeclaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

// `declared` is the encoding that the XML declaration names, empty when it names none.
bool is_utf8_xml(std::string_view xml, std::string_view declared);

// With kXmlDeclaration in place of its own declaration and byte order mark.
std::string utf8_xml(std::string_view xml, std::string_view declared);

}  // namespace causeway::message
