// SPDX-License-Identifier: MIT
// What a request to an admin API says of who sends it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace causeway::admin {

inline constexpr std::string_view kSessionCookie = "JSESSIONID", kCsrfCookie = "XSRF-TOKEN";
inline constexpr std::string_view kApiKeysPath = "/api/v1/api-keys";
inline constexpr std::string_view kNotificationsPath = "/api/v1/notifications";

struct Knock {
  std::string peer_address;
  std::optional<std::string> authorization = {};   // the header
  std::optional<std::string> session_cookie = {};  // JSESSIONID
  std::optional<std::string> csrf_cookie = {};     // XSRF-TOKEN
  std::optional<std::string> csrf_header = {};     // X-XSRF-TOKEN
  bool manages_keys = false;                       // a path below /api/v1/api-keys: passwords are taken, keys not
  bool prolongs_session = true;                    // all but notifications
};

Knock read_knock(const net::RequestHead& head, std::string peer_address);

// Whether a path is `prefix` or below it.
bool is_below(std::string_view path, std::string_view prefix);

}  // namespace causeway::admin
