// SPDX-License-Identifier: MIT
// Which operation a request asks for.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "admin/api_request.hpp"

namespace causeway::admin {

class Router {
 public:
  // Throws std::logic_error for a second operation of the same method and form of path.
  void add(Operation operation);

  struct Found {
    const Operation* operation;
    std::map<std::string, std::string, std::less<>> path;
  };
  struct NotFound {
    int status;  // 404, 405 or, of a path that cannot be decoded, 400
  };
  // `path` as it was sent, without the query. A literal segment goes before one with a name.
  std::variant<Found, NotFound> find(std::string_view method, std::string_view path) const;

 private:
  struct Route {
    std::vector<std::string> segments;
    Operation operation;
  };
  static std::optional<Found> match(const Route& route, const std::vector<std::string>& segments);
  std::vector<Route> routes_;  // the most literal ones first
};

}  // namespace causeway::admin
