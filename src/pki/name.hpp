// SPDX-License-Identifier: MIT
// Distinguished names: the texts Java makes of them, and keys for comparing them.
// For the sources of this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "pki/openssl_handles.hpp"

namespace causeway::pki {

// As Java's X500Principal.getName(): RFC 2253, last RDN first, hexadecimal DER for
// attributes that RFC 2253 has no keyword for.
std::string rfc2253_name(const X509_NAME* name);

// As Java's X500Principal.toString(), which people read: last RDN first, "CN=x, O=y".
std::string displayed_name(const X509_NAME* name);

// Equal names give equal keys: ASCII case and runs of spaces do not count.
std::string name_key(const X509_NAME* name);
// The same with RDNs in any order, as responder ids compare (evidence.md 6.3).
std::string unordered_name_key(const X509_NAME* name);

// The value in the last RDN that has this attribute, RFC 2253-escaped (trust.md 8.1).
std::optional<std::string> last_attribute(const X509_NAME* name, std::string_view oid);

}  // namespace causeway::pki
