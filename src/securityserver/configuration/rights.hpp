// SPDX-License-Identifier: MIT
// The access rights that one client has given on its services, held so that a call
// finds its answer by hashing, however many there are (messages.md section 8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "domain/identifiers.hpp"

namespace causeway::securityserver {

struct Endpoint {
  std::string method;  // "*" or an HTTP method
  std::string path;    // "**" or a pattern (messages.md section 8)

  static Endpoint base() { return {"*", "**"}; }  // the whole service
  bool is_base() const { return method == "*" && path == "**"; }
  auto operator<=>(const Endpoint&) const = default;
};

using Subject = std::variant<ClientId, GlobalGroupId, LocalGroupId>;

// `subject` may use `endpoint` of all versions of the service `service_code`.
struct AccessRight {
  std::string service_code;
  Endpoint endpoint;
  Subject subject;
  auto operator<=>(const AccessRight&) const = default;
};

// Who may use one endpoint. Clients are numbered by the Rights that holds this.
struct GrantedEndpoint {
  Endpoint endpoint;
  std::unordered_set<std::uint32_t> clients;
  std::vector<GlobalGroupId> global_groups;
  std::vector<LocalGroupId> local_groups;
};

class Rights {
 public:
  // False when the right was there already.
  bool grant(const AccessRight& right);

  // The endpoints of a service on which anyone has a right; null when nobody has any.
  const std::vector<GrantedEndpoint>* of_service(const std::string& service_code) const;
  // Nothing when no right names exactly this client.
  std::optional<std::uint32_t> number_of(const ClientId& client) const;

  // Every right, sorted.
  std::vector<AccessRight> list() const;
  std::size_t size() const { return size_; }

 private:
  std::uint32_t number_for(const ClientId& client);

  std::unordered_map<std::string, std::vector<GrantedEndpoint>> by_service_;
  std::unordered_map<ClientId, std::uint32_t> numbers_;
  std::vector<ClientId> clients_;  // by number
  std::size_t size_ = 0;
};

}  // namespace causeway::securityserver
