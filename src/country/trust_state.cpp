// SPDX-License-Identifier: MIT
#include "country/trust_state.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "country/api_answer.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::country {
namespace {

namespace json = boost::json;

constexpr std::string_view kSharedParameters = "SHARED-PARAMETERS";
constexpr const char* kInternalParts = "/configuration-sources/INTERNAL/configuration-parts";

NamedCertificate certificate_in(const json::value& details) {
  auto named = NamedCertificate::of_digest(text_at(details.as_object(), "hash"));
  if (!named) throw ApiFailed{{"malformed_answer", "the hash of a certificate is no SHA-256"}};
  return *std::move(named);
}

// Of days when X-Road had no costs there is none.
std::string cost_in(const json::object& row) {
  std::string cost = text_or_none(row, "cost_type");
  return cost.empty() ? "UNDEFINED" : cost;
}

bool flag_in(const json::object& row, std::string_view name) {
  const json::value* const found = row.if_contains(name);
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::int64_t number_of(const json::object& object) { return object.at("id").to_number<std::int64_t>(); }

std::vector<OcspResponder> responders_of(AdminApi& api, const std::string& owner) {
  std::vector<OcspResponder> responders;
  const json::value answer = get_json(api, owner + "/ocsp-responders");
  for (const json::value& each : answer.as_array()) {
    const json::object& row = each.as_object();
    OcspResponder responder{
        .url = text_at(row, "url"), .cost = cost_in(row), .certificate = {}, .number = number_of(row)};
    if (flag_in(row, "has_certificate"))
      responder.certificate =
          certificate_in(get_json(api, fmt::format("/ocsp-responders/{}/certificate", responder.number)));
    responders.push_back(std::move(responder));
  }
  return responders;
}

CertificationService service_of(AdminApi& api, std::int64_t number) {
  const std::string path = fmt::format("/certification-services/{}", number);
  const json::value answer = get_json(api, path);
  const json::object& row = answer.as_object();
  CertificationService service{.top = {.certificate = certificate_in(get_json(api, path + "/certificate")),
                                       .ocsp_responders = responders_of(api, path),
                                       .number = number},
                               .settings = {.profile = text_at(row, "certificate_profile_info"),
                                            .authentication_only = flag_in(row, "tls_auth")}};
  CertificationSettings& settings = service.settings;
  if (const std::string format = text_or_none(row, "default_csr_format"); !format.empty()) settings.csr_format = format;
  settings.acme_directory_url = text_or_none(row, "acme_server_directory_url");
  settings.acme_ip_addresses = text_or_none(row, "acme_server_ip_address");
  settings.acme_authentication_profile = text_or_none(row, "authentication_certificate_profile_id");
  settings.acme_signing_profile = text_or_none(row, "signing_certificate_profile_id");
  const json::value intermediates = get_json(api, path + "/intermediate-cas");
  for (const json::value& each : intermediates.as_array()) {
    const std::int64_t id = number_of(each.as_object());
    service.intermediates.push_back({.certificate = certificate_in(each.at("ca_certificate")),
                                     .ocsp_responders = responders_of(api, fmt::format("/intermediate-cas/{}", id)),
                                     .number = id});
  }
  return service;
}

void read_certification_services(AdminApi& api, std::vector<CertificationService>& services) {
  const json::value answer = get_json(api, "/certification-services");
  for (const json::value& each : answer.as_array()) services.push_back(service_of(api, number_of(each.as_object())));
  std::ranges::sort(services, {}, [](const CertificationService& service) { return service.top.number; });
}

void read_timestamping_services(AdminApi& api, std::vector<TimestampingService>& services) {
  const json::value answer = get_json(api, "/timestamping-services");
  for (const json::value& each : answer.as_array()) {
    const json::object& row = each.as_object();
    services.push_back({.url = text_at(row, "url"),
                        .cost = cost_in(row),
                        .certificate = certificate_in(row.at("certificate")),
                        .number = number_of(row)});
  }
  std::ranges::sort(services, {}, &TimestampingService::number);
}

void read_anchors(AdminApi& api, std::map<std::string, TrustedAnchor>& anchors) {
  const json::value answer = get_json(api, "/trusted-anchors");
  for (const json::value& each : answer.as_array())
    anchors.emplace(text_at(each.as_object(), "instance_identifier"),
                    TrustedAnchor{text_at(each.as_object(), "hash"), {}});
}

// A part is there when it can be downloaded: the list has them only once there are signing keys.
void read_parts(AdminApi& api, const std::map<std::string, std::string>& wanted,
                std::map<std::string, std::string>& parts) {
  std::set<std::string> names;
  for (const auto& [name, content] : wanted) names.insert(name);
  const json::value answer = get_json(api, kInternalParts);
  for (const json::value& each : answer.as_array())
    if (each.at("optional").as_bool()) names.insert(text_at(each.as_object(), "content_identifier"));
  for (const std::string& name : names)
    if (auto content = get_if_there(api, fmt::format("{}/{}/0/download", kInternalParts, in_path(name))))
      parts.emplace(name, *std::move(content));
}

// The newest shared parameters that the server made and this program reads.
std::optional<globalconf::InstanceSettings> newest_settings(AdminApi& api) {
  const json::value answer = get_json(api, kInternalParts);
  std::int64_t newest = 0;
  for (const json::value& each : answer.as_array()) {
    const json::object& row = each.as_object();
    const json::value* const version = row.if_contains("version");
    if (text_at(row, "content_identifier") != kSharedParameters || version == nullptr || !version->is_int64()) continue;
    if (globalconf::is_known_version(static_cast<int>(version->get_int64())))
      newest = std::max(newest, version->get_int64());
  }
  if (newest == 0) return std::nullopt;
  const auto document = get_if_there(api, fmt::format("{}/{}/{}/download", kInternalParts, kSharedParameters, newest));
  if (!document) return std::nullopt;
  auto parameters = globalconf::read_shared_parameters(*document, static_cast<int>(newest));
  if (!parameters)
    throw ApiFailed{{"malformed_answer", "the shared parameters of the server: " + parameters.error().text}};
  return static_cast<globalconf::InstanceSettings&&>(*std::move(parameters));
}

class KnownCertificates {
 public:
  void add(const Bytes& octets) {
    auto certificate = pki::Certificate::from_der_or_pem(octets);
    if (!certificate) return;
    NamedCertificate named = NamedCertificate::of(*std::move(certificate));
    std::string digest = named.sha256;
    known_.emplace(std::move(digest), std::move(named));
  }
  void add(const globalconf::CaEntry& authority) {
    add(authority.certificate);
    for (const globalconf::OcspResponder& each : authority.ocsp)
      if (each.certificate) add(*each.certificate);
  }

  // What cannot be given its octets is told by what it is for.
  void complete(NamedCertificate& named, const std::string& what, std::vector<std::string>& missing) const {
    if (const auto found = known_.find(named.sha256); found != known_.end())
      named.certificate = found->second.certificate;
    else
      missing.push_back(what);
  }
  void complete(CertificateAuthority& authority, const std::string& what, std::vector<std::string>& missing) const {
    complete(authority.certificate, what, missing);
    for (OcspResponder& each : authority.ocsp_responders)
      if (each.certificate) complete(*each.certificate, "OCSP responder " + each.url, missing);
  }

 private:
  std::map<std::string, NamedCertificate> known_;
};

}  // namespace

void read_trust(AdminApi& api, const Country& wanted, Country& found) {
  if (wanted.certification_services) read_certification_services(api, found.certification_services.emplace());
  if (wanted.timestamping_services) read_timestamping_services(api, found.timestamping_services.emplace());
  if (wanted.trusted_anchors) read_anchors(api, found.trusted_anchors.emplace());
  if (wanted.configuration_parts) read_parts(api, *wanted.configuration_parts, found.configuration_parts.emplace());
}

std::vector<std::string> add_octets(AdminApi& api, Country& country) {
  for (auto& [instance, anchor] : *country.trusted_anchors) {
    auto document = ask(api, {.path = "/trusted-anchors/" + in_path(anchor.hash) + "/download"});
    if (!document) throw ApiFailed{document.error()};
    anchor.document = *std::move(document);
  }
  KnownCertificates known;
  if (const auto settings = newest_settings(api)) {
    for (const auto& service : settings->certification_services) {
      known.add(service.top);
      for (const auto& intermediate : service.intermediates) known.add(intermediate);
    }
    for (const auto& service : settings->timestamping_services) known.add(service.certificate);
  }
  std::vector<std::string> missing;
  for (CertificationService& service : *country.certification_services) {
    known.complete(service.top, fmt::format("certification service {}", service.top.number), missing);
    for (CertificateAuthority& each : service.intermediates)
      known.complete(each, fmt::format("intermediate CA {}", each.number), missing);
  }
  for (TimestampingService& service : *country.timestamping_services)
    known.complete(service.certificate, "time-stamping service " + service.url, missing);
  return missing;
}

}  // namespace causeway::country
