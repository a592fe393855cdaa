// SPDX-License-Identifier: MIT
// What may stand in the registry: all of it is published to every Security Server, and a
// value that one of them cannot read would stop the country. validation_failure, where no
// other code is named.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "pki/certificate.hpp"

namespace causeway::centralserver {

// As X-Road counts it: in UTF-16 units.
inline constexpr std::size_t kLongestText = 255;

// A code in an identifier: not blank, no control characters, none of % : ; / \ and invisible ones.
Result<void> check_code(std::string_view what, std::string_view code);
// A name or a description: UTF-8 without control characters, not blank.
Result<void> check_text(std::string_view what, std::string_view text);
// The same, or empty.
Result<void> check_optional_text(std::string_view what, std::string_view text);
// invalid_url: http or https, a host name or IPv4 address, perhaps a port and a path.
Result<void> check_url(std::string_view url);
// invalid_ip_address: one, or several with commas between.
Result<void> check_ip_addresses(std::string_view addresses);
// An IP address or a host name.
Result<void> check_host(std::string_view host);
// The first certificate of what was uploaded, DER or PEM. invalid_certificate.
Result<pki::Certificate> check_certificate(ByteView uploaded);
// What people call it: the subject's common name, or else the whole subject. invalid_certificate
// when that cannot be published as a name.
Result<std::string> name_of(const pki::Certificate& certificate);

}  // namespace causeway::centralserver
