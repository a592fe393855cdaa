// SPDX-License-Identifier: MIT
// A request to an admin API as its operations see it, and their answer.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "admin/api_error.hpp"
#include "admin/roles.hpp"
#include "message/form_data.hpp"
#include "message/query_parameters.hpp"
#include "net/http_message.hpp"

namespace causeway::admin {

struct ApiRequest {
  Caller caller = {};
  std::map<std::string, std::string, std::less<>> path = {};  // what stands for "{name}", decoded
  message::QueryParameters query = {};
  std::string content_type = {};
  std::string body = {};
  message::FormData form = {};  // the body, when it is one: `check` takes it apart
};

struct ApiAnswer {
  int status = 200;
  std::string body = {};
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

using Outcome = std::variant<ApiAnswer, ApiError>;

// One operation of an API. What it answers when it throws is 500.
struct Operation {
  // Who may: any one of the permissions suffices; none of them: everybody who is logged in.
  using Permissions = std::vector<std::string>;
  // On a thread that may wait.
  using Handler = std::function<Outcome(const ApiRequest&)>;

  std::string method;
  std::string path;  // "/api/v1/api-keys/{id}"
  Permissions permissions;
  Handler handle;
  bool takes_upload = false;  // a larger body
  bool is_public = false;     // nobody has to log in; `caller` is nobody then
  // Why a request is refused that is not what it should be; before `handle`, where nothing waits.
  std::function<std::optional<ApiError>(ApiRequest&)> check = {};
};

}  // namespace causeway::admin
