// SPDX-License-Identifier: MIT
// server.yaml -> ServerConfiguration (docs/security-server-configuration.md).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "base/files.hpp"
#include "domain/fault_code.hpp"
#include "securityserver/configuration/registrations.hpp"
#include "yaml/yaml_fields.hpp"

namespace causeway::securityserver {
namespace {

using Kind = YamlNode::Kind;

constexpr std::array<std::string_view, 9> kMethods{"*",      "GET",  "POST",    "PUT",  "PATCH",
                                                   "DELETE", "HEAD", "OPTIONS", "TRACE"};
constexpr std::int64_t kLongestTimeout = 86400;
constexpr std::size_t kLongestIdentifierPart = 255;
constexpr std::size_t kCertificateLimit = 1 << 20;

class Reader {
 public:
  Reader(const std::string& file, std::vector<std::string>& files)
      : place_(file, to_string(FaultCode::malformed_server_conf)),
        directory_(std::filesystem::path(file).parent_path()),
        files_(files) {}

  ServerConfiguration read(const YamlNode& root) {
    const YamlFields fields(place_, root, "the configuration", {"version", "server", "timestamping_urls", "clients"});
    if (place_.text(fields.require("version"), "version") != "1")
      place_.refuse(fields.require("version"), "this program reads version 1 of the format");
    const YamlNode server = fields.require("server");
    auto id = ServerId::parse_rest(place_.text(server, "server"));
    if (!id)
      place_.refuse(server, "server must be instance/class/member/server, parts percent-encoded: " + id.error().text);
    ServerConfiguration configuration{*std::move(id), {}, {}};
    if (const auto urls = fields.find("timestamping_urls"))
      for (const YamlNode url : place_.sequence(*urls, "timestamping_urls"))
        configuration.timestamping_urls.push_back(read_url(url, "a timestamping URL"));
    const YamlNode clients = fields.require("clients");
    for (const YamlNode node : place_.sequence(clients, "clients")) {
      Client client = read_client(node);
      ClientId key = client.id;
      if (!configuration.clients.try_emplace(key, std::move(client)).second)
        place_.refuse(node, fmt::format("client {} stands here a second time; remove one of the two", key.to_rest()));
    }
    if (!configuration.find_client(configuration.id.owner()))
      place_.refuse(clients,
                    fmt::format("the server's owner is missing; add '- id: {}'", configuration.id.owner().to_rest()));
    return configuration;
  }

 private:
  std::string read_url(const YamlNode& node, std::string_view what) const {
    const std::string_view url = place_.text(node, what);
    const std::string_view host = url.starts_with("http://")    ? url.substr(7)
                                  : url.starts_with("https://") ? url.substr(8)
                                                                : std::string_view();
    const bool clean =
        std::none_of(url.begin(), url.end(), [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
    if (host.empty() || host.front() == '/' || !clean)
      place_.refuse(node, fmt::format("{} must begin with http:// or https:// and hold no spaces", what));
    return std::string(url);
  }

  std::string read_code(const YamlNode& node, std::string_view what) const {
    const std::string_view code = place_.text(node, what);
    const bool blank = code.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (blank || code.size() > kLongestIdentifierPart)
      place_.refuse(node, fmt::format("{} must have 1 to {} octets and not be blank", what, kLongestIdentifierPart));
    return std::string(code);
  }

  ClientId read_client_id(const YamlNode& node, std::string_view what) const {
    auto id = ClientId::parse_rest(place_.text(node, what));
    if (!id)
      place_.refuse(node, fmt::format("{} must be instance/class/member or instance/class/member/subsystem, "
                                      "parts percent-encoded: {}",
                                      what, id.error().text));
    return *std::move(id);
  }

  Client read_client(const YamlNode& node) {
    static constexpr std::array<std::string_view, 3> kConnections{"http", "https-no-auth", "https"};
    const YamlFields fields(place_, node, "a client",
                            {"id", "status", "connection", "certificates", "services", "local_groups", "rights"});
    Client client{.id = read_client_id(fields.require("id"), "a client's id"),
                  .information_system_certificates = {},
                  .services = {},
                  .rights = {},
                  .local_groups = {}};
    if (const auto status = fields.find("status"))
      client.configured_status = static_cast<ClientStatus>(place_.choice(*status, "status", client_statuses()));
    if (const auto connection = fields.find("connection"))
      client.connection = static_cast<ConnectionType>(place_.choice(*connection, "connection", kConnections));
    if (const auto certificates = fields.find("certificates"))
      for (const YamlNode each : place_.sequence(*certificates, "certificates"))
        client.information_system_certificates.push_back(read_certificate(each));
    if (const auto services = fields.find("services"))
      for (const YamlNode each : place_.sequence(*services, "services")) add_service(client, each);
    if (const auto groups = fields.find("local_groups")) read_local_groups(client, *groups);
    if (const auto rights = fields.find("rights")) read_rights(client, *rights);
    return client;
  }

  // The PEM text itself, or {file: path} with a path seen from the configuration file.
  pki::Certificate read_certificate(const YamlNode& node) {
    if (node.kind() == Kind::text) return parse_certificate(node, node.text());
    const YamlFields fields(place_, node, "a certificate", {"file"});
    const YamlNode file = fields.require("file");
    const std::string path = (directory_ / place_.text(file, "file")).string();
    files_.push_back(path);
    auto content = read_file(path, kCertificateLimit);
    if (!content) place_.refuse(file, content.error().text);
    return parse_certificate(file, *content);
  }

  pki::Certificate parse_certificate(const YamlNode& at, std::string_view content) const {
    auto certificate = pki::Certificate::from_der_or_pem(as_bytes(content));
    if (!certificate)
      place_.refuse(at, "not a certificate; give it in PEM form, or as {file: path}: " + certificate.error().text);
    return *std::move(certificate);
  }

  void add_service(Client& client, const YamlNode& node) const {
    Service service = read_service(node);
    auto& versions = client.services[service.code];
    for (const Service& other : versions) {
      if (other.version == service.version)
        place_.refuse(node, fmt::format("service {} {} stands here a second time; remove one of the two", service.code,
                                        service.version));
      if (other.type != service.type || service.type != ServiceType::wsdl)
        place_.refuse(node, fmt::format("service code {} is taken by a service of another type; only WSDL services may "
                                        "share a code, by versions",
                                        service.code));
    }
    versions.push_back(std::move(service));
  }

  Service read_service(const YamlNode& node) const {
    static constexpr std::array<std::string_view, 3> kTypes{"wsdl", "rest", "openapi"};
    const YamlFields fields(
        place_, node, "a service",
        {"code", "version", "type", "url", "description", "timeout", "verify_tls", "disabled", "endpoints"});
    Service service;
    service.code = read_code(fields.require("code"), "a service code");
    service.type = static_cast<ServiceType>(place_.choice(fields.require("type"), "type", kTypes));
    service.url = read_url(fields.require("url"), "url");
    if (const auto version = fields.find("version")) {
      if (service.type != ServiceType::wsdl) place_.refuse(*version, "only WSDL services have a version; remove it");
      service.version = read_code(*version, "a service version");
    }
    if (const auto description = fields.find("description")) {
      if (service.type == ServiceType::rest)
        place_.refuse(*description, "a service of type rest has no description; remove it or use type openapi");
      service.description_url = read_url(*description, "description");
    } else if (service.type != ServiceType::rest) {
      place_.refuse(node, "a service of this type needs 'description', the URL of its WSDL or OpenAPI document");
    }
    if (const auto timeout = fields.find("timeout"))
      service.timeout = std::chrono::seconds{place_.number(*timeout, "timeout (seconds)", 1, kLongestTimeout)};
    if (const auto verify = fields.find("verify_tls")) service.verify_tls = place_.flag(*verify, "verify_tls");
    if (const auto disabled = fields.find("disabled")) read_disabled(service, *disabled);
    if (const auto endpoints = fields.find("endpoints")) read_endpoints(service, *endpoints);
    return service;
  }

  // true, false, or the notice that callers are shown, which disables.
  void read_disabled(Service& service, const YamlNode& node) const {
    const std::string_view value = place_.text(node, "disabled");
    service.disabled = value != "false";
    if (value != "true" && value != "false") service.disabled_notice = value;
  }

  void read_endpoints(Service& service, const YamlNode& node) const {
    if (service.type == ServiceType::wsdl) place_.refuse(node, "a WSDL service has no endpoints; remove them");
    for (const YamlNode item : place_.sequence(node, "endpoints")) {
      Endpoint endpoint = read_endpoint(item);
      if (endpoint.is_base()) place_.refuse(item, "'* **' is the whole service and need not be listed; remove it");
      if (std::find(service.endpoints.begin(), service.endpoints.end(), endpoint) != service.endpoints.end())
        place_.refuse(item, "this endpoint stands here a second time; remove one of the two");
      service.endpoints.push_back(std::move(endpoint));
    }
  }

  Endpoint read_endpoint(const YamlNode& node) const {
    const std::string_view value = place_.text(node, "an endpoint");
    const auto space = value.find(' ');
    if (space == std::string_view::npos) place_.refuse(node, "an endpoint is 'METHOD PATH', as in 'GET /pets/*'");
    Endpoint endpoint{std::string(value.substr(0, space)), std::string(value.substr(space + 1))};
    for (char& c : endpoint.method) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (std::find(kMethods.begin(), kMethods.end(), endpoint.method) == kMethods.end())
      place_.refuse(node,
                    fmt::format("'{}' is not a method; use one of: {}", endpoint.method, fmt::join(kMethods, ", ")));
    if (endpoint.path != "**" && !endpoint.path.starts_with('/'))
      place_.refuse(node, "the path of an endpoint begins with '/', or is '**' for all paths");
    return endpoint;
  }

  void read_local_groups(Client& client, const YamlNode& node) const {
    if (node.kind() != Kind::mapping) place_.refuse(node, "local_groups must be a mapping from group code to members");
    for (const auto& [code, members] : node.entries()) {
      auto& group = client.local_groups[read_code(code, "a local group's code")];
      for (const YamlNode member : place_.sequence(members, "the members of a local group"))
        if (!group.insert(read_client_id(member, "a group member")).second)
          place_.refuse(member, "this member stands here a second time; remove one of the two");
    }
  }

  void read_rights(Client& client, const YamlNode& node) const {
    if (node.kind() != Kind::mapping) place_.refuse(node, "rights must be a mapping from service code to subjects");
    for (const auto& [code, subjects] : node.entries()) {
      const auto versions = client.services.find(std::string(code.text()));
      if (versions == client.services.end())
        place_.refuse(code,
                      fmt::format("there is no service '{}'; add it to services or remove its rights", code.text()));
      for (const YamlNode subject : place_.sequence(subjects, "the subjects of a service's rights"))
        read_right(client, versions->first, versions->second.front(), subject);
    }
  }

  void read_right(Client& client, const std::string& code, const Service& service, const YamlNode& node) const {
    if (node.kind() == Kind::text) {
      if (!client.rights.grant(code, read_client_id(node, "a subject"))) refuse_twice(node);
      return;
    }
    const YamlFields fields(place_, node, "a right", {"client", "global_group", "local_group", "endpoints"});
    const Subject subject = read_subject(client, fields, node);
    const auto endpoints = fields.find("endpoints");
    if (!endpoints) {
      grant(client, {code, Endpoint::base(), subject}, node);
      return;
    }
    for (const YamlNode item : place_.sequence(*endpoints, "endpoints")) {
      const Endpoint endpoint = read_endpoint(item);
      const auto& known = service.endpoints;
      if (!endpoint.is_base() && std::find(known.begin(), known.end(), endpoint) == known.end())
        place_.refuse(item, fmt::format("'{} {}' is not among the endpoints of service '{}'; add it there",
                                        endpoint.method, endpoint.path, code));
      grant(client, {code, endpoint, subject}, item);
    }
  }

  Subject read_subject(const Client& client, const YamlFields& fields, const YamlNode& node) const {
    const auto one = fields.find("client");
    const auto global = fields.find("global_group");
    const auto local = fields.find("local_group");
    if (one.has_value() + global.has_value() + local.has_value() != 1)
      place_.refuse(node, "a right names exactly one of client, global_group, local_group");
    if (one) return read_client_id(*one, "a subject");
    if (global) return read_global_group(*global);
    LocalGroupId group{std::string(place_.text(*local, "local_group"))};
    if (!client.local_groups.contains(group.code))
      place_.refuse(*local, fmt::format("there is no local group '{}'; add it to local_groups", group.code));
    return group;
  }

  GlobalGroupId read_global_group(const YamlNode& node) const {
    const std::string_view value = place_.text(node, "global_group");
    const auto slash = value.find('/');
    auto instance = decode_identifier_part(value.substr(0, slash));
    auto code = decode_identifier_part(slash == std::string_view::npos ? "" : value.substr(slash + 1));
    if (!instance || !code || instance->empty() || code->empty())
      place_.refuse(node, "global_group must be instance/group, parts percent-encoded");
    return {*std::move(instance), *std::move(code)};
  }

  [[noreturn]] void refuse_twice(const YamlNode& at) const {
    place_.refuse(at, "this right stands here a second time; remove one of the two");
  }

  void grant(Client& client, const AccessRight& right, const YamlNode& at) const {
    if (!client.rights.grant(right)) refuse_twice(at);
  }

  YamlPlace place_;
  std::filesystem::path directory_;
  std::vector<std::string>& files_;
};

}  // namespace

Result<std::shared_ptr<const ServerConfiguration>> load_configuration(const std::string& file,
                                                                      std::vector<std::string>* files_read) {
  std::vector<std::string> files;
  if (!files_read) files_read = &files;
  *files_read = {file};
  auto text = read_file(file, kConfigurationFileLimit);
  if (!text) return fault(FaultCode::malformed_server_conf, text.error().text);
  auto document = parse_yaml(*text, file, to_string(FaultCode::malformed_server_conf));
  if (!document) return document.error();
  try {
    auto configuration = std::make_shared<ServerConfiguration>(Reader(file, *files_read).read(document->root()));
    const std::filesystem::path noted = registrations_file(file);
    files_read->push_back(noted.string());
    const auto registrations = read_registrations(noted);
    if (!registrations) return registrations.error();
    if (auto applied = apply(*registrations, *configuration); !applied) return applied.error();
    return std::shared_ptr<const ServerConfiguration>(std::move(configuration));
  } catch (YamlRefused& refused) {
    return std::move(refused.fault);
  }
}

}  // namespace causeway::securityserver
