// SPDX-License-Identifier: MIT
// The parameters behind the question mark of a request to a Security Server, form-encoded,
// as X-Road's HTTP server reads them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace causeway::message {

class QueryParameters {
 public:
  QueryParameters() = default;
  // bad_request: a percent sign without two digits, or a text that is not UTF-8.
  static Result<QueryParameters> parse(std::string_view query);

  // With or without a value. Case counts.
  bool has(std::string_view name) const { return find(name) != nullptr; }
  // Of the first of that name: empty where it has none, nullptr when there is no such parameter.
  const std::string* find(std::string_view name) const;
  // Of all of that name, in order.
  std::vector<std::string> all(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

}  // namespace causeway::message
