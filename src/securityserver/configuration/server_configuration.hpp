// SPDX-License-Identifier: MIT
// What one Security Server's administrator has set up: clients, services, rights.
// An immutable snapshot; whoever reloads builds a new one and swaps the pointer
// (configuration_holder.hpp).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "pki/certificate.hpp"
#include "securityserver/configuration/client_status.hpp"
#include "securityserver/configuration/rights.hpp"

namespace causeway::securityserver {

// How a client's information systems connect (messages.md 2.2).
enum class ConnectionType { http, https_no_auth, https };  // NOSSL, SSLNOAUTH, SSLAUTH

enum class ServiceType { wsdl, rest, openapi };

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

struct Client {
  ClientId id;
  ClientStatus configured_status = ClientStatus::saved;  // in server.yaml
  // The latest that is noted (registrations.hpp). What is in force is judged by the global
  // configuration at hand: status_in_force.
  ClientStatus status = configured_status;
  ConnectionType connection = ConnectionType::https;
  std::vector<pki::Certificate> information_system_certificates;
  std::unordered_map<std::string, std::vector<Service>> services;              // by code: one per version
  Rights rights;                                                               // on its services
  std::unordered_map<std::string, std::unordered_set<ClientId>> local_groups;  // by group code

  // The service of that code and version; of REST the only one.
  const Service* find_service(const std::string& code, const std::string& version) const;
};

struct ServerConfiguration {
  ServerId id;                                   // with the owner that the server has now
  std::unordered_map<ClientId, Client> clients;  // the owner member among them
  std::vector<std::string> timestamping_urls;
  std::optional<ServerId> configured_id = {};  // in server.yaml, when the owner has changed since

  const Client* find_client(const ClientId& client) const;
};

// Files of this size and more are refused. Some million access rights fit.
inline constexpr std::size_t kConfigurationFileLimit = 128UL << 20;

// Reads the file format of docs/security-server-configuration.md, and what the server has noted
// beside it (registrations.hpp). malformed_server_conf names file, line and column, and what to do.
// `files_read`, if given, receives the paths of all files that went into it.
Result<std::shared_ptr<const ServerConfiguration>> load_configuration(const std::string& file,
                                                                      std::vector<std::string>* files_read = nullptr);

// What the administrator decided, as text of that format: sorted, complete, certificates inside.
// Loading it gives an equal configuration, but for what the server notes.
std::string export_configuration(const ServerConfiguration& configuration);

}  // namespace causeway::securityserver
