// SPDX-License-Identifier: MIT
#include <algorithm>
#include <boost/json.hpp>

#include "base/log.hpp"
#include "centralserver/api/api_operations.hpp"
#include "centralserver/api/certificate_json.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/api/service_certificate.hpp"
#include "centralserver/api/tar_archive.hpp"
#include "centralserver/registry/system_parameters.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;
using admin::ApiAnswer;
using admin::ApiRequest;

void note(const ApiRequest& request, const char* what, const pki::Certificate& certificate) {
  log::info("admin API: {} {} the TLS certificate of the management services: {}", request.caller.name, what,
            certificate.hash_hex(pki::DigestAlgorithm::sha256));
}

Result<ApiAnswer> show(const ServiceCertificate& files, const ApiRequest&) {
  auto certificate = files.read();
  if (!certificate) return Fault{"invalid_certificate", certificate.error().text};  // as X-Road says here
  return json_answer(certificate_json(*certificate));
}

Result<ApiAnswer> download(const ServiceCertificate& files, const ApiRequest&) {
  auto certificate = files.read();
  if (!certificate) return certificate.error();
  return file_answer(tar_gz({{"./management-service.pem", certificate->to_pem()},
                             {"./management-service.cer", to_text(certificate->der())}},
                            now()),
                     "management-service.tar.gz", "application/gzip");
}

Result<ApiAnswer> make_request(const ServiceCertificate& files, const ApiRequest& request) {
  auto made = files.request(text_in(body_of(request), "name"));
  if (!made) return made.error();
  std::string day = to_iso_seconds(now()).substr(0, 10);
  std::erase(day, '-');
  return file_answer(*std::move(made), "management_service_tls_cert_request_" + day + ".p10",
                     "application/octet-stream");
}

Result<ApiAnswer> replace(const ServiceCertificate& files, const ApiRequest& request) {
  auto certificate = files.replace(request.form.file("certificate")->value);
  if (!certificate) return certificate.error();
  note(request, "uploaded", *certificate);
  return json_answer(certificate_json(*certificate));
}

Result<ApiAnswer> generate(const ServiceCertificate& files, const Registry& registry, const ApiRequest& request) {
  auto parameters = system_parameters(registry);
  if (!parameters) return parameters.error();
  auto certificate = files.generate(parameters->central_server_address);
  if (!certificate) return certificate.error();
  note(request, "made the key and", *certificate);
  return ApiAnswer{.status = 201, .headers = {{"Location", "/api/v1/management-services-configuration/certificate"}}};
}

}  // namespace

void add_service_certificate_operations(OperationsOf& api, const std::filesystem::path& folder) {
  const ServiceCertificate files(folder);
  using OnFiles = Result<ApiAnswer> (*)(const ServiceCertificate&, const ApiRequest&);
  const auto add = [&](const char* id, OnFiles operation) {
    api.look(id, [files, operation](const Registry&, const ApiRequest& request) { return operation(files, request); });
  };
  add("getCertificate", &show);
  add("downloadCertificate", &download);
  add("generateCertificateRequest", &make_request);
  add("uploadCertificate", &replace);
  api.look("generateKeyAndCertificate",
           [files](const Registry& registry, const ApiRequest& request) { return generate(files, registry, request); });
}

}  // namespace causeway::centralserver
