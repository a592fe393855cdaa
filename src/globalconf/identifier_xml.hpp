// SPDX-License-Identifier: MIT
// What the configuration parts have in common: client identifiers, whose content is in the
// identifiers' namespace, and the root element.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/identifiers.hpp"
#include "xml/writing.hpp"

namespace causeway::globalconf {

// The element `name` when it stands next; empty also after a fault of the cursor. For both
// kinds of cursor, as below.
template <class Cursor>
std::optional<ClientId> read_client_id_if(Cursor& xml, std::string_view name);
void write_client_id(xml::Writer& out, std::string_view name, const ClientId& id);

// A document `t:<root>` with the two prefixes declared, and its end.
xml::Writer begin_document(std::string_view root);
std::string end_document(xml::Writer&& out);

// A value that the schema lets be blank and an identifier does not.
template <class Cursor>
std::string read_identifier_part(Cursor& xml, std::string_view name);

}  // namespace causeway::globalconf
