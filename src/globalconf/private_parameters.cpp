// SPDX-License-Identifier: MIT
#include "globalconf/private_parameters.hpp"

#include "globalconf/identifier_xml.hpp"
#include "globalconf/xml_cursor.hpp"
#include "xml/writing.hpp"

namespace causeway::globalconf {
namespace {

constexpr int kFurtherElementsSince = 3;

std::optional<ManagementService> read_management_service(XmlCursor& xml) {
  if (!xml.enter("managementService")) return std::nullopt;
  std::string address = xml.text("authCertRegServiceAddress");
  std::optional<Bytes> certificate = xml.base64_if("authCertRegServiceCert");
  std::optional<ClientId> provider = read_client_id_if(xml, "managementRequestServiceProviderId");
  if (!provider) {
    xml.fail("managementRequestServiceProviderId is missing");
    return std::nullopt;
  }
  xml.leave();
  return ManagementService{std::move(address), std::move(certificate), *std::move(provider)};
}

}  // namespace

Result<PrivateParameters> read_private_parameters(std::string_view document, int version) {
  if (!is_known_version(version))
    return Fault{"malformed_global_conf", "unknown configuration version " + std::to_string(version)};
  XmlCursor xml(document);
  xml.enter(qualified(kXroadNamespace, "conf"));
  std::string instance = read_identifier_part(xml, "instanceIdentifier");
  std::vector<Anchor> partners;
  while (xml.enter_if("configurationAnchor")) {
    partners.push_back(read_anchor_content(xml));
    xml.leave();
  }
  std::optional<ManagementService> management = read_management_service(xml);
  const std::chrono::seconds interval(xml.integer("timeStampingIntervalSeconds"));
  if (version >= kFurtherElementsSince) xml.skip_rest();
  xml.leave();
  if (auto end = xml.finish(); !end) return std::move(end).error();
  return PrivateParameters{std::move(instance), std::move(partners), *std::move(management), interval};
}

std::string write_private_parameters(const PrivateParameters& parameters) {
  xml::Writer out = begin_document("conf");
  out.element("instanceIdentifier", parameters.instance);
  for (const Anchor& partner : parameters.partners) {
    out.open("configurationAnchor");
    write_anchor_content(out, partner);
    out.close();
  }
  out.open("managementService");
  out.element("authCertRegServiceAddress", parameters.management.registration_address);
  if (parameters.management.registration_tls_cert)
    out.element("authCertRegServiceCert", to_base64(*parameters.management.registration_tls_cert));
  write_client_id(out, "managementRequestServiceProviderId", parameters.management.provider);
  out.close();
  out.element("timeStampingIntervalSeconds", std::to_string(parameters.timestamping_interval.count()));
  return end_document(std::move(out));
}

}  // namespace causeway::globalconf
