// SPDX-License-Identifier: MIT
// What java.net.URI takes for a URI: a Java Security Server parses the path and query of
// a REST request, and SOAPAction, with it (messages.md 2.3, 4.5, trap 7).
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace causeway::message {

// A raw path that starts with one '/', in UTF-8. Letters beyond ASCII may stand raw.
bool is_uri_path(std::string_view path);
// What may stand after '?'.
bool is_uri_query(std::string_view query);
// Any URI reference: "urn:a:b", "http://host/p?q#f", "p/q", and the empty text is none.
bool is_uri(std::string_view text);

// With each %XX as the octet it stands for; in a form '+' is a space. bad_request, whose text the
// caller begins: "has a broken percent-encoding", or "is not valid UTF-8".
enum class Encoding { path, form };
Result<std::string> percent_decoded(std::string_view text, Encoding encoding);

}  // namespace causeway::message
