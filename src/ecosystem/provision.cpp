// SPDX-License-Identifier: MIT
#include "ecosystem/provision.hpp"

#include <fmt/format.h>

#include <future>
#include <vector>

#include "base/files.hpp"
#include "domain/fault_code.hpp"
#include "ecosystem/central.hpp"
#include "ecosystem/crowd.hpp"
#include "ecosystem/server_plan.hpp"
#include "ecosystem/trust_services.hpp"
#include "ecosystem/works.hpp"

namespace causeway::ecosystem {
namespace {

Result<void> make_keys_of_server(const Layout& layout, const PlannedInstance& instance, const PlannedServer& server,
                                 KeyKind kind, CentreKind centre, const IssueCertificate& issue) {
  const auto certificate = make_server_keys(
      {.directory = layout.server(instance, server) / "signer",
       .instance = &instance,
       .server = &server,
       .kind = kind,
       .issue = issue,
       .spare_signing_key = &server == &instance.consumer,
       .status = std::string(centre == CentreKind::planned ? signer::kStatusRegistered : signer::kStatusSaved)});
  if (!certificate) return certificate.error().while_doing("keys of " + server.id.to_string());
  if (centre == CentreKind::program) return {};
  return write_authentication_certificate(layout, instance, server, *certificate);
}

Result<void> make_keys_of_instance(const Layout& layout, const PlannedInstance& instance, KeyKind kind,
                                   CentreKind centre) {
  std::error_code ignored;
  if (centre == CentreKind::planned) std::filesystem::remove_all(layout.central(instance), ignored);
  for (const auto& folder : {layout.test_ca(instance), layout.server(instance, instance.provider),
                             layout.server(instance, instance.consumer)}) {
    std::filesystem::remove_all(folder, ignored);
  }
  if (auto made = make_trust_services(layout, instance, kind); !made) return made.error().while_doing("trust services");
  const auto issue = open_issuer(layout, instance);
  if (!issue) return issue.error();
  std::vector<Work> works;
  for (const PlannedServer* server : instance.servers()) {
    works.push_back(std::async(std::launch::async, [&layout, &instance, server, kind, centre, &issue] {
      return make_keys_of_server(layout, instance, *server, kind, centre, *issue);
    }));
  }
  works.push_back(std::async(std::launch::async, [&]() -> Result<void> {
    if (centre == CentreKind::planned)
      if (auto made = make_source_keys(layout, instance); !made) return made;
    const auto app =
        make_tls_certificate(layout.app_certificate(instance), layout.app_key(instance), instance.secure_app.to_rest());
    return app ? Result<void>() : app.error();
  }));
  return all_of(std::move(works));
}

// Parameters of one server, in X-Road's names.
std::string parameters_of(const PlannedServer& server, const Ports& ports) {
  return fmt::format(
      "; Written anew at every start of `causeway up`.\n"
      "[proxy]\n"
      "connector-host={address}\n"
      "client-http-port={http}\n"
      "client-https-port={https}\n"
      "server-listen-address={address}\n"
      "server-listen-port={transport}\n"
      "server-port={transport}\n"
      "ocsp-responder-listen-address={address}\n"
      "ocsp-responder-port={ocsp}\n"
      "\n"
      "[proxy-ui-api]\n"
      "address={address}\n"
      "port={admin}\n"
      "\n"
      "[configuration-client]\n"
      "allowed-federations=all\n"
      "\n"
      "; Bodies of up to 256 MiB are logged, and can be proved; of larger ones the beginning is.\n"
      "[message-log]\n"
      "max-loggable-message-body-size=268435456\n"
      "truncated-body-allowed=true\n",
      fmt::arg("address", server.address), fmt::arg("http", ports.consumer_http),
      fmt::arg("https", ports.consumer_https), fmt::arg("transport", ports.transport),
      fmt::arg("ocsp", ports.ocsp_exchange), fmt::arg("admin", ports.admin));
}

// "section.name=value" lines as they stand in an INI file.
Result<std::string> ini_of(const std::vector<std::string>& parameters) {
  std::string text;
  for (const std::string& parameter : parameters) {
    const auto equals = parameter.find('=');
    const auto dot = parameter.find('.');
    if (dot == 0 || equals == std::string::npos || dot == std::string::npos || dot + 1 >= equals ||
        parameter.find('\n') != std::string::npos)
      return fault(FaultCode::bad_request, "a parameter is section.name=value, not " + parameter);
    text += fmt::format("\n[{}]\n{}\n", parameter.substr(0, dot), parameter.substr(dot + 1));
  }
  return text;
}

Result<void> write_server(const Layout& layout, const PlannedInstance& instance, const PlannedServer& server,
                          const std::string& parameters, const securityserver::ServerConfiguration& configuration) {
  const std::filesystem::path directory = layout.server(instance, server);
  if (auto made = make_directories(directory / "conf.d"); !made) return made;
  auto written = write_file_atomically(directory / "conf.d" / "local.ini", parameters);
  if (!written) return written;
  const auto anchor = read_file(internal_anchor_file(layout, instance));
  if (!anchor) return anchor.error();
  written = write_file_atomically(directory / "configuration-anchor.xml", *anchor);
  if (!written) return written;
  return write_file_atomically(directory / "server.yaml", securityserver::export_configuration(configuration));
}

Result<ServerPlanInputs> inputs_of(const Layout& layout, const PlannedInstance& instance, const InstancePorts& ports) {
  const auto text = read_file(layout.app_certificate(instance));
  if (!text) return text.error();
  auto certificate = pki::Certificate::from_pem(*text);
  if (!certificate) return certificate.error();
  ServerPlanInputs inputs{.registers_url = fmt::format("http://127.0.0.1:{}", ports.registers),
                          .timestamping_url = timestamping_url(ports),
                          .management_url = {},
                          .management_wsdl = {},
                          .information_system_certificates = {*std::move(certificate)}};
  // As a Central Server has made it.
  const auto shown = layout.central(instance) / "ssl" / "management-service.crt";
  std::error_code ignored;
  if (!std::filesystem::exists(shown, ignored)) return inputs;
  const auto pem = read_file(shown);
  if (!pem) return pem.error();
  auto of_service = pki::Certificate::from_pem(*pem);
  if (!of_service) return of_service.error();
  inputs.management_certificates.push_back(*std::move(of_service));
  inputs.management_url = fmt::format("https://127.0.0.1:{}/managementservice/manage/", ports.management);
  inputs.management_wsdl = fmt::format("http://{}/managementservices.wsdl", source_address(ports));
  return inputs;
}

}  // namespace

Result<void> make_keys(const Plan& plan, const Layout& layout, KeyKind kind, CentreKind centre) {
  std::vector<Work> works;
  for (const PlannedInstance& instance : plan.instances) {
    works.push_back(
        std::async(std::launch::async, [&] { return make_keys_of_instance(layout, instance, kind, centre); }));
  }
  return all_of(std::move(works));
}

Result<void> write_configurations(const Plan& plan, const Ports& ports, const Layout& layout, const CrowdSizes& crowd,
                                  const std::vector<std::string>& parameters) {
  const auto more = ini_of(parameters);
  if (!more) return more.error();
  for (std::size_t i = 0; i < plan.instances.size(); ++i) {
    const PlannedInstance& instance = plan.instances[i];
    const auto inputs = inputs_of(layout, instance, ports.instances[i]);
    if (!inputs) return inputs.error();
    const CrowdSizes sizes = i == 0 ? crowd : CrowdSizes{};
    auto provider = provider_configuration(plan, instance, *inputs);
    auto written = add_services(provider.clients.at(instance.lab), inputs->registers_url + "/objects", sizes.services,
                                sizes.rights);
    if (!written) return written;
    written =
        write_server(layout, instance, instance.provider, parameters_of(instance.provider, ports) + *more, provider);
    if (!written) return written;
    written = write_server(layout, instance, instance.consumer, parameters_of(instance.consumer, ports) + *more,
                           consumer_configuration(instance, *inputs));
    if (!written) return written;
  }
  return {};
}

}  // namespace causeway::ecosystem
