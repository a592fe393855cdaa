// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/certificate_json.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/ocsp_responder_json.hpp"
#include "centralserver/registry/certification_services.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

std::int64_t asked_for(const ApiRequest& request) { return number_in_path(request, "intermediate_ca_id"); }

json::object as_json(const CertificateAuthority& authority) {
  return {{"id", authority.number}, {"ca_certificate", certificate_json(authority.certificate)}};
}

Result<ApiAnswer> list(const Registry& registry, const ApiRequest& request) {
  auto service = certification_service(registry, number_in_path(request, "certification_service_id"));
  if (!service) return service.error();
  json::array out;
  for (const CertificateAuthority& each : service->intermediates) out.push_back(as_json(each));
  return json_answer(out);
}

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  auto authority = intermediate_ca(registry, asked_for(request));
  if (!authority) return authority.error();
  return json_answer(as_json(*authority));
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  auto number = add_intermediate_ca(change, number_in_path(request, "certification_service_id"),
                                    file_in_form(request, "certificate").value_or(Bytes()));
  if (!number) return number.error();
  auto added = intermediate_ca(change.registry(), *number);
  if (!added) return added.error();
  return json_answer(as_json(*added), 201);
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  if (auto done = delete_intermediate_ca(change, asked_for(request)); !done) return done.error();
  return no_content();
}

Result<ApiAnswer> responders(const Registry& registry, const ApiRequest& request) {
  auto authority = intermediate_ca(registry, asked_for(request));
  if (!authority) return authority.error();
  return json_answer(ocsp_responders_json(authority->ocsp_responders));
}

Result<ApiAnswer> add_responder(Change& change, const ApiRequest& request) {
  auto number = add_intermediate_ocsp_responder(change, asked_for(request), ocsp_responder_in(request));
  if (!number) return number.error();
  auto added = ocsp_responder(change.registry(), *number);
  if (!added) return added.error();
  return json_answer(ocsp_responder_json(*added), 201);
}

Result<ApiAnswer> remove_responder(Change& change, const ApiRequest& request) {
  auto done =
      delete_intermediate_ocsp_responder(change, asked_for(request), number_in_path(request, "ocsp_responder_id"));
  if (!done) return done.error();
  return no_content();
}

}  // namespace

void add_intermediate_ca_operations(OperationsOf& api) {
  api.look("getCertificationServiceIntermediateCas", &list);
  api.alter("addCertificationServiceIntermediateCa", &add);
  api.look("getIntermediateCa", &get);
  api.alter("deleteIntermediateCa", &remove);
  api.look("getIntermediateCaOcspResponders", &responders);
  api.alter("addIntermediateCaOcspResponder", &add_responder);
  api.alter("deleteIntermediateCaOcspResponder", &remove_responder);
}

}  // namespace causeway::centralserver
