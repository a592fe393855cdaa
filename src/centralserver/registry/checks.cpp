// SPDX-License-Identifier: MIT
#include "centralserver/registry/checks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/utf8.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::size_t kLongestUrl = 2000;
constexpr std::size_t kLongestDomainName = 253;
constexpr std::string_view kCommonName = "2.5.4.3";

Fault invalid(std::string_view what, std::string_view why) {
  return fault(RegistryFault::validation_failure, std::string(what) + " " + std::string(why));
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

// U+FFFE and U+FFFF are no characters of XML, nor are most of the control characters.
bool has_forbidden_characters(std::string_view text) {
  if (text.find("\xef\xbf\xbe") != std::string_view::npos || text.find("\xef\xbf\xbf") != std::string_view::npos)
    return true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet < 0x20 || octet == 0x7f) return true;
    if (octet == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

bool is_label(std::string_view label) {
  // Octets of other scripts pass: host names may be international.
  const auto is_letter = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
  };
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [&](char c) { return c == '-' || is_letter(c); });
}

bool is_host_name(std::string_view host) {
  if (host.size() > kLongestText) return false;
  for (;;) {
    const std::size_t dot = host.find('.');
    if (!is_label(host.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    host.remove_prefix(dot + 1);
  }
}

// As Guava's InternetDomainName has it, by which X-Road judges addresses: underscores within, a dot at the
// end, and no last label that begins with a digit, for that is a mistaken IP address.
bool is_domain_label(std::string_view label, bool last) {
  const auto is_dash = [](char c) { return c == '-' || c == '_'; };
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto may_stand = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0 || is_dash(c);
  };
  return !label.empty() && label.size() <= 63 && !is_dash(label.front()) && !is_dash(label.back()) &&
         !(last && is_digit(label.front())) && std::ranges::all_of(label, may_stand);
}

bool is_domain_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kLongestDomainName) return false;
  for (;;) {
    const std::size_t dot = name.find('.');
    const bool last = dot == std::string_view::npos;
    if (!is_domain_label(name.substr(0, dot), last)) return false;
    if (last) return true;
    name.remove_prefix(dot + 1);
  }
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port >= 1 && port <= 65535;
}

bool is_ip_address(std::string_view text) {
  const std::string address(text);
  std::array<unsigned char, 16> octets;
  return address.find('\0') == std::string::npos && (inet_pton(AF_INET, address.c_str(), octets.data()) == 1 ||
                                                     inet_pton(AF_INET6, address.c_str(), octets.data()) == 1);
}

bool is_url(std::string_view url) {
  if (url.size() > kLongestUrl || !is_utf8(url) || has_forbidden_characters(url) ||
      url.find_first_of(" <>\"\\") != std::string_view::npos)
    return false;
  const std::string_view scheme = url.starts_with("https://") ? "https://" : "http://";
  if (!url.starts_with(scheme)) return false;
  std::string_view host = url.substr(scheme.size());
  host = host.substr(0, host.find_first_of("/?#"));
  const std::size_t colon = host.find(':');
  if (colon != std::string_view::npos && !is_port(host.substr(colon + 1))) return false;
  return is_host_name(host.substr(0, colon));
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<void> check_code(std::string_view what, std::string_view code) {
  if (auto text = check_text(what, code); !text) return text;
  if (has_discouraged_characters(code))
    return invalid(what, "has a character that identifiers must not have: one of % : ; / \\ or an invisible one");
  return {};
}

Result<void> check_text(std::string_view what, std::string_view text) {
  if (is_blank(text)) return invalid(what, "is blank");
  return check_optional_text(what, text);
}

Result<void> check_optional_text(std::string_view what, std::string_view text) {
  if (!is_utf8(text)) return invalid(what, "is not valid UTF-8");
  if (has_forbidden_characters(text)) return invalid(what, "has control characters");
  if (utf16_length(text) > kLongestText) return invalid(what, "is longer than 255 characters");
  return {};
}

Result<void> check_url(std::string_view url) {
  if (is_url(url)) return {};
  return fault(RegistryFault::invalid_url, "The address is not http:// or https:// with a host name");
}

Result<void> check_ip_addresses(std::string_view addresses) {
  if (addresses.size() <= kLongestUrl) {
    std::string_view rest = addresses;
    for (;;) {
      const std::size_t comma = rest.find(',');
      if (!is_ip_address(trimmed(rest.substr(0, comma)))) break;
      if (comma == std::string_view::npos) return {};
      rest.remove_prefix(comma + 1);
    }
  }
  return fault(RegistryFault::invalid_ip_address, "Not an IP address, nor several with commas between");
}

Result<void> check_host(std::string_view host) {
  if (is_utf8(host) && !has_forbidden_characters(host) && (is_ip_address(host) || is_domain_name(host))) return {};
  return invalid("The address", "is not an IP address, nor a host name");
}

Result<pki::Certificate> check_certificate(ByteView uploaded) {
  auto certificate = pki::Certificate::from_der_or_pem(uploaded);
  if (!certificate) return fault(RegistryFault::invalid_certificate, certificate.error().text);
  return certificate;
}

Result<std::string> name_of(const pki::Certificate& certificate) {
  auto name = certificate.subject_attribute(kCommonName);
  if (!name || is_blank(*name)) name = certificate.subject_rfc2253();
  if (auto good = check_text("The subject of the certificate", *name); !good)
    return fault(RegistryFault::invalid_certificate, good.error().text);
  return *std::move(name);
}

}  // namespace causeway::centralserver
