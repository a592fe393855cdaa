// SPDX-License-Identifier: MIT
#include <string>

#include "globalconf/identifier_xml.hpp"
#include "globalconf/shared_parameters.hpp"
#include "xml/writing.hpp"

namespace causeway::globalconf {
namespace {

// As much as most elements of a kind take, with their names and their indentation.
constexpr std::size_t kMemberOctets = 260, kSubsystemOctets = 150, kServerOctets = 400, kClientOctets = 40,
                      kGroupMemberOctets = 400, kOtherOctets = 1 << 16;

std::size_t about_octets_of(const SharedParameters& parameters) {
  std::size_t octets = kOtherOctets;
  for (const Member& member : parameters.members) {
    octets += kMemberOctets + member.member_class.description.size() + member.code.size() + member.name.size();
    for (const Subsystem& subsystem : member.subsystems)
      octets += kSubsystemOctets + subsystem.code.size() + (subsystem.name ? subsystem.name->size() : 0);
  }
  for (const SecurityServer& server : parameters.servers)
    octets += kServerOctets + kClientOctets * server.clients.size();
  for (const GlobalGroup& group : parameters.global_groups) octets += kGroupMemberOctets * group.members.size();
  return octets;
}

class Writer {
 public:
  Writer(const SharedParameters& parameters, int version) : in_(parameters), version_(version) {}

  std::string write() {
    out_.reserve(about_octets_of(in_));
    out_.element("instanceIdentifier", in_.instance);
    if (since(kSourcesSince)) {
      for (const ConfigurationSource& source : in_.sources) write_source(source);
    }
    for (const CertificationService& service : in_.certification_services) write_service(service);
    for (const TimestampingService& service : in_.timestamping_services) write_service(service);
    write_members();
    for (const SecurityServer& server : in_.servers) write_server(server);
    for (const GlobalGroup& group : in_.global_groups) write_group(group);
    out_.open("globalSettings");
    for (const MemberClass& member_class : in_.member_classes) write_member_class(member_class);
    out_.element("ocspFreshnessSeconds", std::to_string(in_.ocsp_freshness.count()));
    out_.close();
    return end_document(std::move(out_));
  }

 private:
  bool since(int version) const { return version_ >= version; }

  void optional_text(std::string_view name, const std::optional<std::string>& value) {
    if (value) out_.element(name, *value);
  }

  void write_source(const ConfigurationSource& source) {
    out_.open("source");
    out_.element("address", source.address);
    for (const Bytes& cert : source.internal_verification_certificates)
      out_.element("internalVerificationCert", to_base64(cert));
    for (const Bytes& cert : source.external_verification_certificates)
      out_.element("externalVerificationCert", to_base64(cert));
    out_.close();
  }

  void write_cost(const std::optional<CostType>& cost) {
    if (!cost || !since(kCostTypesSince)) return;
    out_.element("costType", *cost == CostType::free ? "FREE" : *cost == CostType::paid ? "PAID" : "UNDEFINED");
  }

  void write_ca(std::string_view name, const CaEntry& ca) {
    out_.open(name);
    out_.element("cert", to_base64(ca.certificate));
    for (const OcspResponder& ocsp : ca.ocsp) {
      out_.open("ocsp");
      out_.element("url", ocsp.url);
      if (ocsp.certificate) out_.element("cert", to_base64(*ocsp.certificate));
      write_cost(ocsp.cost);
      out_.close();
    }
    out_.close();
  }

  void write_service(const CertificationService& service) {
    out_.open("approvedCA");
    out_.element("name", service.name);
    if (service.authentication_only)
      out_.element("authenticationOnly", *service.authentication_only ? "true" : "false");
    write_ca("topCA", service.top);
    for (const CaEntry& ca : service.intermediates) write_ca("intermediateCA", ca);
    out_.element("certificateProfileInfo", service.profile_class);
    if (service.default_csr_format && since(kCostTypesSince))
      out_.element("defaultCsrFormat", *service.default_csr_format == CsrFormat::pem ? "PEM" : "DER");
    if (service.acme && since(kSourcesSince)) {
      out_.open("acmeServer");
      out_.element("directoryURL", service.acme->directory_url);
      optional_text("ipAddress", service.acme->ip_address);
      if (since(kAcmeProfilesSince)) {
        optional_text("authenticationCertificateProfileId", service.acme->authentication_profile_id);
        optional_text("signingCertificateProfileId", service.acme->signing_profile_id);
      }
      out_.close();
    }
    out_.close();
  }

  void write_service(const TimestampingService& service) {
    out_.open("approvedTSA");
    out_.element("name", service.name);
    out_.element("url", service.url);
    out_.element("cert", to_base64(service.certificate));
    write_cost(service.cost);
    out_.close();
  }

  void write_member_class(const MemberClass& member_class) {
    out_.open("memberClass");
    out_.element("code", member_class.code);
    out_.element("description", member_class.description);
    out_.close();
  }

  static std::string id_text(std::size_t number) { return "id" + std::to_string(number); }

  // Ids count members and subsystems in document order.
  void write_members() {
    std::size_t next_id = 0;
    for (const Member& member : in_.members) {
      first_ids_.push_back(next_id);
      out_.open("member").attribute("id", id_text(next_id++));
      write_member_class(member.member_class);
      out_.element("memberCode", member.code);
      out_.element("name", member.name);
      for (const Subsystem& subsystem : member.subsystems) {
        out_.open("subsystem").attribute("id", id_text(next_id++));
        out_.element("subsystemCode", subsystem.code);
        if (since(kSubsystemNamesSince)) optional_text("subsystemName", subsystem.name);
        out_.close();
      }
      out_.close();
    }
  }

  std::string reference(const ClientRef& client) const {
    const std::size_t offset = client.subsystem == ClientRef::kMemberItself ? 0 : client.subsystem + std::size_t{1};
    return id_text(first_ids_.at(client.member) + offset);
  }

  void write_server(const SecurityServer& server) {
    // Readers of the older versions know no maintenance: the subsystems just go away.
    const bool hide_subsystems = server.maintenance && !since(kMaintenanceModeSince);
    out_.open("securityServer");
    out_.element("owner", reference({server.owner}));
    out_.element("serverCode", server.code);
    optional_text("address", server.address);
    for (const Bytes& hash : server.authentication_certificate_hashes) out_.element("authCertHash", to_base64(hash));
    for (const ClientRef& client : server.clients) {
      if (hide_subsystems && client.subsystem != ClientRef::kMemberItself) continue;
      out_.element("client", reference(client));
    }
    if (server.maintenance && since(kMaintenanceModeSince)) {
      out_.open("inMaintenanceMode");
      optional_text("message", server.maintenance->message);
      out_.close();
    }
    out_.close();
  }

  void write_group(const GlobalGroup& group) {
    out_.open("globalGroup");
    out_.element("groupCode", group.code);
    out_.element("description", group.description);
    for (const ClientId& member : group.members) write_client_id(out_, "groupMember", member);
    out_.close();
  }

  const SharedParameters& in_;
  int version_;
  xml::Writer out_ = begin_document("conf");
  std::vector<std::size_t> first_ids_;  // of each member
};

}  // namespace

std::string write_shared_parameters(const SharedParameters& parameters, int version) {
  return Writer(parameters, version).write();
}

}  // namespace causeway::globalconf
