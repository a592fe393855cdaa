// SPDX-License-Identifier: MIT
#include <algorithm>
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
using globalconf::CsrFormat;

std::int64_t asked_for(const ApiRequest& request) { return number_in_path(request, "certification_service_id"); }

json::object list_item(const RegisteredCertificationService& service) {
  return {{"id", service.number},
          {"name", service.name},
          {"not_before", to_iso_seconds(service.top.certificate.not_before())},
          {"not_after", to_iso_seconds(service.top.certificate.not_after())}};
}

json::object as_json(const RegisteredCertificationService& service) {
  const CertificationSettings& settings = service.settings;
  const json::object certificate = certificate_json(service.top.certificate);
  json::object out = list_item(service);
  for (const char* const name : {"issuer_distinguished_name", "subject_distinguished_name"})
    out[name] = certificate.at(name);
  out["certificate_profile_info"] = settings.profile_class;
  out["tls_auth"] = settings.tls_only;
  if (settings.default_csr_format)
    out["default_csr_format"] = *settings.default_csr_format == CsrFormat::der ? "DER" : "PEM";
  for (const auto& [name, value] :
       {std::pair("acme_server_directory_url", &settings.acme_directory_url),
        std::pair("acme_server_ip_address", &settings.acme_ip_addresses),
        std::pair("authentication_certificate_profile_id", &settings.acme_authentication_profile),
        std::pair("signing_certificate_profile_id", &settings.acme_signing_profile)})
    if (!value->empty()) out[name] = *value;
  return out;
}

Result<ApiAnswer> answer_with(const Registry& registry, std::int64_t number, int status) {
  auto service = certification_service(registry, number);
  if (!service) return service.error();
  return json_answer(as_json(*service), status);
}

// What is left out stays, but whether it is for authentication only. `text` gives what is there.
template <class Text>
void take(CertificationSettings& settings, Text text) {
  const auto blank_is_empty = [](std::string value) {
    return value.find_first_not_of(" \t\r\n") == value.npos ? std::string() : value;
  };
  if (const auto value = text("certificate_profile_info")) settings.profile_class = *value;
  std::string tls_only = text("tls_auth").value_or("");
  std::ranges::transform(tls_only, tls_only.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  settings.tls_only = tls_only == "true";
  if (const auto value = text("default_csr_format"))
    settings.default_csr_format = *value == "DER" ? CsrFormat::der : CsrFormat::pem;
  if (const auto value = text("acme_server_directory_url")) settings.acme_directory_url = blank_is_empty(*value);
  if (const auto value = text("acme_server_ip_address")) settings.acme_ip_addresses = blank_is_empty(*value);
  if (const auto value = text("authentication_certificate_profile_id")) settings.acme_authentication_profile = *value;
  if (const auto value = text("signing_certificate_profile_id")) settings.acme_signing_profile = *value;
}

Result<ApiAnswer> list(const Registry& registry, const ApiRequest&) {
  auto services = certification_services(registry);
  if (!services) return services.error();
  json::array out;
  for (const RegisteredCertificationService& each : *services) out.push_back(list_item(each));
  return json_answer(out);
}

Result<ApiAnswer> get(const Registry& registry, const ApiRequest& request) {
  return answer_with(registry, asked_for(request), 200);
}

Result<ApiAnswer> add(Change& change, const ApiRequest& request) {
  CertificationSettings settings;
  take(settings, [&](std::string_view name) -> std::optional<std::string> {
    const std::string* const text = request.form.text(name);
    return text == nullptr ? std::nullopt : std::optional(*text);
  });
  auto number = add_certification_service(change, settings, file_in_form(request, "certificate").value_or(Bytes()));
  if (!number) return number.error();
  return answer_with(change.registry(), *number, 201);
}

Result<ApiAnswer> update(Change& change, const ApiRequest& request) {
  auto service = certification_service(change.registry(), asked_for(request));
  if (!service) return service.error();
  const json::object body = body_of(request);
  take(service->settings, [&](std::string_view name) -> std::optional<std::string> {
    const json::value* const value = body.if_contains(name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string(value->get_string());
  });
  if (auto done = update_certification_service(change, service->number, service->settings); !done) return done.error();
  return answer_with(change.registry(), service->number, 200);
}

Result<ApiAnswer> remove(Change& change, const ApiRequest& request) {
  if (auto done = delete_certification_service(change, asked_for(request)); !done) return done.error();
  return no_content();
}

Result<ApiAnswer> certificate(const Registry& registry, const ApiRequest& request) {
  auto service = certification_service(registry, asked_for(request));
  if (!service) return service.error();
  return json_answer(certificate_json(service->top.certificate));
}

Result<ApiAnswer> responders(const Registry& registry, const ApiRequest& request) {
  auto service = certification_service(registry, asked_for(request));
  if (!service) return service.error();
  return json_answer(ocsp_responders_json(service->top.ocsp_responders));
}

Result<ApiAnswer> add_responder(Change& change, const ApiRequest& request) {
  auto number = add_ocsp_responder(change, asked_for(request), ocsp_responder_in(request));
  if (!number) return number.error();
  auto added = ocsp_responder(change.registry(), *number);
  if (!added) return added.error();
  return json_answer(ocsp_responder_json(*added), 201);
}

}  // namespace

void add_certification_service_operations(OperationsOf& api) {
  api.look("getCertificationServices", &list);
  api.look("getCertificationService", &get);
  api.alter("addCertificationService", &add);
  api.alter("updateCertificationService", &update);
  api.alter("deleteCertificationService", &remove);
  api.look("getCertificationServiceCertificate", &certificate);
  api.look("getCertificationServiceOcspResponders", &responders);
  api.alter("addCertificationServiceOcspResponder", &add_responder);
}

}  // namespace causeway::centralserver
