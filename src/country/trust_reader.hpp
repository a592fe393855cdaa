// SPDX-License-Identifier: MIT
// The sections of a country's file about whom it trusts, and the values that all sections have in
// common. For this library only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "country/country_reader.hpp"
#include "yaml/yaml_fields.hpp"

namespace causeway::country {

// Throws YamlRefused.
class TrustReader {
 public:
  // Both outlive it.
  TrustReader(const YamlPlace& place, const ReadAttached& read_attached)
      : place_(place), read_attached_(read_attached) {}

  // Texts as X-Road keeps them, of at most 255 characters: any, and one of an identifier. What it
  // takes no longer, but may have kept from earlier days, is good here: what a server exports can be
  // read back.
  std::string line(const YamlNode& node, std::string_view what) const;
  std::string code(const YamlNode& node, std::string_view what) const;
  void check_code(const YamlNode& at, const std::string& code, std::string_view what) const;

  std::vector<CertificationService> certification_services(const YamlNode& node) const;
  std::vector<TimestampingService> timestamping_services(const YamlNode& node) const;
  std::map<std::string, TrustedAnchor> anchors(const YamlNode& node, const std::string& own_instance) const;
  std::map<std::string, std::string> configuration_parts(const YamlNode& node) const;

 private:
  CertificationService certification_service(const YamlNode& node) const;
  CertificationSettings settings(const YamlFields& fields) const;
  CertificateAuthority intermediate(const YamlNode& node) const;
  std::vector<OcspResponder> responders(const YamlFields& fields) const;
  NamedCertificate certificate(const YamlNode& node) const;
  std::string attached(const YamlNode& node, std::string_view what) const;
  std::string url(const YamlNode& node, std::string_view what, std::size_t longest) const;
  std::string cost(const YamlFields& fields) const;

  const YamlPlace& place_;
  const ReadAttached& read_attached_;
};

}  // namespace causeway::country
