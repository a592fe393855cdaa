// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/certificate_json.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_json.hpp"
#include "centralserver/registry/authentication_certificates.hpp"
#include "centralserver/registry/server_clients.hpp"
#include "centralserver/requests/management_requests.hpp"

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

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  if (auto done = remove_security_server(change, *id); !done) return done.error();
  return no_content();
}

Result<ApiAnswer> list_certificates(const Registry& registry, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto certificates = authentication_certificates(registry, *id);
  if (!certificates) return certificates.error();
  json::array out;
  for (const AuthenticationCertificate& each : *certificates) {
    json::object one = certificate_json(each.certificate);
    one["id"] = each.number;
    out.push_back(std::move(one));
  }
  return json_answer(out);
}

Result<ApiAnswer> remove_certificate(Change& change, const ApiRequest& request) {
  auto id = asked_for(request);
  if (!id) return id.error();
  auto done = remove_authentication_certificate(change, *id, number_in_path(request, "certificate_id"));
  if (!done) return done.error();
  return no_content();
}

}  // namespace

void add_security_server_operations(OperationsOf& api) {
  api.look("getSecurityServer", &get);
  api.alter("updateSecurityServerAddress", &change_address);
  api.look("getSecurityServerClients", &list_clients);
  api.alter("deleteSecurityServer", &remove);
  api.look("getSecurityServerAuthCerts", &list_certificates);
  api.alter("deleteSecurityServerAuthCert", &remove_certificate);
}

}  // namespace causeway::centralserver
