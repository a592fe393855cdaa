// SPDX-License-Identifier: MIT
// The administration interface over a socket, on a registry that was just initialised, asked by
// curl with the key of a role.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <memory>
#include <string>

#include "admin/api_server.hpp"
#include "centralserver/api/api_operations.hpp"
#include "centralserver/registry/history.hpp"
#include "centralserver/registry/initialization.hpp"
#include "centralserver/registry/security_servers.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "store/sqlite.hpp"
#include "support/temporary_directory.hpp"
#include "unit/net/loopback.hpp"

namespace causeway::centralserver {

class NoUsers : public admin::Users {
 public:
  Result<admin::Names> log_in(const std::string&, const std::string&) const override {
    return Fault{"login_failed", "there are none"};
  }
};

struct Reply {
  int status = 0;
  std::string body;
};

class CentralServerApi : public ::testing::Test {
 protected:
  void SetUp() override {
    Registry registry = open();
    auto change = Change::begin(registry, "installer");
    ASSERT_TRUE(change);
    ASSERT_TRUE(initialize(*change, "EX", "cs.example.org"));
    ASSERT_TRUE(change->commit());
    const admin::Roles roles = central_server_roles();
    admin::ApiKeys keys(roles);
    for (const char* role : {"XROAD_REGISTRATION_OFFICER", "XROAD_SECURITY_OFFICER", "XROAD_SYSTEM_ADMINISTRATOR"}) {
      const auto made = keys.create(registry.database(), {role}, {"installer", {role}, {}});
      ASSERT_TRUE(made) << made.error().text;
      secrets_[role] = made->secret;
    }
    const auto made = keys.create(registry.database(), {"XROAD_MANAGEMENT_SERVICE"},
                                  {"installer", {"XROAD_SYSTEM_ADMINISTRATOR"}, {}});
    ASSERT_TRUE(made) << made.error().text;
    secrets_["XROAD_MANAGEMENT_SERVICE"] = made->secret;
    admin::ApiServerOptions options;
    options.gate = {*admin::AddressList::parse("127.0.0.0/8"), {}};
    options.rate = {.per_second = 0, .per_minute = 0};
    api_ = std::make_unique<admin::ApiServer>(
        std::move(options), roles, std::make_unique<NoUsers>(),
        [this] { return store::open_sqlite(directory_ / "x.db"); },
        [this](admin::Router& router) {
          add_api_operations(router, registries_, {try_anchor_, directory_ / "ssl"});
          add_more(router);
        });
    auto http = net::HttpServer::start(threads_, {}, [this](net::ServerCall& call) { return api_->serve(call); });
    ASSERT_TRUE(http) << http.error().text;
    http_ = *std::move(http);
  }

  virtual void add_more(admin::Router&) {}

  Registry open() { return *Registry::open(*store::open_sqlite(directory_ / "x.db")); }

  // `role` without XROAD_; a body is sent as JSON.
  Reply ask(const std::string& role, const std::string& method, const std::string& path,
            const std::string& body = {}) const {
    return ask_with(role, method, path, body.empty() ? "" : "-H 'Content-Type: application/json' -d '" + body + "' ");
  }
  // `more` are arguments of curl.
  Reply ask_with(const std::string& role, const std::string& method, const std::string& path,
                 const std::string& more) const {
    const std::string line = "curl -s -o - -w '\n%{http_code}' --max-time 20 -X " + method +
                             " -H 'Authorization: X-Road-ApiKey token=" + secrets_.at("XROAD_" + role) + "' " + more;
    const std::string text =
        net::run_command(line + "'http://127.0.0.1:" + std::to_string(http_->port()) + "/api/v1" + path + "'");
    const auto last = text.rfind('\n');
    if (last == std::string::npos) return {0, text};
    return {std::atoi(text.c_str() + last + 1), text.substr(0, last)};
  }
  Reply officer(const std::string& method, const std::string& path, const std::string& body = {}) const {
    return ask("REGISTRATION_OFFICER", method, path, body);
  }
  Reply security(const std::string& method, const std::string& path, const std::string& body = {}) const {
    return ask("SECURITY_OFFICER", method, path, body);
  }
  // Of the class GOV: 1, "Owner", and 2, "Client".
  void add_two_members() const {
    ASSERT_EQ(security("POST", "/member-classes", R"({"code":"GOV","description":"Government"})").status, 201);
    for (const char* member : {R"({"member_name":"Owner","member_id":{"member_class":"GOV","member_code":"1"}})",
                               R"({"member_name":"Client","member_id":{"member_class":"GOV","member_code":"2"}})"})
      ASSERT_EQ(officer("POST", "/members", member).status, 201);
  }
  // A change beside the interface, as management requests make.
  template <class Operation>
  void in_registry(Operation operation) {
    Registry registry = open();
    auto change = Change::begin(registry, "installer");
    ASSERT_TRUE(change && operation(*change) && change->commit());
  }
  // Two members; of the first a server ss1, whose client is the subsystem tax of the second.
  void add_server() {
    add_two_members();
    in_registry([](Change& change) -> Result<void> {
      const ServerId server = *ServerId::make("EX", "GOV", "1", "ss1");
      if (auto done = register_security_server(change, server, "ss1.example.org"); !done) return done;
      return register_client(change, server, *ClientId::make("EX", "GOV", "2", "tax"), "Taxes");
    });
  }
  static std::string error(int status, const std::string& code) {
    return R"({"status":)" + std::to_string(status) + R"(,"error":{"code":")" + code + R"("}})";
  }
  static std::string wrong(const std::string& field, const std::string& check) {
    return R"({"status":400,"error":{"code":"validation_failure","validation_errors":{")" + field + R"(":[")" + check +
           R"("]}}})";
  }

  testing::TemporaryDirectory directory_;
  std::map<std::string, std::string> secrets_;
  AnchorTrial try_anchor_ = [](const globalconf::Anchor&) -> Result<void> { return Fault{"io_error", "no network"}; };
  Registries registries_{[this]() -> Result<std::unique_ptr<Registry>> { return std::make_unique<Registry>(open()); },
                         [](Registry&) { return true; }};
  net::IoThreads threads_{2};
  std::unique_ptr<admin::ApiServer> api_;
  std::unique_ptr<net::HttpServer> http_;
};

}  // namespace causeway::centralserver
