// SPDX-License-Identifier: MIT
// Permissions that an operation asks for by a value of the path or the body (x-permission-by and
// x-permission-also in a description), besides those that let somebody in at all.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "admin/api_error.hpp"
#include "admin/api_request.hpp"

namespace causeway::admin {

class ValuePermissions {
 public:
  // None where the operation has none. std::runtime_error for one that cannot be read. What depends
  // on the resource is left to who has it before him.
  explicit ValuePermissions(const boost::json::object& operation);

  // 403. Of values that were held against the description.
  std::optional<ApiError> check_path(const ApiRequest& request) const;
  std::optional<ApiError> check_body(const Caller& caller, const boost::json::value& body) const;

 private:
  struct Rule {
    bool in_path = false;
    std::string name;  // of the parameter or field
    // Any one suffices. With `complete`, a value that is not here has none that would suffice.
    std::map<std::string, std::vector<std::string>, std::less<>> needed = {};
    bool complete = false;
    std::map<std::string, std::string, std::less<>> forbidden = {};
  };
  static std::optional<ApiError> check(const Rule& rule, const Caller& caller, std::string_view value);

  std::vector<Rule> rules_;
};

}  // namespace causeway::admin
