// SPDX-License-Identifier: MIT
#include "admin/knock.hpp"

#include <algorithm>

namespace causeway::admin {
namespace {

std::optional<std::string> header(const net::RequestHead& head, std::string_view name) {
  const std::string* const value = head.headers.find(name);
  return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::string> cookie(const net::RequestHead& head, std::string_view name) {
  const std::string* const all = head.headers.find("Cookie");
  if (all == nullptr) return std::nullopt;
  std::string_view rest = *all;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(name) && one.substr(name.size()).starts_with('='))
      return std::string(one.substr(name.size() + 1));
  }
  return std::nullopt;
}

}  // namespace

bool is_below(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
}

Knock read_knock(const net::RequestHead& head, std::string peer_address) {
  return {.peer_address = std::move(peer_address),
          .authorization = header(head, "Authorization"),
          .session_cookie = cookie(head, kSessionCookie),
          .csrf_cookie = cookie(head, kCsrfCookie),
          .csrf_header = header(head, "X-XSRF-TOKEN"),
          .manages_keys = is_below(head.path(), kApiKeysPath),
          .prolongs_session = !is_below(head.path(), kNotificationsPath)};
}

}  // namespace causeway::admin
