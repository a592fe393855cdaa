// SPDX-License-Identifier: MIT
// What one Security Server's administrator has set up: clients, services, rights.
// An immutable snapshot; whoever reloads builds a new one and swaps the pointer.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "pki/certificate.hpp"

namespace causeway::securityserver {

// How a client's information systems connect (messages.md 2.2).
enum class ConnectionType { http, https_no_auth, https };  // NOSSL, SSLNOAUTH, SSLAUTH

enum class ServiceType { wsdl, rest, openapi };

struct Endpoint {
  std::string method;  // "*" or an HTTP method
  std::string path;    // "**" or a pattern (messages.md section 8)
  bool is_base() const { return method == "*" && path == "**"; }
  bool operator==(const Endpoint&) const = default;
};

struct Service {
  std::string code;
  std::string version;  // WSDL only; may be empty
  ServiceType type = ServiceType::rest;
  std::string url;
  std::string description_url;  // WSDL or OpenAPI document
  bool verify_tls = true;       // sslAuthentication
  std::chrono::seconds timeout{60};
  bool disabled = false;
  std::string disabled_notice;
  std::vector<Endpoint> endpoints;  // without the base endpoint
};

using Subject = std::variant<ClientId, GlobalGroupId, LocalGroupId>;

// `subject` may use `endpoint` of all versions of the service `service_code`.
struct AccessRight {
  std::string service_code;
  Endpoint endpoint;
  Subject subject;
};

struct Client {
  ClientId id;
  std::string status = "registered";  // trust.md 9.5
  ConnectionType connection = ConnectionType::https;
  std::vector<pki::Certificate> information_system_certificates;
  std::unordered_map<std::string, std::vector<Service>> services;       // by code: one per version
  std::unordered_map<std::string, std::vector<AccessRight>> rights;     // by service code
  std::unordered_map<std::string, std::vector<ClientId>> local_groups;  // by group code

  bool registered() const { return status == "registered"; }
  // The service of that code and version; of REST the only one.
  const Service* find_service(const std::string& code, const std::string& version) const;
};

struct ServerConfiguration {
  ServerId id;
  std::unordered_map<ClientId, Client> clients;  // the owner member among them
  std::vector<std::string> timestamping_urls;

  const Client* find_client(const ClientId& client) const;
};

// Reads and writes the file format (docs/security-server-configuration.md).
// malformed_server_conf names file and place.
Result<std::shared_ptr<const ServerConfiguration>> load_configuration(const std::string& file);
std::string export_configuration(const ServerConfiguration& configuration);

}  // namespace causeway::securityserver
