// SPDX-License-Identifier: MIT
// The management services: what Security Servers ask of the centre, and how they are answered
// (PR-MSERV; trust.md 9). Two ports: one for the registration of authentication certificates,
// where Security Servers come straight to, and one for all others, where the Security Server of
// the management services' provider comes to.
#pragma once

#include <memory>
#include <string_view>

#include "admin/address_list.hpp"
#include "admin/request_rate.hpp"
#include "centralserver/api/api_operations.hpp"
#include "net/http_server.hpp"

namespace causeway::centralserver {

struct ManagementServicesOptions {
  unsigned workers = 2;             // threads that may wait for the database
  std::size_t largest = 50 * 1024;  // of a request, octets
  // Of one address, as in X-Road; on the second port all requests are of one address.
  admin::RequestRate::Limits rate{.per_second = 0, .per_minute = 10};
  // From where requests may come; others get 403.
  admin::AddressList callers = admin::AddressList::everybody();
};

// From any threads. What it is given outlives it.
class ManagementServices {
 public:
  explicit ManagementServices(Registries& registries, ManagementServicesOptions options = {});
  // When no call is served any more.
  ~ManagementServices();

  // POST /managementservice or /managementservice/ (port 4001): authCertReg.
  net::Task<void> serve_registration(net::ServerCall& call);
  // POST /managementservice/manage/, also without the slash (port 4002): all others.
  net::Task<void> serve_management(net::ServerCall& call);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The WSDL of the services that come to the second port, and what it is called beside the global
// configuration.
std::string_view service_description();
inline constexpr std::string_view kServiceDescriptionFile = "managementservices.wsdl";

}  // namespace causeway::centralserver
