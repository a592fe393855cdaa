// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_json.hpp"
#include "centralserver/registry/server_clients.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

Result<ServerId> asked_for(const ApiRequest& request) { return decode_server_id(in_path(request, "server_id")); }

Result<ApiAnswer> answer_with(const Registry& registry, const ServerId& id) {
  auto server = security_server(registry, id);
  if (!server) return server.error();
  auto out = server_json(registry, *server);
  if (!out) return out.error();
  return json_answer(*out);
}

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  return answer_with(registry, *id);
}

Result<ApiAnswer> change_address(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto done = set_server_address(change, *id, text_in(body_of(request), "server_address"));
  if (!done) return done.error();
  return answer_with(change.registry(), *id);
}

Result<ApiAnswer> list_clients(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto clients = server_clients(registry, *id);
  if (!clients) return clients.error();
  json::array out;
  for (const ServerClient& each : *clients) {
    auto one = client_json(registry, each.id);
    if (!one) return one.error();
    out.push_back(*std::move(one));
  }
  return json_answer(out);
}

}  // namespace

void add_security_server_operations(OperationsOf& api) {
  api.look("getSecurityServer", &get);
  api.alter("updateSecurityServerAddress", &change_address);
  api.look("getSecurityServerClients", &list_clients);
}

}  // namespace causeway::centralserver
