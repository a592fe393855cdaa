// SPDX-License-Identifier: MIT
#include "cli/ctl_registration_status.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <map>
#include <memory>

#include "cli/server_status.hpp"
#include "securityserver/management/client_statuses.hpp"
#include "securityserver/management/server_requests.hpp"

namespace causeway::cli {
namespace {

namespace json = boost::json;
using securityserver::ClientStatus;
using securityserver::Renaming;

struct ClientLine {
  std::string id;
  ClientStatus status = ClientStatus::saved;
  std::string name;  // of a subsystem, by the global configuration
  std::optional<Renaming> renaming;
};

struct RegistrationStatus {
  std::string server;
  std::optional<std::string> configured;  // in server.yaml, when the owner has changed since
  bool known = false;                     // by a global configuration that is valid
  std::string address;
  std::optional<std::string> maintenance;  // its message
  // What was asked for and is not there yet.
  std::optional<securityserver::AddressChange> address_change;
  std::optional<securityserver::MaintenanceChange> maintenance_change;
  std::vector<ClientLine> clients;
};

std::map<ClientId, std::string> names_in(const globalconf::View& view, const securityserver::ServerConfiguration& own) {
  std::map<ClientId, std::string> names;
  for (globalconf::MemberEntry& entry : view.members(own.id.owner().instance()))
    if (own.find_client(entry.id) != nullptr) names[entry.id] = std::move(entry.subsystem_name).value_or("");
  return names;
}

// Without a valid global configuration what was noted last.
Result<RegistrationStatus> read_status(const std::filesystem::path& directory) {
  const std::filesystem::path file = directory / "server.yaml";
  const auto configuration = securityserver::load_configuration(file.string());
  if (!configuration) return configuration.error();
  auto noted = securityserver::read_registrations(securityserver::registrations_file(file));
  if (!noted) return noted.error();
  const auto loaded = globalconf::load_view((directory / "globalconf").string());
  const auto view = loaded && (*loaded)->check_valid(now()) ? *loaded : nullptr;
  const securityserver::ServerConfiguration& own = **configuration;
  if (view) {
    (void)follow_configuration(*noted, own, *view);
    follow_server(*noted, own.id, *view);
  }
  RegistrationStatus status{.server = own.id.to_rest(),
                            .configured = {},
                            .address = {},
                            .maintenance = {},
                            .address_change = noted->address,
                            .maintenance_change = noted->maintenance,
                            .clients = {}};
  if (own.configured_id) status.configured = own.configured_id->to_rest();
  if (const globalconf::ServerEntry* const entry = view ? view->server(own.id) : nullptr) {
    status.known = true;
    status.address = entry->address;
    status.maintenance = entry->maintenance;
  }
  std::map<ClientId, std::string> names = view ? names_in(*view, own) : std::map<ClientId, std::string>();
  for (const auto& [id, client] : own.clients) {
    const auto* const registration = noted->find(client);
    status.clients.push_back({id.to_rest(), noted->status_of(client), names[id],
                              registration != nullptr ? registration->renaming : std::nullopt});
  }
  std::ranges::sort(status.clients, {}, &ClientLine::id);
  return status;
}

json::value to_json(const ClientLine& client) {
  json::object line{{"id", client.id}, {"status", to_string(client.status)}, {"name", client.name}};
  if (client.renaming)
    line["renaming"] = {{"to", client.renaming->to}, {"submitted", client.renaming->submitted}};
  else
    line["renaming"] = nullptr;
  return line;
}

json::value to_json(const RegistrationStatus& status) {
  const auto or_null = [](const std::optional<std::string>& text) { return text ? json::value(*text) : json::value(); };
  json::value address_change, maintenance_change;
  if (status.address_change) address_change = status.address_change->to;
  if (const auto& change = status.maintenance_change)
    maintenance_change = {{"begins", change->begins}, {"message", change->message}};
  json::array clients;
  for (const ClientLine& client : status.clients) clients.push_back(to_json(client));
  return {{"server", status.server},
          {"configured", or_null(status.configured)},
          {"known", status.known},
          {"address", status.address},
          {"address_change", std::move(address_change)},
          {"maintenance", or_null(status.maintenance)},
          {"maintenance_change", std::move(maintenance_change)},
          {"clients", std::move(clients)}};
}

void print(const RegistrationStatus& status) {
  fmt::print("server       {}, {}\n", status.server,
             status.known ? "at " + status.address : "unknown to the global configuration");
  if (status.configured) fmt::print("             the owner has changed: server.yaml has {}\n", *status.configured);
  if (status.address_change) fmt::print("             to be at {}\n", status.address_change->to);
  if (status.maintenance) fmt::print("maintenance  now: {}\n", *status.maintenance);
  if (const auto& change = status.maintenance_change)
    fmt::print("maintenance  about to {}\n", change->begins ? "begin: " + change->message : "end");
  std::size_t longest = 0;
  for (const ClientLine& client : status.clients) longest = std::max(longest, client.id.size());
  for (const ClientLine& client : status.clients) {
    std::string more = client.name.empty() ? "" : ", \"" + client.name + "\"";
    if (client.renaming)
      more += fmt::format(", to be \"{}\"{}", client.renaming->to,
                          client.renaming->submitted ? "" : " when it is registered");
    fmt::print("client       {:{}}  {}{}\n", client.id, longest, to_string(client.status), more);
  }
}

int show(const ServerStatusOptions& options) {
  const auto status = read_status(options.dir);
  if (!status) return fail(status.error());
  if (options.as_json)
    std::cout << json::serialize(to_json(*status)) << "\n";
  else
    print(*status);
  return kOk;
}

}  // namespace

Command registration_status_command() {
  const auto options = std::make_shared<ServerStatusOptions>();
  Command status("status", "the server and its clients, and how far their registrations are");
  status.option("--dir", options->dir, "the server's directory")
      .flag("--json", options->as_json, "print JSON")
      .example("causeway ctl registration status --dir /var/lib/causeway")
      .action([options] { return show(*options); });
  return status;
}

}  // namespace causeway::cli
