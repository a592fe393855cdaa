// SPDX-License-Identifier: MIT
// An admin API over HTTP: limits, logging in and out, who may do what, and the answers of the
// operations (administration.md 1). Operations run on threads of its own, which may wait.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "admin/gate.hpp"
#include "admin/pool.hpp"
#include "admin/request_rate.hpp"
#include "admin/router.hpp"
#include "net/http_server.hpp"

namespace causeway::admin {

struct ApiServerOptions {
  GateOptions gate = {};
  RequestRate::Limits rate = {};
  std::size_t largest_body = 50 * 1024;             // request-sizelimit-regular
  std::size_t largest_upload = 10 * 1024 * 1024;    // request-sizelimit-binary-upload
  std::vector<std::string> allowed_hostnames = {};  // of the Host header; none: any
  unsigned workers = 4;
};

class ApiServer {
 public:
  // `keys` opens the database in which API keys are. `add_operations` adds those of the server to
  // those that all have: login, API keys, users.
  ApiServer(ApiServerOptions options, Roles roles, std::unique_ptr<Users> users, Pool<store::Database>::Open keys,
            const std::function<void(Router&)>& add_operations);
  // After the HTTP server that calls serve() has stopped.
  ~ApiServer();

  net::Task<void> serve(net::ServerCall& call);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace causeway::admin
