// SPDX-License-Identifier: MIT
#include "country/country_writer.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "yaml/yaml_document.hpp"

namespace causeway::country {
namespace {

constexpr std::string_view kCommonName = "2.5.4.3";
constexpr std::size_t kLongestName = 60;
constexpr std::size_t kDigitsOfName = 12;

// What it says in a name of a file: letters, digits, and a hyphen for all else.
std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, kLongestName)) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (is_plain)
      name += c;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  return name;
}

class Writer {
 public:
  WrittenCountry write(const Country& country, const std::vector<RegisteredServer>& servers) && {
    line(0, "# A country as its operator decides it; see docs/configuration-as-code.md of Causeway.");
    line(0, "version: 1");
    line(0, "instance: " + yaml_scalar(country.instance));
    if (country.central_server_address)
      line(0, "central_server_address: " + yaml_scalar(*country.central_server_address));
    if (country.member_classes) mapping(0, "member_classes", *country.member_classes);
    if (country.members) write_members(*country.members);
    if (country.global_groups) write_groups(*country.global_groups);
    if (country.management_service_provider)
      line(0, "management_service_provider: " + yaml_scalar(short_id(*country.management_service_provider)));
    if (country.certification_services) write_certification(*country.certification_services);
    if (country.timestamping_services) write_timestamping(*country.timestamping_services);
    if (country.trusted_anchors) write_anchors(*country.trusted_anchors);
    if (country.configuration_parts) write_parts(*country.configuration_parts);
    write_servers(servers);
    return std::move(out_);
  }

 private:
  void line(int depth, const std::string& text) {
    out_.yaml.append(static_cast<std::size_t>(depth) * 2, ' ');
    out_.yaml += text + "\n";
  }
  // Where a list or mapping begins, or is `nothing`.
  void open(int depth, const std::string& key, bool is_empty, const char* nothing) {
    line(depth, key + (is_empty ? std::string(": ") + nothing : ":"));
  }

  void mapping(int depth, const std::string& key, const std::map<std::string, std::string>& entries) {
    open(depth, key, entries.empty(), "{}");
    for (const auto& [name, value] : entries) line(depth + 1, yaml_scalar(name) + ": " + yaml_scalar(value));
  }

  void write_members(const std::map<ClientId, Member>& members) {
    open(0, "members", members.empty(), "[]");
    for (const auto& [id, member] : members) {
      line(1, "- id: " + yaml_scalar(short_id(id)));
      line(2, "name: " + yaml_scalar(member.name));
      if (!member.subsystems.empty()) mapping(2, "subsystems", member.subsystems);
    }
  }

  void write_groups(const std::map<std::string, GlobalGroup>& groups) {
    open(0, "global_groups", groups.empty(), "[]");
    for (const auto& [code, group] : groups) {
      line(1, "- code: " + yaml_scalar(code));
      line(2, "description: " + yaml_scalar(group.description));
      if (group.members.empty()) continue;
      line(2, "members:");
      for (const ClientId& each : group.members) line(3, "- " + yaml_scalar(short_id(each)));
    }
  }

  // `dash`: "- " where an entry of a list begins with it.
  void file(int depth, const std::string& dash, const std::string& path, std::string content) {
    line(depth, dash + "file: " + yaml_scalar(path));
    out_.attached.emplace(path, std::move(content));
  }

  void certificate(int depth, const std::string& dash, const NamedCertificate& named) {
    line(depth, dash + "certificate:");
    const int inside = depth + (dash.empty() ? 1 : 2);
    if (!named.certificate) {
      line(inside, "sha256: " + named.sha256);
      return;
    }
    const auto common_name = named.certificate->subject_attribute(kCommonName);
    const std::string name =
        file_name(common_name.value_or("certificate")) + "-" + named.sha256.substr(0, kDigitsOfName);
    file(inside, "", "certificates/" + name + ".pem", named.certificate->to_pem());
  }

  void write_responders(int depth, const std::vector<OcspResponder>& responders) {
    if (responders.empty()) return;
    line(depth, "ocsp_responders:");
    for (const OcspResponder& each : responders) {
      line(depth + 1, "- url: " + yaml_scalar(each.url));
      line(depth + 2, "cost: " + each.cost);
      if (each.certificate) certificate(depth + 2, "", *each.certificate);
    }
  }

  void write_certification(const std::vector<CertificationService>& services) {
    open(0, "certification_services", services.empty(), "[]");
    for (const CertificationService& service : services) {
      certificate(1, "- ", service.top.certificate);
      write_settings(service.settings);
      write_responders(2, service.top.ocsp_responders);
      if (service.intermediates.empty()) continue;
      line(2, "intermediate_cas:");
      for (const CertificateAuthority& each : service.intermediates) {
        certificate(3, "- ", each.certificate);
        write_responders(4, each.ocsp_responders);
      }
    }
  }

  void write_settings(const CertificationSettings& settings) {
    line(2, "profile: " + yaml_scalar(settings.profile));
    line(2, std::string("authentication_only: ") + (settings.authentication_only ? "true" : "false"));
    line(2, "default_csr_format: " + settings.csr_format);
    bool is_first = true;
    for (const auto& [name, value] : {std::pair("directory_url", &settings.acme_directory_url),
                                      std::pair("ip_addresses", &settings.acme_ip_addresses),
                                      std::pair("authentication_profile", &settings.acme_authentication_profile),
                                      std::pair("signing_profile", &settings.acme_signing_profile)}) {
      if (value->empty()) continue;
      if (std::exchange(is_first, false)) line(2, "acme:");
      line(3, std::string(name) + ": " + yaml_scalar(*value));
    }
  }

  void write_timestamping(const std::vector<TimestampingService>& services) {
    open(0, "timestamping_services", services.empty(), "[]");
    for (const TimestampingService& each : services) {
      line(1, "- url: " + yaml_scalar(each.url));
      line(2, "cost: " + each.cost);
      certificate(2, "", each.certificate);
    }
  }

  void write_anchors(const std::map<std::string, TrustedAnchor>& anchors) {
    open(0, "trusted_anchors", anchors.empty(), "[]");
    std::size_t number = 0;  // two instances may have names that differ in punctuation only
    for (const auto& [instance, anchor] : anchors)
      file(1, "- ", fmt::format("anchors/{}-{}.xml", ++number, file_name(instance)), anchor.document);
  }

  void write_parts(const std::map<std::string, std::string>& parts) {
    open(0, "configuration_parts", parts.empty(), "{}");
    for (const auto& [identifier, content] : parts) {
      line(1, yaml_scalar(identifier) + ":");
      file(2, "", "parts/" + identifier + ".xml", content);
    }
  }

  void write_servers(const std::vector<RegisteredServer>& servers) {
    if (servers.empty()) return;
    line(0, "# Security Servers register themselves. When this was written there were:");
    for (const RegisteredServer& each : servers)
      line(0, "#   " + yaml_scalar(each.id.to_rest()) + " at " + yaml_scalar(each.address));
  }

  WrittenCountry out_;
};

}  // namespace

WrittenCountry write_country(const Country& country, const std::vector<RegisteredServer>& servers) {
  return Writer().write(country, servers);
}

}  // namespace causeway::country
