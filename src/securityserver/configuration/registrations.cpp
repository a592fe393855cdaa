// SPDX-License-Identifier: MIT
#include "securityserver/configuration/registrations.hpp"

#include <boost/json.hpp>
#include <stdexcept>

#include "base/files.hpp"
#include "domain/fault_code.hpp"

namespace causeway::securityserver {
namespace {

namespace json = boost::json;

constexpr std::int64_t kVersion = 1;

json::value to_value(const ClientId& id, const ClientRegistration& registration) {
  json::object client{{"id", id.to_rest()},
                      {"configured", to_string(registration.configured)},
                      {"status", to_string(registration.status)}};
  if (const auto& renaming = registration.renaming)
    client["renaming"] = {{"from", renaming->from}, {"to", renaming->to}, {"submitted", renaming->submitted}};
  return client;
}

// The next ones throw for anything that to_json does not write.
std::string text_of(const json::object& from, std::string_view name) { return std::string(from.at(name).as_string()); }

template <class Value>
Value good(Result<Value> value, const std::string& what) {
  if (!value) throw std::invalid_argument(what + ": " + value.error().text);
  return *std::move(value);
}

ClientStatus status_in(const json::object& from, std::string_view name) {
  const std::string text = text_of(from, name);
  const auto status = client_status(text);
  if (!status) throw std::invalid_argument("status '" + text + "' is not known");
  return *status;
}

ClientRegistration registration_of(const json::object& from) {
  ClientRegistration registration{.configured = status_in(from, "configured"), .status = status_in(from, "status")};
  if (const json::value* const each = from.if_contains("renaming")) {
    const json::object& renaming = each->as_object();
    registration.renaming = {.from = text_of(renaming, "from"),
                             .to = text_of(renaming, "to"),
                             .submitted = renaming.at("submitted").as_bool()};
  }
  return registration;
}

Registrations registrations_of(const json::object& from) {
  if (from.at("version").to_number<std::int64_t>() != kVersion)
    throw std::invalid_argument("this program reads version 1 of it");
  Registrations registrations;
  if (const json::value* const each = from.if_contains("owner")) {
    const json::object& change = each->as_object();
    const std::string server = text_of(change, "configured"), owner = text_of(change, "owner");
    registrations.owner = {good(ServerId::parse_rest(server), server), good(ClientId::parse_rest(owner), owner)};
  }
  if (const json::value* const each = from.if_contains("address"))
    registrations.address = {text_of(each->as_object(), "from"), text_of(each->as_object(), "to")};
  if (const json::value* const each = from.if_contains("maintenance"))
    registrations.maintenance = {each->as_object().at("begins").as_bool(), text_of(each->as_object(), "message")};
  for (const json::value& each : from.at("clients").as_array()) {
    const std::string id = text_of(each.as_object(), "id");
    registrations.clients.insert_or_assign(good(ClientId::parse_rest(id), id), registration_of(each.as_object()));
  }
  return registrations;
}

}  // namespace

const ClientRegistration* Registrations::find(const Client& client) const {
  const auto found = clients.find(client.id);
  return found != clients.end() && found->second.configured == client.configured_status ? &found->second : nullptr;
}

ClientStatus Registrations::status_of(const Client& client) const {
  const ClientRegistration* const found = find(client);
  return found != nullptr ? found->status : client.configured_status;
}

void Registrations::note(const Client& client, ClientStatus status) {
  const ClientRegistration* const found = find(client);
  ClientRegistration noted{client.configured_status, status, found ? found->renaming : std::nullopt};
  if (noted == ClientRegistration{client.configured_status, client.configured_status})
    clients.erase(client.id);
  else
    clients.insert_or_assign(client.id, std::move(noted));
}

void Registrations::note(const Client& client, std::optional<Renaming> renaming) {
  const ClientStatus status = status_of(client);
  clients.insert_or_assign(client.id, ClientRegistration{client.configured_status, status, std::move(renaming)});
  note(client, status);
}

std::filesystem::path registrations_file(const std::filesystem::path& configuration) {
  return configuration.parent_path() / "registrations.json";
}

Result<Registrations> read_registrations(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error) && !error) return Registrations();
  const auto text = read_file(file, kConfigurationFileLimit);
  if (!text) return fault(FaultCode::malformed_server_conf, text.error().text);
  try {
    return registrations_of(json::parse(*text).as_object());
  } catch (const std::exception& what) {
    return fault(FaultCode::malformed_server_conf,
                 file.string() + " is not what a server notes of its registrations: " + what.what() +
                     "; without this file the statuses in server.yaml count");
  }
}

std::string to_json(const Registrations& registrations) {
  json::object whole{{"version", kVersion}};
  if (const auto& change = registrations.owner)
    whole["owner"] = {{"configured", change->configured.to_rest()}, {"owner", change->owner.to_rest()}};
  if (const auto& change = registrations.address) whole["address"] = {{"from", change->from}, {"to", change->to}};
  if (const auto& change = registrations.maintenance)
    whole["maintenance"] = {{"begins", change->begins}, {"message", change->message}};
  json::array clients;
  for (const auto& [id, registration] : registrations.clients) clients.push_back(to_value(id, registration));
  whole["clients"] = std::move(clients);
  return json::serialize(whole) + "\n";
}

Result<void> apply(const Registrations& registrations, ServerConfiguration& configuration) {
  for (auto& [id, client] : configuration.clients) client.status = registrations.status_of(client);
  if (!registrations.owner || registrations.owner->configured != configuration.id) return {};
  const ClientId& owner = registrations.owner->owner;
  if (configuration.find_client(owner) == nullptr)
    return fault(FaultCode::malformed_server_conf,
                 "the owner of this server is " + owner.to_rest() +
                     " by the global configuration, and is missing in server.yaml; add '- id: " + owner.to_rest() +
                     "'");
  auto server = ServerId::make(owner.instance(), owner.member_class(), owner.member_code(), configuration.id.code());
  if (!server) return server.error();
  configuration.configured_id = std::exchange(configuration.id, *std::move(server));
  return {};
}

bool is_listed(const globalconf::View& view, const ServerId& server, const ClientId& client) {
  const globalconf::ServerEntry* const entry = view.server(server);
  return entry != nullptr && view.serves(*entry, client);
}

ClientStatus status_in_force(const Client& client, const ServerConfiguration& configuration,
                             const globalconf::View& view) {
  return status_by_configuration(client.status, is_listed(view, configuration.id, client.id));
}

}  // namespace causeway::securityserver
