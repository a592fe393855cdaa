// SPDX-License-Identifier: MIT
// The SHARED-PARAMETERS part: who takes part in an instance, and whom it trusts (trust.md 4.1).
//
// One model for the versions 2 to 6; what a version lacks is absent after reading it, and
// left out when it is written. Certificates are kept as they were given, DER or PEM text.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "globalconf/versions.hpp"

namespace causeway::globalconf {

// A node of the Central Server, from where the configuration can be downloaded.
struct ConfigurationSource {
  std::string address;  // host, or host:port
  std::vector<Bytes> internal_verification_certificates;
  std::vector<Bytes> external_verification_certificates;
};

enum class CostType { undefined, free, paid };
enum class CsrFormat { pem, der };

struct OcspResponder {
  std::string url;
  std::optional<Bytes> certificate;
  std::optional<CostType> cost;
};

struct CaEntry {
  Bytes certificate;
  std::vector<OcspResponder> ocsp;  // for certificates issued by this CA
};

struct AcmeServer {
  std::string directory_url;
  std::optional<std::string> ip_address;  // several are separated by commas
  std::optional<std::string> authentication_profile_id;
  std::optional<std::string> signing_profile_id;
};

struct CertificationService {
  std::string name;
  std::optional<bool> authentication_only;
  CaEntry top;
  std::vector<CaEntry> intermediates;
  std::string profile_class;  // certificateProfileInfo, verbatim
  std::optional<CsrFormat> default_csr_format;
  std::optional<AcmeServer> acme;
};

struct TimestampingService {
  std::string name;
  std::string url;
  Bytes certificate;
  std::optional<CostType> cost;
};

struct MemberClass {
  std::string code;
  std::string description;
};

struct Subsystem {
  std::string code;
  std::optional<std::string> name;
};

struct Member {
  MemberClass member_class;
  std::string code;
  std::string name;
  std::vector<Subsystem> subsystems;
};

// A member or one of its subsystems, by its place in SharedParameters::members.
struct ClientRef {
  static constexpr std::uint32_t kMemberItself = 0xffffffff;
  std::uint32_t member = 0;
  std::uint32_t subsystem = kMemberItself;
  bool operator==(const ClientRef&) const = default;
};

struct Maintenance {
  std::optional<std::string> message;
};

struct SecurityServer {
  std::uint32_t owner = 0;  // place in SharedParameters::members
  std::string code;
  std::optional<std::string> address;
  // Digests of the DER certificates: SHA-1 in version 2, else SHA-256.
  std::vector<Bytes> authentication_certificate_hashes;
  std::vector<ClientRef> clients;  // the owner is not among them, but counts as a client
  std::optional<Maintenance> maintenance;
};

struct GlobalGroup {
  std::string code;
  std::string description;
  std::vector<ClientId> members;
};

// What does not grow with the number of members.
struct InstanceSettings {
  std::string instance;
  std::vector<ConfigurationSource> sources;
  std::vector<CertificationService> certification_services;
  std::vector<TimestampingService> timestamping_services;
  std::vector<MemberClass> member_classes;
  std::chrono::seconds ocsp_freshness{3600};
};

struct SharedParameters : InstanceSettings {
  std::vector<Member> members;
  std::vector<SecurityServer> servers;
  std::vector<GlobalGroup> global_groups;

  ClientId id_of(const ClientRef& client) const;
  ServerId id_of(const SecurityServer& server) const;
};

// Is told of the members, servers and groups of an instance in the order of the document.
// What it is told of is there until the call returns.
class SharedParametersSink {
 public:
  virtual ~SharedParametersSink() = default;
  // Everything that was told is void: it is told again from the beginning.
  virtual void restart() = 0;
  virtual void member(const Member& member) = 0;           // `subsystems` is empty
  virtual void subsystem(const Subsystem& subsystem) = 0;  // of the member told last
  virtual void server(const SecurityServer& server) = 0;
  virtual void group(const GlobalGroup& group) = 0;       // `members` is empty
  virtual void group_member(const ClientId& member) = 0;  // of the group told last
};

// Holds the document against the schema of `version`, strictly: order, names, ID and
// IDREF, enumerations. malformed_global_conf with the line otherwise.
Result<SharedParameters> read_shared_parameters(std::string_view xml, int version);
// Only the instance's name and what else is small; members, servers and groups are told to
// `sink` as they come.
Result<InstanceSettings> read_shared_parameters(std::string_view xml, int version, SharedParametersSink& sink);
// The same from a file, piece by piece. io_error; also when it has `limit` octets or more.
Result<InstanceSettings> read_shared_parameters_file(const std::filesystem::path& file, std::size_t limit, int version,
                                                     SharedParametersSink& sink);
// Tells what is in `parameters`, as a reader does.
void tell(const SharedParameters& parameters, SharedParametersSink& sink);

// Leaves out what `version` lacks; subsystems under maintenance of servers as trust.md
// section 3 says. The hashes of `servers` must be of the version's kind.
std::string write_shared_parameters(const SharedParameters& parameters, int version);

}  // namespace causeway::globalconf
