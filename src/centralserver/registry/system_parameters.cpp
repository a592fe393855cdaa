// SPDX-License-Identifier: MIT
#include "centralserver/registry/system_parameters.hpp"

#include <charconv>
#include <map>
#include <optional>

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "domain/fault_code.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kAddress = "centralServerAddress";
constexpr std::chrono::seconds kLongest = std::chrono::days(366);

Fault invalid(std::string_view name, std::string_view why) {
  return fault(RegistryFault::validation_failure, std::string(name) + " " + std::string(why));
}

std::optional<std::chrono::seconds> parse_seconds(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 1 || seconds > kLongest.count())
    return std::nullopt;
  return std::chrono::seconds(seconds);
}

std::optional<pki::DigestAlgorithm> parse_digest(std::string_view text) {
  auto algorithm = pki::digest_from_uri(text);
  if (!algorithm) algorithm = pki::digest_from_name(text);
  if (algorithm == pki::DigestAlgorithm::sha1) return std::nullopt;
  return algorithm;
}

// False: it is not known by this name, or the value is none of its kind.
bool take(SystemParameters& out, std::string_view name, std::string_view value) {
  const std::map<std::string_view, std::string SystemParameters::*> texts{
      {"instanceIdentifier", &SystemParameters::instance},
      {kAddress, &SystemParameters::central_server_address},
      {"authCertRegUrl", &SystemParameters::registration_url},
      {"securityServerOwnersGroup", &SystemParameters::owners_group},
      {"managementServiceProviderClass", &SystemParameters::provider_class},
      {"managementServiceProviderCode", &SystemParameters::provider_code},
      {"managementServiceProviderSubsystem", &SystemParameters::provider_subsystem}};
  const std::map<std::string_view, std::chrono::seconds SystemParameters::*> times{
      {"ocspFreshnessSeconds", &SystemParameters::ocsp_freshness},
      {"timeStampingIntervalSeconds", &SystemParameters::timestamping_interval},
      {"confExpireIntervalSeconds", &SystemParameters::validity}};
  const std::map<std::string_view, bool SystemParameters::*> switches{
      {"auto-approve-auth-cert-reg-requests", &SystemParameters::approve_certificate_registrations},
      {"auto-approve-client-reg-requests", &SystemParameters::approve_client_registrations},
      {"auto-approve-owner-change-requests", &SystemParameters::approve_owner_changes}};
  const std::map<std::string_view, pki::DigestAlgorithm SystemParameters::*> digests{
      {"confSignDigestAlgoId", &SystemParameters::signature_digest},
      {"confHashAlgoUri", &SystemParameters::part_hash},
      {"confSignCertHashAlgoUri", &SystemParameters::signing_certificate_hash}};
  if (const auto text = texts.find(name); text != texts.end()) {
    out.*text->second = std::string(value);
    return true;
  }
  if (const auto time = times.find(name); time != times.end()) {
    const auto seconds = parse_seconds(value);
    if (seconds) out.*time->second = *seconds;
    return seconds.has_value();
  }
  if (const auto on = switches.find(name); on != switches.end()) {
    out.*on->second = value == "true";
    return value == "true" || value == "false";
  }
  const auto digest = digests.find(name);
  const auto algorithm = parse_digest(value);
  if (digest == digests.end() || !algorithm) return false;
  out.*digest->second = *algorithm;
  return true;
}

struct Stored {
  std::string name, value;
};

Result<Stored> read_stored(const store::Statement& row) {
  return Stored{std::string(row.text(0)), std::string(row.text(1))};
}

bool has_own_operation(std::string_view name) {
  return name == "instanceIdentifier" || name == kAddress || name.starts_with("managementServiceProvider");
}

Result<void> check(const SystemParameters& parameters) {
  if (auto code = check_code("securityServerOwnersGroup", parameters.owners_group); !code) return code;
  if (auto url = check_url(parameters.resolved_registration_url()); !url) return url;
  if (parameters.timestamping_interval >= parameters.ocsp_freshness)
    return invalid("timeStampingIntervalSeconds", "must be less than ocspFreshnessSeconds");
  return {};
}

}  // namespace

std::string SystemParameters::resolved_registration_url(std::uint16_t port) const {
  std::string url = registration_url;
  if (const auto at = url.find(kAddressPlaceholder); at != std::string::npos) {
    if (central_server_address.empty()) return {};
    url.replace(at, kAddressPlaceholder.size(), central_server_address);
  }
  if (const auto at = url.find(kRegistrationPortPlaceholder); at != std::string::npos)
    url.replace(at, kRegistrationPortPlaceholder.size(), std::to_string(port));
  return url;
}

Result<SystemParameters> system_parameters(const Registry& registry) {
  auto stored = read_rows(registry.database(),
                          "SELECT name, value FROM system_parameter WHERE node = '' OR node = $1 ORDER BY name",
                          read_stored, registry.node());
  if (!stored) return stored.error();
  SystemParameters out;
  for (const Stored& parameter : *stored) {
    if (!take(out, parameter.name, parameter.value))
      return fault(FaultCode::database_error,
                   "The system parameter " + parameter.name + " cannot have the value " + parameter.value);
  }
  return out;
}

Result<std::vector<NodeAddress>> node_addresses(const Registry& registry) {
  return read_rows(
      registry.database(), "SELECT node, value FROM system_parameter WHERE name = $1 ORDER BY node",
      [](const store::Statement& row) -> Result<NodeAddress> {
        return NodeAddress{std::string(row.text(0)), std::string(row.text(1))};
      },
      kAddress);
}

Result<std::string> instance_identifier(const Registry& registry) {
  auto instance =
      read_row(registry.database(), "SELECT value FROM system_parameter WHERE name = 'instanceIdentifier'", read_text);
  if (!instance) return instance.error();
  if (!*instance) return fault(RegistryFault::instance_identifier_not_set, "The central server is not initialised yet");
  return **std::move(instance);
}

Result<void> set_system_parameter(Change& change, std::string_view name, std::string_view value) {
  if (has_own_operation(name)) return invalid(name, "is not set like this");
  auto parameters = system_parameters(change.registry());
  if (!parameters) return parameters.error();
  if (auto instance = instance_identifier(change.registry()); !instance) return instance.error();
  if (!take(*parameters, name, value)) return invalid(name, "is not known, or cannot have this value");
  if (auto good = check(*parameters); !good) return good;
  return store_parameter(change, name, value);
}

Result<void> set_central_server_address(Change& change, const std::string& address) {
  if (auto host = check_host(address); !host) return host;
  return store_parameter(change, kAddress, address, change.registry().node());
}

Result<void> store_parameter(Change& change, std::string_view name, std::string_view value, std::string_view node) {
  auto before = read_row(change.database(), "SELECT value FROM system_parameter WHERE name = $1 AND node = $2",
                         read_text, name, node);
  if (!before) return before.error();
  const std::string_view sql = *before ? "UPDATE system_parameter SET value = $3 WHERE name = $1 AND node = $2"
                                       : "INSERT INTO system_parameter (name, node, value) VALUES ($1, $2, $3)";
  if (auto stored = run(change.database(), sql, name, node, value); !stored) return stored;
  const std::string subject = node.empty() ? std::string(name) : std::string(name) + " of " + std::string(node);
  return change.note_changed("system parameter", subject, "value", before->value_or(""), value);
}

}  // namespace causeway::centralserver
