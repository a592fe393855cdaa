// SPDX-License-Identifier: MIT
#include <cassert>
#include <unordered_map>

#include "globalconf/identifier_xml.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/xml_cursor.hpp"

namespace causeway::globalconf {
namespace {

class Reader {
 public:
  Reader(std::string_view xml, int version) : xml_(xml), version_(version) {}

  Result<SharedParameters> read() {
    xml_.enter(qualified(kXroadNamespace, "conf"));
    out_.instance = read_identifier_part(xml_, "instanceIdentifier");
    if (since(kSourcesSince)) read_sources();
    while (xml_.enter_if("approvedCA")) read_certification_service();
    while (xml_.enter_if("approvedTSA")) read_timestamping_service();
    while (xml_.enter_if("member")) read_member();
    while (xml_.enter_if("securityServer")) read_server();
    while (xml_.enter_if("globalGroup")) read_global_group();
    while (xml_.enter_if("centralService")) xml_.skip_rest(), xml_.leave();
    read_settings();
    if (since(kSourcesSince)) xml_.skip_rest();
    xml_.leave();
    if (auto end = xml_.finish(); !end) return std::move(end).error();
    return std::move(out_);
  }

 private:
  bool since(int version) const { return version_ >= version; }

  void read_sources() {
    if (!xml_.enter("source")) return;
    do {
      ConfigurationSource& source = out_.sources.emplace_back();
      source.address = xml_.text("address");
      read_all(source.internal_verification_certificates, "internalVerificationCert");
      read_all(source.external_verification_certificates, "externalVerificationCert");
      xml_.leave();
    } while (xml_.enter_if("source"));
  }

  void read_all(std::vector<Bytes>& values, std::string_view name) {
    while (auto value = xml_.base64_if(name)) values.push_back(*std::move(value));
  }

  std::optional<CostType> read_cost() {
    if (!since(kCostTypesSince)) return std::nullopt;
    const auto text = xml_.text_if("costType");
    if (!text) return std::nullopt;
    if (*text == "FREE") return CostType::free;
    if (*text == "PAID") return CostType::paid;
    if (*text != "UNDEFINED") xml_.fail("costType is none of FREE, PAID, UNDEFINED");
    return CostType::undefined;
  }

  std::optional<CsrFormat> read_csr_format() {
    if (!since(kCostTypesSince)) return std::nullopt;
    const auto text = xml_.text_if("defaultCsrFormat");
    if (!text) return std::nullopt;
    if (*text == "PEM") return CsrFormat::pem;
    if (*text != "DER") xml_.fail("defaultCsrFormat is neither PEM nor DER");
    return CsrFormat::der;
  }

  CaEntry read_ca() {
    CaEntry ca;
    ca.certificate = xml_.base64("cert");
    while (xml_.enter_if("ocsp")) {
      OcspResponder& ocsp = ca.ocsp.emplace_back();
      ocsp.url = xml_.text("url");
      ocsp.certificate = xml_.base64_if("cert");
      ocsp.cost = read_cost();
      xml_.leave();
    }
    xml_.leave();
    return ca;
  }

  void read_certification_service() {
    CertificationService& service = out_.certification_services.emplace_back();
    service.name = xml_.text("name");
    service.authentication_only = xml_.boolean_if("authenticationOnly");
    if (xml_.enter("topCA")) service.top = read_ca();
    while (xml_.enter_if("intermediateCA")) service.intermediates.push_back(read_ca());
    service.profile_class = xml_.text("certificateProfileInfo");
    service.default_csr_format = read_csr_format();
    if (since(kSourcesSince) && xml_.enter_if("acmeServer")) {
      AcmeServer& acme = service.acme.emplace();
      acme.directory_url = xml_.text("directoryURL");
      acme.ip_address = xml_.text_if("ipAddress");
      if (since(kAcmeProfilesSince)) {
        acme.authentication_profile_id = xml_.text_if("authenticationCertificateProfileId");
        acme.signing_profile_id = xml_.text_if("signingCertificateProfileId");
      }
      xml_.leave();
    }
    xml_.leave();
  }

  void read_timestamping_service() {
    TimestampingService& service = out_.timestamping_services.emplace_back();
    service.name = xml_.text("name");
    service.url = xml_.text("url");
    service.certificate = xml_.base64("cert");
    service.cost = read_cost();
    xml_.leave();
  }

  MemberClass read_member_class() {
    MemberClass out;
    if (!xml_.enter("memberClass")) return out;
    out.code = xml_.text("code");
    out.description = xml_.text("description");
    xml_.leave();
    return out;
  }

  void remember(const std::optional<std::string>& id, ClientRef client) {
    if (id && !clients_.emplace(trimmed(*id), client).second) xml_.fail("the id " + *id + " stands twice");
  }

  void read_member() {
    const auto number = static_cast<std::uint32_t>(out_.members.size());
    Member& member = out_.members.emplace_back();
    remember(xml_.attribute("id"), {number});
    member.member_class = read_member_class();
    if (member.member_class.code.find_first_not_of(" \t\r\n") == std::string::npos)
      xml_.fail("the code of the memberClass is blank");
    member.code = read_identifier_part(xml_, "memberCode");
    member.name = xml_.text("name");
    while (xml_.enter_if("subsystem")) {
      remember(xml_.attribute("id"), {number, static_cast<std::uint32_t>(member.subsystems.size())});
      Subsystem& subsystem = member.subsystems.emplace_back();
      subsystem.code = read_identifier_part(xml_, "subsystemCode");
      if (since(kSubsystemNamesSince)) subsystem.name = xml_.text_if("subsystemName");
      xml_.leave();
    }
    member.subsystems.shrink_to_fit();
    xml_.leave();
  }

  static std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return std::string(text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1));
  }

  std::optional<ClientRef> resolve(const std::string& reference) {
    const auto found = clients_.find(trimmed(reference));
    if (found != clients_.end()) return found->second;
    xml_.fail("nothing has the id " + reference);
    return std::nullopt;
  }

  void read_server() {
    SecurityServer& server = out_.servers.emplace_back();
    const std::string owner_id = xml_.text("owner");
    if (xml_.failed()) return;
    if (const auto owner = resolve(owner_id)) {
      server.owner = owner->member;
      if (owner->subsystem != ClientRef::kMemberItself) xml_.fail("the owner of a server is not a member");
    }
    server.code = read_identifier_part(xml_, "serverCode");
    server.address = xml_.text_if("address");
    read_all(server.authentication_certificate_hashes, "authCertHash");
    while (auto client_id = xml_.text_if("client"))
      if (const auto client = resolve(*client_id)) server.clients.push_back(*client);
    server.clients.shrink_to_fit();
    if (since(kMaintenanceModeSince) && xml_.enter_if("inMaintenanceMode")) {
      server.maintenance.emplace().message = xml_.text_if("message");
      xml_.leave();
    }
    xml_.leave();
  }

  void read_global_group() {
    GlobalGroup& group = out_.global_groups.emplace_back();
    group.code = read_identifier_part(xml_, "groupCode");
    group.description = xml_.text("description");
    while (auto member = read_client_id_if(xml_, "groupMember")) group.members.push_back(*std::move(member));
    group.members.shrink_to_fit();
    xml_.leave();
  }

  void read_settings() {
    if (!xml_.enter("globalSettings")) return;
    while (xml_.enter_if("memberClass")) {
      MemberClass& out = out_.member_classes.emplace_back();
      out.code = xml_.text("code");
      out.description = xml_.text("description");
      xml_.leave();
    }
    out_.ocsp_freshness = std::chrono::seconds(xml_.integer("ocspFreshnessSeconds"));
    xml_.leave();
  }

  XmlCursor xml_;
  int version_;
  SharedParameters out_;
  std::unordered_map<std::string, ClientRef> clients_;  // by the id of the document
};

}  // namespace

// What was read holds only identifiers that can be made.
ClientId SharedParameters::id_of(const ClientRef& client) const {
  const Member& member = members.at(client.member);
  const bool itself = client.subsystem == ClientRef::kMemberItself;
  auto id = ClientId::make(instance, member.member_class.code, member.code,
                           itself ? std::string() : member.subsystems.at(client.subsystem).code);
  return *std::move(id);
}

ServerId SharedParameters::id_of(const SecurityServer& server) const {
  const Member& owner = members.at(server.owner);
  auto id = ServerId::make(instance, owner.member_class.code, owner.code, server.code);
  return *std::move(id);
}

Result<SharedParameters> read_shared_parameters(std::string_view xml, int version) {
  if (!is_known_version(version))
    return Fault{"malformed_global_conf", "unknown configuration version " + std::to_string(version)};
  return Reader(xml, version).read();
}

}  // namespace causeway::globalconf
