// SPDX-License-Identifier: MIT
// ServerConfiguration -> server.yaml (docs/security-server-configuration.md).
#include <algorithm>
#include <map>

#include "securityserver/configuration/server_configuration.hpp"
#include "yaml/yaml_document.hpp"

namespace causeway::securityserver {
namespace {

// Pointers into a map, in the order of `less`, so that equal configurations give equal texts.
template <class Map>
std::vector<const typename Map::value_type*> sorted(const Map& map) {
  std::vector<const typename Map::value_type*> entries;
  for (const auto& entry : map) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  return entries;
}

class Writer {
 public:
  std::string write(const ServerConfiguration& configuration) {
    line(0, "version: 1");
    line(0, "server: " + yaml_scalar(configuration.configured_id.value_or(configuration.id).to_rest()));
    if (!configuration.timestamping_urls.empty()) line(0, "timestamping_urls:");
    for (const auto& url : configuration.timestamping_urls) line(1, "- " + yaml_scalar(url));
    line(0, "clients:");
    for (const auto* entry : sorted(configuration.clients)) write_client(entry->second);
    return std::move(text_);
  }

 private:
  void line(int depth, std::string_view content) {
    text_.append(static_cast<std::size_t>(depth) * 2, ' ');
    text_ += content;
    text_ += '\n';
  }

  void write_client(const Client& client) {
    static constexpr std::string_view kConnections[] = {"http", "https-no-auth", "https"};
    line(1, "- id: " + yaml_scalar(client.id.to_rest()));
    if (client.configured_status != ClientStatus::saved)
      line(2, "status: " + yaml_scalar(to_string(client.configured_status)));
    line(2, "connection: " + std::string(kConnections[static_cast<int>(client.connection)]));
    if (!client.information_system_certificates.empty()) line(2, "certificates:");
    for (const auto& certificate : client.information_system_certificates) write_pem(certificate.to_pem());
    if (!client.services.empty()) line(2, "services:");
    for (const auto* entry : sorted(client.services)) {
      auto versions = entry->second;
      std::sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) { return a.version < b.version; });
      for (const Service& service : versions) write_service(service);
    }
    if (!client.local_groups.empty()) line(2, "local_groups:");
    for (const auto* entry : sorted(client.local_groups)) write_group(entry->first, entry->second);
    write_rights(client.rights);
  }

  void write_pem(std::string_view pem) {
    line(3, "- |");
    while (!pem.empty()) {
      const auto end = pem.find('\n');
      line(4, pem.substr(0, end));
      pem.remove_prefix(end == std::string_view::npos ? pem.size() : end + 1);
    }
  }

  void write_service(const Service& service) {
    static constexpr std::string_view kTypes[] = {"wsdl", "rest", "openapi"};
    line(3, "- code: " + yaml_scalar(service.code));
    if (!service.version.empty()) line(4, "version: " + yaml_scalar(service.version));
    line(4, "type: " + std::string(kTypes[static_cast<int>(service.type)]));
    line(4, "url: " + yaml_scalar(service.url));
    if (!service.description_url.empty()) line(4, "description: " + yaml_scalar(service.description_url));
    line(4, "timeout: " + std::to_string(service.timeout.count()));
    line(4, std::string("verify_tls: ") + (service.verify_tls ? "true" : "false"));
    if (service.disabled)
      line(4, "disabled: " + (service.disabled_notice.empty() ? "true" : yaml_scalar(service.disabled_notice)));
    if (!service.endpoints.empty()) line(4, "endpoints:");
    for (const Endpoint& endpoint : service.endpoints) line(5, "- " + endpoint_text(endpoint));
  }

  void write_group(const std::string& code, const std::unordered_set<ClientId>& members) {
    if (members.empty()) {
      line(3, yaml_scalar(code) + ": []");
      return;
    }
    line(3, yaml_scalar(code) + ":");
    std::vector<ClientId> in_order(members.begin(), members.end());
    std::sort(in_order.begin(), in_order.end());
    for (const ClientId& member : in_order) line(4, "- " + yaml_scalar(member.to_rest()));
  }

  void write_rights(const Rights& rights) {
    if (rights.size() != 0) line(2, "rights:");
    for (const std::string& code : rights.service_codes()) {
      std::map<Subject, std::vector<Endpoint>> subjects;
      for (AccessRight& right : rights.list(code)) subjects[right.subject].push_back(std::move(right.endpoint));
      line(3, yaml_scalar(code) + ":");
      for (const auto& [subject, endpoints] : subjects) write_right(subject, endpoints);
    }
  }

  void write_right(const Subject& subject, const std::vector<Endpoint>& endpoints) {
    const bool whole_service = endpoints.size() == 1 && endpoints.front().is_base();
    if (const auto* client = std::get_if<ClientId>(&subject); client && whole_service) {
      line(4, "- " + yaml_scalar(client->to_rest()));
      return;
    }
    line(4, "- " + subject_text(subject));
    if (whole_service) return;
    line(5, "endpoints:");
    for (const Endpoint& endpoint : endpoints) line(6, "- " + endpoint_text(endpoint));
  }

  static std::string endpoint_text(const Endpoint& endpoint) {
    return yaml_scalar(endpoint.method + " " + endpoint.path);
  }

  static std::string subject_text(const Subject& subject) {
    if (const auto* client = std::get_if<ClientId>(&subject)) return "client: " + yaml_scalar(client->to_rest());
    if (const auto* global = std::get_if<GlobalGroupId>(&subject))
      return "global_group: " +
             yaml_scalar(encode_identifier_part(global->instance) + "/" + encode_identifier_part(global->code));
    return "local_group: " + yaml_scalar(std::get<LocalGroupId>(subject).code);
  }

  std::string text_;
};

}  // namespace

std::string export_configuration(const ServerConfiguration& configuration) { return Writer().write(configuration); }

}  // namespace causeway::securityserver
