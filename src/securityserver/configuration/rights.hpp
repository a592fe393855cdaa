// SPDX-License-Identifier: MIT
// The access rights that one client has given on its services, held so that a call
// finds its answer by hashing, however many there are (messages.md section 8).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
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

// A set of numbers in one array; four octets each, and some air.
class NumberSet {
 public:
  // False when it was there already. Below 2^32 - 1.
  bool insert(std::uint32_t number);
  bool contains(std::uint32_t number) const;
  std::size_t size() const { return size_; }
  std::vector<std::uint32_t> sorted() const;

 private:
  static constexpr std::uint32_t kFree = 0xffffffff;
  static std::size_t slot_of(std::span<const std::uint32_t> slots, std::uint32_t number);

  std::vector<std::uint32_t> slots_;
  std::size_t size_ = 0;
};

// Numbers clients, from 0 on, and holds their identifiers in one text.
class ClientTable {
 public:
  std::uint32_t add(const ClientId& client);
  std::optional<std::uint32_t> find(const ClientId& client) const;
  ClientId at(std::uint32_t number) const;
  std::size_t size() const { return starts_.size(); }

 private:
  // Where it is, or the free slot for it.
  std::size_t slot_of(const ClientId& client) const;
  bool is(std::uint32_t number, const ClientId& client) const;
  std::array<std::string_view, 4> parts_of(std::uint32_t number) const;
  void grow();

  std::string text_;
  std::vector<std::uint32_t> starts_;  // in text_, by number
  std::vector<std::uint32_t> slots_;   // numbers, by hash
};

// Who may use one endpoint. Clients are numbered by the Rights that holds this.
struct GrantedEndpoint {
  Endpoint endpoint;
  NumberSet clients;
  std::vector<GlobalGroupId> global_groups;
  std::vector<LocalGroupId> local_groups;
};

class Rights {
 public:
  // False when the right was there already.
  bool grant(const AccessRight& right);
  // The whole service to one client.
  bool grant(const std::string& service_code, const ClientId& client);

  // The endpoints of a service on which anyone has a right; null when nobody has any.
  const std::vector<GrantedEndpoint>* of_service(const std::string& service_code) const;
  // Nothing when no right names exactly this client.
  std::optional<std::uint32_t> number_of(const ClientId& client) const { return clients_.find(client); }

  // Of services on which anyone has a right, sorted.
  std::vector<std::string> service_codes() const;
  // Every right on one service, sorted.
  std::vector<AccessRight> list(const std::string& service_code) const;
  // Every right, sorted.
  std::vector<AccessRight> list() const;
  std::size_t size() const { return size_; }

 private:
  GrantedEndpoint& granted(const std::string& service_code, const Endpoint& endpoint);

  std::unordered_map<std::string, std::vector<GrantedEndpoint>> by_service_;
  ClientTable clients_;
  std::size_t size_ = 0;
};

}  // namespace causeway::securityserver
