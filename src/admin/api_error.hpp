// SPDX-License-Identifier: MIT
// The answer of an admin API to a request that it does not carry out (administration.md 1).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace causeway::admin {

struct ApiError {
  // A code, and what it is about: a warning can be passed over with ignore_warnings.
  struct Detail {
    std::string code;
    std::vector<std::string> metadata = {};
  };

  int status = 400;
  std::optional<Detail> error = {};
  // By field: why its value was not taken. With code validation_failure.
  std::map<std::string, std::vector<std::string>> validation_errors = {};
  std::vector<Detail> warnings = {};
};

inline ApiError api_error(int status, std::string code, std::vector<std::string> metadata = {}) {
  return {.status = status, .error = ApiError::Detail{std::move(code), std::move(metadata)}};
}

// The body of the answer. What is empty is left out.
std::string to_json(const ApiError& error);

}  // namespace causeway::admin
