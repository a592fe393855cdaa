// SPDX-License-Identifier: MIT
#include <string>

#include "globalconf/identifier_xml.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/xml_output.hpp"

namespace causeway::globalconf {
namespace {

class Writer {
 public:
  Writer(const SharedParameters& parameters, int version) : in_(parameters), version_(version) {}

  std::string write() {
    xml_.text("instanceIdentifier", in_.instance);
    if (since(kSourcesSince)) {
      for (const ConfigurationSource& source : in_.sources) write_source(source);
    }
    for (const CertificationService& service : in_.certification_services) write_service(service);
    for (const TimestampingService& service : in_.timestamping_services) write_service(service);
    write_members();
    for (const SecurityServer& server : in_.servers) write_server(server);
    for (const GlobalGroup& group : in_.global_groups) write_group(group);
    xml_.open("globalSettings");
    for (const MemberClass& member_class : in_.member_classes) write_member_class(member_class);
    xml_.text("ocspFreshnessSeconds", std::to_string(in_.ocsp_freshness.count()));
    xml_.close("globalSettings");
    return xml_.finish();
  }

 private:
  bool since(int version) const { return version_ >= version; }

  void optional_text(std::string_view name, const std::optional<std::string>& value) {
    if (value) xml_.text(name, *value);
  }

  void write_source(const ConfigurationSource& source) {
    xml_.open("source");
    xml_.text("address", source.address);
    for (const Bytes& cert : source.internal_verification_certificates) xml_.base64("internalVerificationCert", cert);
    for (const Bytes& cert : source.external_verification_certificates) xml_.base64("externalVerificationCert", cert);
    xml_.close("source");
  }

  void write_cost(const std::optional<CostType>& cost) {
    if (!cost || !since(kCostTypesSince)) return;
    xml_.text("costType", *cost == CostType::free ? "FREE" : *cost == CostType::paid ? "PAID" : "UNDEFINED");
  }

  void write_ca(std::string_view name, const CaEntry& ca) {
    xml_.open(name);
    xml_.base64("cert", ca.certificate);
    for (const OcspResponder& ocsp : ca.ocsp) {
      xml_.open("ocsp");
      xml_.text("url", ocsp.url);
      if (ocsp.certificate) xml_.base64("cert", *ocsp.certificate);
      write_cost(ocsp.cost);
      xml_.close("ocsp");
    }
    xml_.close(name);
  }

  void write_service(const CertificationService& service) {
    xml_.open("approvedCA");
    xml_.text("name", service.name);
    if (service.authentication_only) xml_.text("authenticationOnly", *service.authentication_only ? "true" : "false");
    write_ca("topCA", service.top);
    for (const CaEntry& ca : service.intermediates) write_ca("intermediateCA", ca);
    xml_.text("certificateProfileInfo", service.profile_class);
    if (service.default_csr_format && since(kCostTypesSince))
      xml_.text("defaultCsrFormat", *service.default_csr_format == CsrFormat::pem ? "PEM" : "DER");
    if (service.acme && since(kSourcesSince)) {
      xml_.open("acmeServer");
      xml_.text("directoryURL", service.acme->directory_url);
      optional_text("ipAddress", service.acme->ip_address);
      if (since(kAcmeProfilesSince)) {
        optional_text("authenticationCertificateProfileId", service.acme->authentication_profile_id);
        optional_text("signingCertificateProfileId", service.acme->signing_profile_id);
      }
      xml_.close("acmeServer");
    }
    xml_.close("approvedCA");
  }

  void write_service(const TimestampingService& service) {
    xml_.open("approvedTSA");
    xml_.text("name", service.name);
    xml_.text("url", service.url);
    xml_.base64("cert", service.certificate);
    write_cost(service.cost);
    xml_.close("approvedTSA");
  }

  void write_member_class(const MemberClass& member_class) {
    xml_.open("memberClass");
    xml_.text("code", member_class.code);
    xml_.text("description", member_class.description);
    xml_.close("memberClass");
  }

  static std::string id_attribute(std::size_t number) { return "id=\"id" + std::to_string(number) + "\""; }

  // Ids count members and subsystems in document order.
  void write_members() {
    std::size_t next_id = 0;
    for (const Member& member : in_.members) {
      first_ids_.push_back(next_id);
      xml_.open("member", id_attribute(next_id++));
      write_member_class(member.member_class);
      xml_.text("memberCode", member.code);
      xml_.text("name", member.name);
      for (const Subsystem& subsystem : member.subsystems) {
        xml_.open("subsystem", id_attribute(next_id++));
        xml_.text("subsystemCode", subsystem.code);
        if (since(kSubsystemNamesSince)) optional_text("subsystemName", subsystem.name);
        xml_.close("subsystem");
      }
      xml_.close("member");
    }
  }

  std::string reference(const ClientRef& client) const {
    const std::size_t offset = client.subsystem == ClientRef::kMemberItself ? 0 : client.subsystem + std::size_t{1};
    return "id" + std::to_string(first_ids_.at(client.member) + offset);
  }

  void write_server(const SecurityServer& server) {
    // Readers of the older versions know no maintenance: the subsystems just go away.
    const bool hide_subsystems = server.maintenance && !since(kMaintenanceModeSince);
    xml_.open("securityServer");
    xml_.text("owner", reference({server.owner}));
    xml_.text("serverCode", server.code);
    optional_text("address", server.address);
    for (const Bytes& hash : server.authentication_certificate_hashes) xml_.base64("authCertHash", hash);
    for (const ClientRef& client : server.clients) {
      if (hide_subsystems && client.subsystem != ClientRef::kMemberItself) continue;
      xml_.text("client", reference(client));
    }
    if (server.maintenance && since(kMaintenanceModeSince)) {
      xml_.open("inMaintenanceMode");
      optional_text("message", server.maintenance->message);
      xml_.close("inMaintenanceMode");
    }
    xml_.close("securityServer");
  }

  void write_group(const GlobalGroup& group) {
    xml_.open("globalGroup");
    xml_.text("groupCode", group.code);
    xml_.text("description", group.description);
    for (const ClientId& member : group.members) write_client_id(xml_, "groupMember", member);
    xml_.close("globalGroup");
  }

  const SharedParameters& in_;
  int version_;
  XmlOutput xml_{"conf"};
  std::vector<std::size_t> first_ids_;  // of each member
};

}  // namespace

std::string write_shared_parameters(const SharedParameters& parameters, int version) {
  return Writer(parameters, version).write();
}

}  // namespace causeway::globalconf
