// SPDX-License-Identifier: MIT
#include "ecosystem/centre/founding.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/server/registry_access.hpp"
#include "centralserver/server/settings.hpp"
#include "ecosystem/central.hpp"
#include "ecosystem/keys.hpp"
#include "ecosystem/trust_services.hpp"

namespace causeway::ecosystem {
namespace {

namespace json = boost::json;
using message::FormData;
using message::FormField;

// The first fault of steps that depend on each other.
class Steps {
 public:
  explicit Steps(CentreInterface& centre) : centre_(centre) {}

  json::value ask(const std::string& method, const std::string& path, const json::value& body = nullptr) {
    return take(outcome_ ? centre_.ask(method, path, body) : outcome_.error());
  }
  json::value send_form(const std::string& method, const std::string& path, const FormData& form) {
    return take(outcome_ ? centre_.send_form(method, path, form) : outcome_.error());
  }
  const Result<void>& outcome() const { return outcome_; }

 private:
  json::value take(Result<json::value> answer) {
    if (answer) return *std::move(answer);
    outcome_ = answer.error();
    return nullptr;
  }

  CentreInterface& centre_;
  Result<void> outcome_;
};

std::string text_of(const json::value& number_or_text) {
  return number_or_text.is_string() ? std::string(number_or_text.get_string()) : json::serialize(number_or_text);
}

// Of an object that was answered; nothing when something failed before.
json::value id_of(const json::value& answer) {
  const json::object* object = answer.if_object();
  const json::value* id = object ? object->if_contains("id") : nullptr;
  return id ? *id : json::value(nullptr);
}

json::object member_id(const ClientId& id) {
  return {{"member_class", id.member_class()}, {"member_code", id.member_code()}};
}

FormData form_of(const pki::Certificate& certificate, std::vector<FormField> fields) {
  fields.push_back({.name = "certificate", .filename = "certificate.pem", .value = certificate.to_pem()});
  return FormData(std::move(fields));
}

void approve_trust_services(Steps& steps, const PlannedInstance& instance, const InstancePorts& ports,
                            const TrustCertificates& trust) {
  const FormField responder{.name = "url", .value = ocsp_url(ports)}, cost{.name = "cost_type", .value = "FREE"};
  const auto service =
      steps.send_form("POST", "/certification-services",
                      form_of(trust.root, {{.name = "certificate_profile_info", .value = instance.profile},
                                           {.name = "tls_auth", .value = "false"},
                                           {.name = "default_csr_format", .value = "PEM"}}));
  const std::string path = "/certification-services/" + text_of(id_of(service));
  steps.send_form("POST", path + "/ocsp-responders", form_of(trust.root_ocsp, {responder, cost}));
  const auto issuing = steps.send_form("POST", path + "/intermediate-cas", form_of(trust.ca, {}));
  steps.send_form("POST", "/intermediate-cas/" + text_of(id_of(issuing)) + "/ocsp-responders",
                  form_of(trust.ocsp, {responder, cost}));
  steps.send_form("POST", "/timestamping-services",
                  form_of(trust.tsa, {{.name = "url", .value = timestamping_url(ports)}, cost}));
}

void add_members(Steps& steps, const PlannedInstance& instance) {
  steps.ask("POST", "/member-classes", json::object{{"code", "GOV"}, {"description", "Public sector"}});
  steps.ask("POST", "/member-classes", json::object{{"code", "COM"}, {"description", "Private sector"}});
  for (const PlannedServer* server : instance.servers())
    steps.ask("POST", "/members",
              json::object{{"member_name", server->owner_name}, {"member_id", member_id(server->id.owner())}});
  json::object subsystem = member_id(instance.management);
  subsystem["subsystem_code"] = instance.management.subsystem();
  steps.ask("POST", "/subsystems", json::object{{"subsystem_id", subsystem}, {"subsystem_name", kManagementName}});
  steps.ask("PATCH", "/management-services-configuration",
            json::object{{"service_provider_id", centralserver::encoded_id(instance.management)}});
  steps.ask("POST", "/global-groups",
            json::object{{"code", instance.partners.code}, {"description", instance.partners.description}});
}

// Sooner than the Central Server, which makes RSA keys.
Result<void> make_certificates(const std::filesystem::path& directory) {
  for (const std::string name : {"center-admin-service", "global-conf", "management-service"}) {
    const auto made = make_tls_certificate(directory / "ssl" / (name + ".crt"), directory / "ssl" / (name + ".key"),
                                           "localhost", {"localhost", "127.0.0.1"});
    if (!made) return made.error();
  }
  return {};
}

}  // namespace

Result<void> prepare_centre(const Layout& layout, const PlannedInstance& instance, const InstancePorts& ports,
                            bool anew) {
  const auto directory = layout.central(instance);
  std::error_code ignored;
  if (anew) std::filesystem::remove_all(directory, ignored);
  if (auto made = make_directories(directory / "conf.d"); !made) return made;
  const std::string parameters = fmt::format(
      "; Written anew at every start of `causeway up`.\n"
      "[center]\nlisten-address=127.0.0.1\nlisten-port={}\nlisten-tls-port={}\n"
      "[registration-service]\nlisten-port={}\nrate-limit-enabled=false\n"
      "[management-service]\nlisten-address=127.0.0.1\nlisten-port={}\nrate-limit-enabled=false\n"
      "[admin-service]\nlisten-address=127.0.0.1\nlisten-port={}\nrate-limit-enabled=false\n"
      "internal-key-algorithm=EC\nexternal-key-algorithm=EC\n",
      ports.central, ports.central_tls, ports.registration, ports.management, ports.central_admin);
  auto written = write_file_atomically(directory / "conf.d" / "local.ini", parameters);
  if (!written) return written;
  if (std::filesystem::exists(layout.api_key(instance), ignored)) return {};
  if (auto made = make_certificates(directory); !made) return made;
  const auto settings = centralserver::CentralServerSettings::load(directory);
  if (!settings) return settings.error();
  const auto key = centralserver::make_api_key(
      *settings, {"XROAD_REGISTRATION_OFFICER", "XROAD_SECURITY_OFFICER", "XROAD_SYSTEM_ADMINISTRATOR"});
  if (!key) return key.error();
  return write_file_atomically(layout.api_key(instance), key->secret + "\n", 0600);
}

std::string centre_url(const InstancePorts& ports) { return fmt::format("https://localhost:{}", ports.central_admin); }

std::filesystem::path centre_certificate(const Layout& layout, const PlannedInstance& instance) {
  return layout.central(instance) / "ssl" / "center-admin-service.crt";
}

std::optional<std::string> centre_line(const Layout& layout, const PlannedInstance& instance,
                                       const InstancePorts& ports, const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(layout.api_key(instance), ignored)) return std::nullopt;
  return fmt::format("curl -sS --cacert {} -H \"Authorization: X-Road-ApiKey token=$(cat {})\" {}/api/v1{}",
                     centre_certificate(layout, instance).string(), layout.api_key(instance).string(),
                     centre_url(ports), path);
}

Result<std::unique_ptr<CentreInterface>> open_centre(const Layout& layout, const PlannedInstance& instance,
                                                     const InstancePorts& ports) {
  auto key = read_file(layout.api_key(instance));
  if (!key) return key.error();
  while (key->ends_with('\n')) key->pop_back();
  return CentreInterface::open(centre_certificate(layout, instance), ports.central_admin, *std::move(key));
}

Result<void> found_instance(CentreInterface& centre, const Layout& layout, const PlannedInstance& instance,
                            const InstancePorts& ports) {
  const auto trust = read_trust_certificates(layout, instance);
  if (!trust) return trust.error();
  Steps steps(centre);
  steps.ask(
      "POST", "/initialization",
      json::object{
          {"instance_identifier", instance.id}, {"central_server_address", "127.0.0.1"}, {"software_token_pin", kPin}});
  steps.ask("PUT", "/tokens/0/login", json::object{{"password", kPin}});
  for (const char* source : {"INTERNAL", "EXTERNAL"})
    steps.ask("POST", fmt::format("/configuration-sources/{}/signing-keys", source),
              json::object{{"key_label", "first"}, {"token_id", "0"}});
  approve_trust_services(steps, instance, ports, *trust);
  add_members(steps, instance);
  if (!steps.outcome()) return steps.outcome();
  return write_file_atomically(layout.central(instance) / "signer" / "autologin", std::string(kPin) + "\n", 0600);
}

Result<void> tell_ports(CentreInterface& centre, const InstancePorts& ports) {
  Steps steps(centre);
  const auto all = [&](const std::string& path) {
    const json::value listed = steps.ask("GET", path);
    return listed.is_array() ? listed.get_array() : json::array();
  };
  const auto move_responders = [&](const std::string& of) {
    for (const json::value& responder : all(of + "/ocsp-responders"))
      steps.send_form("PATCH", "/ocsp-responders/" + text_of(id_of(responder)),
                      FormData({{.name = "url", .value = ocsp_url(ports)}, {.name = "cost_type", .value = "FREE"}}));
  };
  for (const json::value& service : all("/certification-services")) {
    const std::string path = "/certification-services/" + text_of(id_of(service));
    move_responders(path);
    for (const json::value& ca : all(path + "/intermediate-cas"))
      move_responders("/intermediate-cas/" + text_of(id_of(ca)));
  }
  for (const json::value& service : all("/timestamping-services"))
    steps.send_form(
        "PATCH", "/timestamping-services/" + text_of(id_of(service)),
        FormData({{.name = "url", .value = timestamping_url(ports)}, {.name = "cost_type", .value = "FREE"}}));
  for (const char* source : {"INTERNAL", "EXTERNAL"})
    steps.ask("PUT", fmt::format("/configuration-sources/{}/anchor/re-create", source));
  return steps.outcome();
}

Result<void> download_anchors(CentreInterface& centre, const Layout& layout, const PlannedInstance& instance) {
  for (const auto& [source, file] : {std::pair{"INTERNAL", internal_anchor_file(layout, instance)},
                                     std::pair{"EXTERNAL", external_anchor_file(layout, instance)}}) {
    const auto anchor = centre.download(fmt::format("/configuration-sources/{}/anchor/download", source));
    if (!anchor) return anchor.error();
    if (auto written = write_file_atomically(file, *anchor); !written) return written;
  }
  return {};
}

Result<void> trust_instance(CentreInterface& centre, const Layout& layout, const PlannedInstance& other) {
  const auto anchor = read_file(external_anchor_file(layout, other));
  if (!anchor) return anchor.error();
  const auto made = centre.send_form("POST", "/trusted-anchors",
                                     FormData({{.name = "anchor", .filename = "anchor.xml", .value = *anchor}}));
  return made ? Result<void>() : made.error();
}

}  // namespace causeway::ecosystem
