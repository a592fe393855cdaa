// SPDX-License-Identifier: MIT
// Who takes part in the local ecosystem, and who may do what: two countries alike in
// shape, each with a Security Server of a provider and one of a consumer. Plain data;
// keys, ports and addresses of services are put in elsewhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/identifiers.hpp"
#include "ecosystem/registers/country.hpp"

namespace causeway::ecosystem {

struct PlannedClient {
  ClientId id;
  std::string name;  // of the subsystem
  bool registered = true;
  // Its information systems must show their certificate over HTTPS.
  bool tls_required = false;
};

struct PlannedServer {
  ServerId id;
  std::string folder;                  // below the instance's: "ss1"
  std::string owner_name;              // of the member
  std::string address;                 // a loopback address of its own
  std::vector<PlannedClient> clients;  // without the owner
};

struct PlannedGroup {
  std::string code, description;
  std::vector<ClientId> members;
};

struct PlannedInstance {
  std::string id;  // "EE"
  Country country = Country::estonia;
  std::string folder;      // "ee"
  std::string trust_name;  // of its certification authority
  std::string profile;     // certificate profile class (trust.md 8.1)
  PlannedServer provider;  // of the registers
  PlannedServer consumer;  // of those who use them
  PlannedGroup partners;   // global group: who may use the lab of every country

  // Roles of the clients above.
  ClientId management;                 // on the provider's server: answers what Security Servers ask of the centre
  ClientId population, business, lab;  // the same
  ClientId app;                        // may use most services of both countries
  ClientId secure_app;                 // may as well, with a certificate
  ClientId visitor;                    // has no rights at all
  ClientId newcomer;                   // is not registered yet

  std::vector<const PlannedServer*> servers() const { return {&provider, &consumer}; }
};

struct Plan {
  std::vector<PlannedInstance> instances;
  const PlannedInstance& partner_of(const PlannedInstance& instance) const;
};

// `federation` off: Estonia alone.
Plan make_plan(bool federation);

// Codes of the services, the same in both countries.
namespace service {
inline constexpr std::string_view kPopulation = "population";      // REST
inline constexpr std::string_view kPersonByCode = "personByCode";  // SOAP, as are the next two
inline constexpr std::string_view kFindPersons = "findPersons";
inline constexpr std::string_view kChangeAddress = "changeAddress";
inline constexpr std::string_view kBusiness = "business";            // REST
inline constexpr std::string_view kCompanyByCode = "companyByCode";  // SOAP, as is the next
inline constexpr std::string_view kBoardMembers = "boardMembers";
inline constexpr std::string_view kObjects = "objects";     // REST
inline constexpr std::string_view kRestEcho = "rest-echo";  // REST
inline constexpr std::string_view kEcho = "echo";           // SOAP
inline constexpr std::string_view kArchive = "archive";     // REST, disabled
inline constexpr std::string_view kSoapVersion = "v1";
}  // namespace service

inline constexpr std::string_view kManagementName = "Management services";
inline constexpr std::string_view kArchiveNotice = "The archive moves house and is back on 1 March 2027.";

}  // namespace causeway::ecosystem
