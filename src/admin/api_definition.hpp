// SPDX-License-Identifier: MIT
// An admin API by its description (OpenAPI 3.0): which operations there are, who may use them, and
// whether a request is what it should be. The extensions it knows stand at the head of the
// description, src/centralserver/api/openapi.yaml.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/api_request.hpp"

namespace causeway::admin {

class ApiDefinition {
 public:
  // Throws std::runtime_error or std::logic_error: a description is part of the program.
  static std::shared_ptr<const ApiDefinition> parse(std::string_view yaml);
  ~ApiDefinition();

  std::vector<std::string> operation_ids() const;

  // Method, path, permissions, size of the body and the checks of an operation, with what carries
  // it out; throws std::logic_error for an id that the description has not. Checked are
  // parameters, JSON bodies, forms with their files, and the permissions that depend on a value
  // of these; what depends on the resource (x-permission-by) is the handler's to check.
  Operation operation(std::string_view id, Operation::Handler handle) const;

  // The status with which the operation answers an error of this code; nothing: it should not
  // happen (x-error-codes).
  std::optional<int> status_of(std::string_view id, std::string_view code) const;

 private:
  struct State;
  explicit ApiDefinition(std::unique_ptr<State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace causeway::admin
