// SPDX-License-Identifier: MIT
// Client identifiers inside configuration parts: content in the identifiers' namespace.
#pragma once

#include <optional>
#include <string>

#include "domain/identifiers.hpp"
#include "globalconf/xml_cursor.hpp"
#include "globalconf/xml_output.hpp"

namespace causeway::globalconf {

// The element `name` when it stands next; empty also after a fault of the cursor.
std::optional<ClientId> read_client_id_if(XmlCursor& xml, std::string_view name);
void write_client_id(XmlOutput& xml, std::string_view name, const ClientId& id);

// A value that the schema lets be blank and an identifier does not.
std::string read_identifier_part(XmlCursor& xml, std::string_view name);

}  // namespace causeway::globalconf
