// SPDX-License-Identifier: MIT
#include "country/trust_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/utf8.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/anchor.hpp"

namespace causeway::country {
namespace {

using Kind = YamlNode::Kind;

constexpr std::size_t kLongestText = 255;
constexpr std::size_t kLongestAcmeUrl = 2000;
constexpr std::size_t kLongestPart = 64;
constexpr std::array<std::string_view, 3> kCosts{"UNDEFINED", "FREE", "PAID"};
constexpr std::array<std::string_view, 2> kCsrFormats{"PEM", "DER"};

}  // namespace

std::string TrustReader::line(const YamlNode& node, std::string_view what) const {
  const std::string text(place_.text(node, what));
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) place_.refuse(node, fmt::format("{} is blank", what));
  const bool is_clean = is_utf8(text) && std::ranges::none_of(text, [](char c) {
                          return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                        });
  if (!is_clean) place_.refuse(node, fmt::format("{} has control characters, or is not UTF-8", what));
  if (utf16_length(text) > kLongestText)
    place_.refuse(node, fmt::format("{} is longer than {} characters", what, kLongestText));
  return text;
}

std::string TrustReader::code(const YamlNode& node, std::string_view what) const {
  std::string text = line(node, what);
  check_code(node, text, what);
  return text;
}

void TrustReader::check_code(const YamlNode& at, const std::string& code, std::string_view what) const {
  if (!is_utf8(code) || has_discouraged_characters(code))
    place_.refuse(
        at, fmt::format("{} has a character that identifiers must not have: % : ; / \\ or an invisible one", what));
  if (utf16_length(code) > kLongestText)
    place_.refuse(at, fmt::format("{} is longer than {} characters", what, kLongestText));
}

std::vector<CertificationService> TrustReader::certification_services(const YamlNode& node) const {
  std::vector<CertificationService> services;
  std::set<std::string> known;
  for (const YamlNode item : place_.sequence(node, "certification_services")) {
    services.push_back(certification_service(item));
    if (!known.insert(services.back().top.certificate.sha256).second)
      place_.refuse(item, "a service with this certificate stands here a second time; remove one of the two");
  }
  return services;
}

CertificationService TrustReader::certification_service(const YamlNode& node) const {
  const YamlFields fields(place_, node, "a certification service",
                          {"certificate", "profile", "authentication_only", "default_csr_format", "acme",
                           "ocsp_responders", "intermediate_cas"});
  CertificationService service{.top = {.certificate = certificate(fields.require("certificate"))},
                               .settings = settings(fields)};
  service.top.ocsp_responders = responders(fields);
  std::set<std::string> known;
  if (const auto intermediates = fields.find("intermediate_cas"))
    for (const YamlNode item : place_.sequence(*intermediates, "intermediate_cas")) {
      service.intermediates.push_back(intermediate(item));
      if (!known.insert(service.intermediates.back().certificate.sha256).second)
        place_.refuse(item, "a CA with this certificate stands here a second time; remove one of the two");
    }
  return service;
}

CertificationSettings TrustReader::settings(const YamlFields& fields) const {
  // Which profiles there are is the server's to say: a Java one may have been given more.
  CertificationSettings settings{.profile = line(fields.require("profile"), "profile")};
  if (const auto only = fields.find("authentication_only"))
    settings.authentication_only = place_.flag(*only, "authentication_only");
  if (const auto format = fields.find("default_csr_format"))
    settings.csr_format = kCsrFormats[place_.choice(*format, "default_csr_format", kCsrFormats)];
  const auto acme = fields.find("acme");
  if (!acme) return settings;
  const YamlFields inner(place_, *acme, "acme",
                         {"directory_url", "ip_addresses", "authentication_profile", "signing_profile"});
  if (const auto each = inner.find("directory_url"))
    settings.acme_directory_url = url(*each, "directory_url", kLongestAcmeUrl);
  if (const auto each = inner.find("ip_addresses")) settings.acme_ip_addresses = line(*each, "ip_addresses");
  if (const auto each = inner.find("authentication_profile"))
    settings.acme_authentication_profile = line(*each, "authentication_profile");
  if (const auto each = inner.find("signing_profile")) settings.acme_signing_profile = line(*each, "signing_profile");
  return settings;
}

CertificateAuthority TrustReader::intermediate(const YamlNode& node) const {
  const YamlFields fields(place_, node, "an intermediate CA", {"certificate", "ocsp_responders"});
  return {.certificate = certificate(fields.require("certificate")), .ocsp_responders = responders(fields)};
}

std::vector<OcspResponder> TrustReader::responders(const YamlFields& fields) const {
  std::vector<OcspResponder> responders;
  const auto node = fields.find("ocsp_responders");
  if (!node) return responders;
  std::set<std::string> known;
  for (const YamlNode item : place_.sequence(*node, "ocsp_responders")) {
    const YamlFields inner(place_, item, "an OCSP responder", {"url", "cost", "certificate"});
    OcspResponder responder{.url = url(inner.require("url"), "url", kLongestText), .cost = cost(inner)};
    if (const auto each = inner.find("certificate")) responder.certificate = certificate(*each);
    if (!known.insert(responder.url).second)
      place_.refuse(item, "a responder with this url stands here a second time; remove one of the two");
    responders.push_back(std::move(responder));
  }
  return responders;
}

std::vector<TimestampingService> TrustReader::timestamping_services(const YamlNode& node) const {
  std::vector<TimestampingService> services;
  std::set<std::string> known;
  for (const YamlNode item : place_.sequence(node, "timestamping_services")) {
    const YamlFields fields(place_, item, "a time-stamping service", {"url", "cost", "certificate"});
    services.push_back({.url = url(fields.require("url"), "url", kLongestText),
                        .cost = cost(fields),
                        .certificate = certificate(fields.require("certificate"))});
    if (!known.insert(services.back().url).second)
      place_.refuse(item, "a service with this url stands here a second time; remove one of the two");
  }
  return services;
}

std::map<std::string, TrustedAnchor> TrustReader::anchors(const YamlNode& node, const std::string& own_instance) const {
  std::map<std::string, TrustedAnchor> anchors;
  for (const YamlNode item : place_.sequence(node, "trusted_anchors")) {
    std::string document = attached(item, "a trusted anchor");
    const auto anchor = globalconf::read_anchor(document);
    if (!anchor) place_.refuse(item, "not an anchor: " + anchor.error().text);
    if (anchor->instance == own_instance) place_.refuse(item, "this is an anchor of the instance itself; remove it");
    const std::string hash = globalconf::anchor_hash(document);
    if (!anchors.emplace(anchor->instance, TrustedAnchor{hash, std::move(document)}).second)
      place_.refuse(item,
                    fmt::format("an anchor of {} stands here a second time; remove one of the two", anchor->instance));
  }
  return anchors;
}

std::map<std::string, std::string> TrustReader::configuration_parts(const YamlNode& node) const {
  if (node.kind() != Kind::mapping)
    place_.refuse(node, "configuration_parts must be a mapping from content identifier to content");
  std::map<std::string, std::string> parts;
  for (const auto& [identifier, content] : node.entries()) {
    const std::string name(place_.text(identifier, "a content identifier"));
    const bool is_plain = name.size() <= kLongestPart && std::ranges::all_of(name, [](char c) {
                            return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
                          });
    if (!is_plain) place_.refuse(identifier, "a content identifier has upper-case letters, digits, - and _ only");
    parts.emplace(name, attached(content, "a configuration part"));
  }
  return parts;
}

// The PEM text itself, {file: path}, or {sha256: digest} of one that the server has already.
NamedCertificate TrustReader::certificate(const YamlNode& node) const {
  if (node.kind() == Kind::mapping) {
    const YamlFields fields(place_, node, "a certificate", {"file", "sha256"});
    const auto digest = fields.find("sha256");
    if (digest && fields.find("file")) place_.refuse(node, "a certificate has a file or a sha256, not both");
    if (digest) {
      auto named = NamedCertificate::of_digest(place_.text(*digest, "sha256"));
      if (!named) place_.refuse(*digest, "sha256 must be 64 hexadecimal digits");
      return *std::move(named);
    }
  }
  const std::string content = attached(node, "a certificate");
  auto certificate = pki::Certificate::from_der_or_pem(as_bytes(content));
  if (!certificate)
    place_.refuse(node, "not a certificate; give it in PEM form, or as {file: path}: " + certificate.error().text);
  return NamedCertificate::of(*std::move(certificate));
}

// The content itself, or {file: path} with a path seen from this file.
std::string TrustReader::attached(const YamlNode& node, std::string_view what) const {
  if (node.kind() == Kind::text) return std::string(place_.text(node, what));
  const YamlFields fields(place_, node, "a file", {"file"});
  const YamlNode file = fields.require("file");
  auto content = read_attached_(std::string(place_.text(file, "file")));
  if (!content) place_.refuse(file, content.error().text);
  return *std::move(content);
}

std::string TrustReader::url(const YamlNode& node, std::string_view what, std::size_t longest) const {
  const std::string_view text = place_.text(node, what);
  const std::string_view host = text.starts_with("http://")    ? text.substr(7)
                                : text.starts_with("https://") ? text.substr(8)
                                                               : std::string_view();
  const bool is_clean = is_utf8(text) && std::ranges::none_of(text, [](char c) {
                          return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
                        });
  if (host.empty() || host.front() == '/' || !is_clean)
    place_.refuse(node, fmt::format("{} must begin with http:// or https:// and hold no spaces", what));
  if (text.size() > longest) place_.refuse(node, fmt::format("{} is longer than {} octets", what, longest));
  return std::string(text);
}

std::string TrustReader::cost(const YamlFields& fields) const {
  const auto node = fields.find("cost");
  return std::string(kCosts[node ? place_.choice(*node, "cost", kCosts) : 0]);
}

}  // namespace causeway::country
