// SPDX-License-Identifier: MIT
#include <charconv>

#include "domain/fault_code.hpp"
#include "net/http_client.hpp"

namespace causeway::net {

namespace {

Fault malformed(std::string_view text) {
  return fault(FaultCode::service_malformed_url, "malformed address \"" + std::string(text) + "\"");
}

bool printable(std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f) return false;
  }
  return true;
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  Url url;
  std::string_view rest = text;
  const std::size_t colon = rest.find("://");
  if (colon == std::string_view::npos || !printable(text)) return malformed(text);
  url.tls = equals_ignoring_case(rest.substr(0, colon), "https");
  if (!url.tls && !equals_ignoring_case(rest.substr(0, colon), "http")) return malformed(text);
  rest.remove_prefix(colon + 3);

  std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(authority.size());
  rest = rest.substr(0, rest.find('#'));
  if (authority.find('@') != std::string_view::npos) return malformed(text);
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return malformed(text);
    url.endpoint.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    if (!port.empty() && port.front() != ':') return malformed(text);
  } else {
    const std::size_t end = std::min(authority.find(':'), authority.size());
    url.endpoint.host = authority.substr(0, end);
    port = authority.substr(end);
  }
  if (url.endpoint.host.empty()) return malformed(text);
  url.endpoint.port = url.tls ? 443 : 80;
  if (port.size() > 1) {
    unsigned number = 0;
    const auto [end, failure] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
    if (failure != std::errc() || end != port.data() + port.size() || number == 0 || number > 65535) {
      return malformed(text);
    }
    url.endpoint.port = static_cast<std::uint16_t>(number);
  }
  url.target = rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
  return url;
}

}  // namespace causeway::net
