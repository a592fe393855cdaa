// SPDX-License-Identifier: MIT
#include <boost/json.hpp>

#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/certificate_json.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/ocsp_responder_json.hpp"
#include "centralserver/registry/cost_text.hpp"
#include "centralserver/registry/registry_fault.hpp"

namespace causeway::centralserver {
namespace {

using admin::ApiAnswer;
using admin::ApiRequest;

std::int64_t asked_for(const ApiRequest& request) { return number_in_path(request, "ocsp_responder_id"); }

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  auto responder = ocsp_responder(registry, asked_for(request));
  if (!responder) return responder.error();
  return json_answer(ocsp_responder_json(*responder));
}

Result<ApiAnswer> certificate(const Registry& registry, const ApiRequest& request) {
  auto responder = ocsp_responder(registry, asked_for(request));
  if (!responder) return responder.error();
  if (!responder->certificate)
    return fault(RegistryFault::ocsp_responder_not_found, "The OCSP responder has no certificate of its own");
  auto read = pki::Certificate::from_der(*responder->certificate);
  if (!read) return read.error();
  return json_answer(certificate_json(*read));
}

Result<ApiAnswer> update(Change& change, const ApiRequest& request) {
  OcspResponderUpdate update{.certificate = file_in_form(request, "certificate")};
  if (const std::string* const url = request.form.text("url")) update.url = *url;
  if (const std::string* const cost = request.form.text("cost_type")) update.cost = cost_of(*cost);
  if (auto done = update_ocsp_responder(change, asked_for(request), update); !done) return done.error();
  return get(change.registry(), request);
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  if (auto done = delete_ocsp_responder(change, asked_for(request)); !done) return done.error();
  return no_content();
}

}  // namespace

void add_ocsp_responder_operations(OperationsOf& api) {
  api.look("getOcspResponder", &get);  // which X-Road lets nobody do
  api.look("getOcspRespondersCertificate", &certificate);
  api.alter("updateOcspResponder", &update);
  api.alter("deleteOcspResponder", &remove);
}

}  // namespace causeway::centralserver
