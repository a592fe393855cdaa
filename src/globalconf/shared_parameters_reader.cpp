// SPDX-License-Identifier: MIT
#include "base/file_reader.hpp"
#include "base/files.hpp"
#include "globalconf/id_table.hpp"
#include "globalconf/identifier_xml.hpp"
#include "globalconf/plain_xml_cursor.hpp"
#include "globalconf/shared_parameters.hpp"
#include "globalconf/xml_cursor.hpp"
#include "globalconf/xml_values.hpp"

namespace causeway::globalconf {
namespace {

const std::string kRoot = qualified(kXroadNamespace, "conf");

void assign(std::optional<std::string>& field, const auto& text) {
  if (!text) {
    field.reset();
  } else if (field) {
    field->assign(*text);
  } else {
    field.emplace(*text);
  }
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// What many members have in common is read into one and the same object, whose strings keep
// their memory.
template <class Cursor>
class Reader {
 public:
  Reader(Cursor& xml, int version, SharedParametersSink& sink) : xml_(xml), version_(version), sink_(sink) {}

  // The cursor knows whether it failed.
  InstanceSettings read() {
    xml_.enter(kRoot);
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
      assign(acme.ip_address, xml_.text_if("ipAddress"));
      if (since(kAcmeProfilesSince)) {
        assign(acme.authentication_profile_id, xml_.text_if("authenticationCertificateProfileId"));
        assign(acme.signing_profile_id, xml_.text_if("signingCertificateProfileId"));
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

  void read_member_class(MemberClass& out) {
    out.code = xml_.text("code");
    out.description = xml_.text("description");
    xml_.leave();
  }

  void remember(const auto& id, ClientRef client) {
    if (id && !ids_.add(collapsed(*id), client)) xml_.fail("the id " + std::string(*id) + " stands twice");
  }

  // A value that the schema lets be blank and an identifier does not.
  void read_part(std::string& part, std::string_view name) {
    part = xml_.text(name);
    if (is_blank(part)) xml_.fail(std::string(name) + " is blank");
  }

  void read_member() {
    remember(xml_.attribute("id"), {members_});
    if (xml_.enter("memberClass")) read_member_class(member_.member_class);
    if (is_blank(member_.member_class.code)) xml_.fail("the code of the memberClass is blank");
    read_part(member_.code, "memberCode");
    member_.name = xml_.text("name");
    if (xml_.failed()) return;
    sink_.member(member_);
    for (std::uint32_t number = 0; xml_.enter_if("subsystem"); ++number) {
      remember(xml_.attribute("id"), {members_, number});
      read_part(subsystem_.code, "subsystemCode");
      if (since(kSubsystemNamesSince)) assign(subsystem_.name, xml_.text_if("subsystemName"));
      xml_.leave();
      if (!xml_.failed()) sink_.subsystem(subsystem_);
    }
    xml_.leave();
    ++members_;
  }

  std::optional<ClientRef> resolve(std::string_view reference) {
    const auto found = ids_.find(collapsed(reference));
    if (!found) xml_.fail("nothing has the id " + std::string(reference));
    return found;
  }

  void read_server() {
    SecurityServer& server = server_;
    server.authentication_certificate_hashes.clear();
    server.clients.clear();
    server.maintenance.reset();
    const auto owner = resolve(xml_.text("owner"));
    if (!owner) return;
    server.owner = owner->member;
    if (owner->subsystem != ClientRef::kMemberItself) xml_.fail("the owner of a server is not a member");
    read_part(server.code, "serverCode");
    assign(server.address, xml_.text_if("address"));
    read_all(server.authentication_certificate_hashes, "authCertHash");
    while (const auto client_id = xml_.text_if("client"))
      if (const auto client = resolve(*client_id)) server.clients.push_back(*client);
    if (since(kMaintenanceModeSince) && xml_.enter_if("inMaintenanceMode")) {
      assign(server.maintenance.emplace().message, xml_.text_if("message"));
      xml_.leave();
    }
    xml_.leave();
    if (!xml_.failed()) sink_.server(server);
  }

  void read_global_group() {
    read_part(group_.code, "groupCode");
    group_.description = xml_.text("description");
    if (xml_.failed()) return;
    sink_.group(group_);
    while (const auto member = read_client_id_if(xml_, "groupMember")) sink_.group_member(*member);
    xml_.leave();
  }

  void read_settings() {
    if (!xml_.enter("globalSettings")) return;
    while (xml_.enter_if("memberClass")) read_member_class(out_.member_classes.emplace_back());
    out_.ocsp_freshness = std::chrono::seconds(xml_.integer("ocspFreshnessSeconds"));
    xml_.leave();
  }

  Cursor& xml_;
  int version_;
  SharedParametersSink& sink_;
  InstanceSettings out_;
  IdTable ids_;
  std::uint32_t members_ = 0;
  Member member_;
  Subsystem subsystem_;
  SecurityServer server_;
  GlobalGroup group_;
};

// Gathers everything it is told of.
class Collector final : public SharedParametersSink {
 public:
  explicit Collector(SharedParameters& into) : into_(into) {}
  void restart() override { into_ = {}; }
  void member(const Member& member) override {
    if (!into_.members.empty()) into_.members.back().subsystems.shrink_to_fit();
    into_.members.push_back(member);
  }
  void subsystem(const Subsystem& subsystem) override { into_.members.back().subsystems.push_back(subsystem); }
  void server(const SecurityServer& server) override { into_.servers.push_back(server); }
  void group(const GlobalGroup& group) override { into_.global_groups.push_back(group); }
  void group_member(const ClientId& member) override { into_.global_groups.back().members.push_back(member); }

 private:
  SharedParameters& into_;
};

Result<void> check_version(int version) {
  if (is_known_version(version)) return {};
  return Fault{"malformed_global_conf", "unknown configuration version " + std::to_string(version)};
}

// In the usual form, or not at all.
std::optional<InstanceSettings> read_plainly(PlainXmlCursor xml, int version, SharedParametersSink& sink) {
  InstanceSettings settings = Reader(xml, version, sink).read();
  if (!xml.finish()) return std::nullopt;
  return settings;
}

Result<InstanceSettings> read_thoroughly(std::string_view document, int version, SharedParametersSink& sink) {
  sink.restart();
  XmlCursor xml(document);
  InstanceSettings settings = Reader(xml, version, sink).read();
  if (auto end = xml.finish(); !end) return std::move(end).error();
  return settings;
}

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

Result<InstanceSettings> read_shared_parameters(std::string_view xml, int version, SharedParametersSink& sink) {
  if (auto known = check_version(version); !known) return std::move(known).error();
  sink.restart();
  if (auto settings = read_plainly(PlainXmlCursor(xml), version, sink)) return *std::move(settings);
  return read_thoroughly(xml, version, sink);
}

Result<InstanceSettings> read_shared_parameters_file(const std::filesystem::path& file, std::size_t limit, int version,
                                                     SharedParametersSink& sink) {
  if (auto known = check_version(version); !known) return std::move(known).error();
  auto reader = FileReader::open(file);
  if (!reader) return std::move(reader).error();
  sink.restart();
  if (auto settings = read_plainly(PlainXmlCursor(*reader, limit), version, sink)) return *std::move(settings);
  auto xml = read_file(file, limit);
  if (!xml) return std::move(xml).error();
  return read_thoroughly(*xml, version, sink);
}

Result<SharedParameters> read_shared_parameters(std::string_view xml, int version) {
  SharedParameters parameters;
  Collector collector(parameters);
  auto settings = read_shared_parameters(xml, version, collector);
  if (!settings) return std::move(settings).error();
  static_cast<InstanceSettings&>(parameters) = *std::move(settings);
  return parameters;
}

void tell(const SharedParameters& parameters, SharedParametersSink& sink) {
  sink.restart();
  for (const Member& member : parameters.members) {
    Member itself{member.member_class, member.code, member.name, {}};
    sink.member(itself);
    for (const Subsystem& subsystem : member.subsystems) sink.subsystem(subsystem);
  }
  for (const SecurityServer& server : parameters.servers) sink.server(server);
  for (const GlobalGroup& group : parameters.global_groups) {
    GlobalGroup itself{group.code, group.description, {}};
    sink.group(itself);
    for (const ClientId& member : group.members) sink.group_member(member);
  }
}

}  // namespace causeway::globalconf
