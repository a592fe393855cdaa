// SPDX-License-Identifier: MIT
#include "securityserver/access/service_path.hpp"

#include <algorithm>
#include <vector>

#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::string_view kReplacement = "\ufffd";

bool is_alphanumeric(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool is_one_of(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The octet that "%XX" at `at` stands for, or -1.
int escaped_octet(std::string_view text, std::size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  const int high = hex_value(text[at + 1]);
  const int low = hex_value(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high << 4 | low;
}

Fault broken(std::string_view what) {
  return fault(FaultCode::internal_error, "the path of the call " + std::string(what));
}

// A character at the front of a text: its code, or its length in octets alone when it is
// not valid UTF-8 (the longest beginning of a valid one).
struct Character {
  bool valid = false;
  char32_t code = 0;
  std::size_t length = 1;
};

Character read_character(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = octet(0);
  if (lead < 0x80) return {true, lead, 1};
  const std::size_t length = lead >= 0xc2 && lead < 0xe0   ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0) return {};
  char32_t code = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size()) return {false, 0, i};
    // The second octet of some characters has a smaller range: no overlong forms, surrogates, or beyond Unicode.
    const unsigned char least = i == 1 && lead == 0xe0 ? 0xa0 : i == 1 && lead == 0xf0 ? 0x90 : 0x80;
    const unsigned char most = i == 1 && lead == 0xed ? 0x9f : i == 1 && lead == 0xf4 ? 0x8f : 0xbf;
    if (octet(i) < least || octet(i) > most) return {false, 0, i};
    code = code << 6 | (octet(i) & 0x3fU);
  }
  return {true, code, length};
}

// As java.lang.String does with octets that are no UTF-8.
std::string with_replacements(std::string_view octets) {
  std::string text;
  while (!octets.empty()) {
    const Character character = read_character(octets);
    text += character.valid ? octets.substr(0, character.length) : kReplacement;
    octets.remove_prefix(character.length);
  }
  return text;
}

// First decoding. "%2D" alone stays as it is.
Result<std::string> decode_once(std::string_view raw) {
  std::string octets;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '%') {
      const int octet = escaped_octet(raw, i);
      if (octet < 0) return broken("has a broken percent-encoding");
      if (octet == '-')
        octets += "%2D";
      else
        octets += static_cast<char>(octet);
      i += 2;
    } else if (is_alphanumeric(raw[i]) || is_one_of(raw[i], "/-._~!$&'()*+,;=:@")) {
      octets += raw[i];
    } else {
      return broken("holds a character that must be percent-encoded");
    }
  }
  return with_replacements(octets);
}

// Spaces and controls beyond ASCII, which java.net.URI refuses.
bool is_refused_in_uris(char32_t code) {
  return (code >= 0x80 && code <= 0xa0) || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x2028 ||
         code == 0x2029 || code == 0x202f || code == 0x205f || code == 0x3000;
}

// Whether every character may stand in that part of a URI.
bool is_uri_part(std::string_view text, std::string_view allowed) {
  for (std::size_t i = 0; i < text.size();) {
    const Character character = read_character(text.substr(i));
    if (character.code >= 0x80 ? is_refused_in_uris(character.code)
        : text[i] == '%'       ? escaped_octet(text, i) < 0
                               : !is_alphanumeric(text[i]) && !is_one_of(text[i], allowed))
      return false;
    i += character.length;
  }
  return true;
}

// The path of the URI, still encoded.
Result<std::string_view> path_of_uri(std::string_view uri) {
  constexpr std::string_view in_path = "/-._~!$&'()*+,;=:@";
  constexpr std::string_view in_rest = "/-._~!$&'()*+,;=:@?[]";
  const std::string_view path = uri.substr(0, uri.find_first_of("?#"));
  std::string_view rest = uri.substr(path.size());
  const std::size_t hash = rest.find('#');
  const std::string_view query = rest.substr(0, hash);
  const std::string_view fragment = hash == std::string_view::npos ? std::string_view() : rest.substr(hash + 1);
  if (!path.empty() && path.front() != '/') return broken("does not begin with '/'");
  if (!is_uri_part(path, in_path) || !is_uri_part(query, in_rest) || !is_uri_part(fragment, in_rest))
    return broken("holds an encoded character that cannot stand in a path");
  return path;
}

// Resolves "." and "..", makes one slash of several. A ".." that has nothing before it stays.
std::string resolve_dots(std::string_view path) {
  std::vector<std::string_view> kept;  // each with the slash that follows it
  std::size_t at = path.find_first_not_of('/');
  const bool rooted = !path.empty() && path.front() == '/';
  while (at < path.size()) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    const std::string_view with_slash = path.substr(at, end - at + 1);
    if (segment == "..") {
      const bool can_go_up = !kept.empty() && kept.back() != "../" && kept.back() != "..";
      if (can_go_up)
        kept.pop_back();
      else
        kept.push_back(with_slash);
    } else if (segment != ".") {
      kept.push_back(with_slash);
    }
    at = path.find_first_not_of('/', end);
  }
  std::string resolved = rooted ? "/" : "";
  for (const std::string_view part : kept) resolved += part;
  return resolved;
}

// Second decoding: every run of %XX is a text in UTF-8.
std::string decode_again(std::string_view path) {
  std::string text;
  for (std::size_t i = 0; i < path.size();) {
    std::string octets;
    for (; i < path.size() && path[i] == '%'; i += 3) octets += static_cast<char>(escaped_octet(path, i));
    text += with_replacements(octets);
    for (; i < path.size() && path[i] != '%'; ++i) text += path[i];
  }
  return text;
}

}  // namespace

Result<std::string> normalise_service_path(std::string_view raw) {
  auto decoded = decode_once(raw);
  if (!decoded) return decoded.error();
  auto path = path_of_uri(*decoded);
  if (!path) return path.error();
  std::string normalised = decode_again(resolve_dots(*path));
  const bool lost_its_first_segment = path->starts_with("//");
  return lost_its_first_segment ? "/" + normalised : normalised;
}

bool is_misleading(std::string_view normalised) {
  return normalised.starts_with("//") || normalised.find("..") != std::string_view::npos;
}

}  // namespace causeway::securityserver
