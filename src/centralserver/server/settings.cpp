// SPDX-License-Identifier: MIT
#include "centralserver/server/settings.hpp"

#include <algorithm>

#include "base/parameters.hpp"
#include "centralserver/registry/registry.hpp"

namespace causeway::centralserver {
namespace {

namespace fs = std::filesystem;

// The groups of the operating system whose members have a role.
struct RoleGroup {
  const char *role, *group;
};
constexpr RoleGroup kRoleGroups[] = {{"XROAD_REGISTRATION_OFFICER", "xroad-registration-officer"},
                                     {"XROAD_SECURITY_OFFICER", "xroad-security-officer"},
                                     {"XROAD_SYSTEM_ADMINISTRATOR", "xroad-system-administrator"}};

constexpr std::string_view kEverybody = "0.0.0.0/0, ::/0";

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view one = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.empty()) out.emplace_back(one);
  }
  return out;
}

Result<void> read_ports(const Parameters& parameters,
                        std::initializer_list<std::pair<const char*, std::uint16_t*>> ports) {
  for (const auto& [name, port] : ports) {
    auto number = parameters.port(name, *port);
    if (!number) return std::move(number).error();
    *port = *number;
  }
  return {};
}

Result<void> read_addresses(const Parameters& parameters, const char* name, std::string_view otherwise,
                            admin::AddressList& out) {
  const std::string text = parameters.text(name, otherwise);
  auto list = admin::AddressList::parse(text);
  if (!list) return malformed_parameter(name, text, "addresses and networks: " + list.error().text);
  out = *std::move(list);
  return {};
}

Result<void> read_rate(const Parameters& parameters, const char* name, unsigned& out) {
  const auto number = parameters.number(name, out);
  if (number < 0 || number > 1'000'000)
    return malformed_parameter(name, std::to_string(number), "a number of requests");
  out = static_cast<unsigned>(number);
  return {};
}

Result<AdminSettings> read_admin(const Parameters& parameters, const fs::path& directory) {
  AdminSettings out;
  out.address = parameters.text("admin-service.listen-address", out.address);
  if (auto read = read_ports(parameters, {{"admin-service.listen-port", &out.port}}); !read)
    return std::move(read).error();
  out.tls = {directory / "ssl" / "center-admin-service.crt", directory / "ssl" / "center-admin-service.key"};
  out.allowed_hostnames = list_of(parameters.text("admin-service.allowed-hostnames", ""));
  for (auto read :
       {read_addresses(parameters, "admin-service.regular-api-whitelist", kEverybody, out.callers),
        read_addresses(parameters, "admin-service.key-management-api-whitelist", "127.0.0.0/8, ::1", out.key_managers),
        read_rate(parameters, "admin-service.rate-limit-requests-per-second", out.rate.per_second),
        read_rate(parameters, "admin-service.rate-limit-requests-per-minute", out.rate.per_minute)})
    if (!read) return std::move(read).error();
  if (!parameters.flag("admin-service.rate-limit-enabled", true)) out.rate.per_second = out.rate.per_minute = 0;
  out.users = directory / "users";
  for (const auto& [role, group] : kRoleGroups) {
    auto& groups = out.groups_by_role[role];
    groups = list_of(parameters.text(std::string("admin-service.complementary-user-role-mappings.") + role, ""));
    groups.emplace_back(group);
  }
  return out;
}

Result<PublishingSettings> read_publishing(const Parameters& parameters, const fs::path& directory) {
  PublishingSettings out;
  out.address = parameters.text("center.listen-address", out.address);
  auto read = read_ports(parameters, {{"center.listen-port", &out.port}, {"center.listen-tls-port", &out.tls_port}});
  if (!read) return std::move(read).error();
  out.public_ports.http = out.port;
  out.public_ports.https = out.tls_port;
  read = read_ports(parameters, {{"center.public-port", &out.public_ports.http},
                                 {"center.public-tls-port", &out.public_ports.https}});
  if (!read) return std::move(read).error();
  out.tls = {directory / "ssl" / "global-conf.crt", directory / "ssl" / "global-conf.key"};
  // A relative path begins at the directory, an absolute one replaces it.
  out.docroot = directory / parameters.text("center.generated-conf-dir", "public");
  const char* const kOldest = "center.minimum-global-configuration-version";
  const auto oldest = parameters.number(kOldest, out.oldest_version);
  if (oldest < globalconf::kOldestVersion || oldest > globalconf::kNewestVersion)
    return malformed_parameter(kOldest, std::to_string(oldest), "a version from 2 to 6");
  out.oldest_version = static_cast<int>(oldest);
  out.interval =
      std::max(parameters.seconds("admin-service.global-configuration-generation-rate-in-seconds", out.interval),
               std::chrono::seconds(1));
  out.registration_certificate = directory / "ssl" / "management-service.crt";
  return out;
}

Result<ManagementSettings> read_management(const Parameters& parameters, const fs::path& directory) {
  ManagementSettings out;
  out.address = parameters.text("management-service.listen-address", out.address);
  for (auto read :
       {read_ports(parameters, {{"registration-service.listen-port", &out.registration_port},
                                {"management-service.listen-port", &out.management_port}}),
        read_rate(parameters, "registration-service.rate-limit-requests-per-second", out.registration_rate.per_second),
        read_rate(parameters, "registration-service.rate-limit-requests-per-minute", out.registration_rate.per_minute),
        read_rate(parameters, "management-service.rate-limit-requests-per-second", out.management_rate.per_second),
        read_rate(parameters, "management-service.rate-limit-requests-per-minute", out.management_rate.per_minute),
        read_addresses(parameters, "management-service.whitelist", kEverybody, out.management_callers)})
    if (!read) return std::move(read).error();
  if (!parameters.flag("registration-service.rate-limit-enabled", true))
    out.registration_rate.per_second = out.registration_rate.per_minute = 0;
  if (!parameters.flag("management-service.rate-limit-enabled", true))
    out.management_rate.per_second = out.management_rate.per_minute = 0;
  out.tls = {directory / "ssl" / "management-service.crt", directory / "ssl" / "management-service.key"};
  return out;
}

// True for RSA.
Result<bool> read_algorithm(const Parameters& parameters, const char* name) {
  const std::string text = parameters.text(name, "RSA");
  if (text != "RSA" && text != "EC") return malformed_parameter(name, text, "RSA or EC");
  return text == "RSA";
}

}  // namespace

Result<CentralServerSettings> CentralServerSettings::load(const fs::path& directory) {
  const auto parameters = Parameters::load(directory / "conf.d");
  if (!parameters) return parameters.error();
  CentralServerSettings settings;
  settings.directory = directory;
  settings.database = parameters->text("center.database", "central-server.db");
  settings.node = parameters->text("center.ha-node-name", kOnlyNode);
  if (settings.node.empty()) return malformed_parameter("center.ha-node-name", "", "the name of a node");
  auto of_admin = read_admin(*parameters, directory);
  if (!of_admin) return std::move(of_admin).error();
  settings.admin = *std::move(of_admin);
  auto publishing = read_publishing(*parameters, directory);
  if (!publishing) return std::move(publishing).error();
  settings.publishing = *std::move(publishing);
  auto management = read_management(*parameters, directory);
  if (!management) return std::move(management).error();
  settings.management = *std::move(management);
  settings.backup.encrypts = parameters->flag("center.backup-encryption-enabled", false);
  settings.backup.recipients = list_of(parameters->text("center.backup-encryption-keyids", ""));
  PublicPorts& ports = settings.publishing.public_ports;
  ports.registration = settings.management.registration_port;
  ports.management = settings.management.management_port;
  auto read = read_ports(*parameters, {{"registration-service.public-port", &ports.registration},
                                       {"management-service.public-port", &ports.management}});
  if (!read) return std::move(read).error();
  auto internal = read_algorithm(*parameters, "admin-service.internal-key-algorithm");
  if (!internal) return std::move(internal).error();
  settings.internal_keys_are_rsa = *internal;
  auto external = read_algorithm(*parameters, "admin-service.external-key-algorithm");
  if (!external) return std::move(external).error();
  settings.external_keys_are_rsa = *external;
  settings.enforces_pin_policy = parameters->flag("signer.enforce-token-pin-policy", false);
  settings.trusts_other_instances = parameters->flag("center.trusted-anchors-allowed", true);
  return settings;
}

}  // namespace causeway::centralserver
