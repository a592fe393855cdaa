// SPDX-License-Identifier: MIT
// Who takes part and what is offered: X-Road identifiers (PR-MESS 2.1, PR-REST 4.8).
//
// An identifier that exists is valid: every part is non-blank. Comparison is exact,
// case-sensitive and untrimmed, as on the wire.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace causeway {

// A member, or a subsystem of one when `subsystem()` is not empty.
class ClientId {
 public:
  // internal_error when a part is blank; an empty `subsystem` means the member itself.
  static Result<ClientId> make(std::string instance, std::string member_class, std::string member_code,
                               std::string subsystem = {});
  // REST form I/C/M[/S], each part percent-encoded.
  static Result<ClientId> parse_rest(std::string_view text);
  // "MEMBER:I/C/M" or "SUBSYSTEM:I/C/M/S", or the same without the type; parts verbatim.
  static Result<ClientId> parse(std::string_view text);

  const std::string& instance() const { return instance_; }
  const std::string& member_class() const { return member_class_; }
  const std::string& member_code() const { return member_code_; }
  const std::string& subsystem() const { return subsystem_; }
  bool is_subsystem() const { return !subsystem_.empty(); }

  ClientId member() const;
  bool same_member(const ClientId& other) const;

  std::string to_string() const;  // "SUBSYSTEM:I/C/M/S"
  std::string to_rest() const;    // "I/C/M/S", percent-encoded
  auto operator<=>(const ClientId&) const = default;

 private:
  ClientId() = default;
  std::string instance_, member_class_, member_code_, subsystem_;
};

// A service of a client; the version is empty where there is none (REST never has one).
class ServiceId {
 public:
  static Result<ServiceId> make(ClientId client, std::string service_code, std::string version = {});
  // REST form I/C/M/S/svc: exactly five parts.
  static Result<ServiceId> parse_rest(std::string_view text);

  const ClientId& client() const { return client_; }
  const std::string& code() const { return code_; }
  const std::string& version() const { return version_; }

  std::string to_string() const;  // "SERVICE:I/C/M/S/svc[/v]"
  std::string to_rest() const;    // "I/C/M/S/svc"
  auto operator<=>(const ServiceId&) const = default;

 private:
  explicit ServiceId(ClientId client) : client_(std::move(client)) {}
  ClientId client_;
  std::string code_, version_;
};

class ServerId {
 public:
  static Result<ServerId> make(std::string instance, std::string member_class, std::string member_code,
                               std::string server_code);
  static Result<ServerId> parse_rest(std::string_view text);
  // "SERVER:I/C/M/ss" or without the type.
  static Result<ServerId> parse(std::string_view text);

  const ClientId& owner() const { return owner_; }
  const std::string& code() const { return code_; }

  std::string to_string() const;  // "SERVER:I/C/M/ss"
  std::string to_rest() const;
  auto operator<=>(const ServerId&) const = default;

 private:
  explicit ServerId(ClientId owner) : owner_(std::move(owner)) {}
  ClientId owner_;
  std::string code_;
};

struct GlobalGroupId {
  std::string instance;
  std::string code;
  std::string to_string() const { return "GLOBALGROUP:" + instance + "/" + code; }
  auto operator<=>(const GlobalGroupId&) const = default;
};

// Scoped to the client that owns it.
struct LocalGroupId {
  std::string code;
  std::string to_string() const { return "LOCALGROUP:" + code; }
  auto operator<=>(const LocalGroupId&) const = default;
};

// The %XX coding of REST identifiers: A-Za-z0-9-._~!$&'()*+,;=:@ stay literal.
std::string encode_identifier_part(std::string_view part);
Result<std::string> decode_identifier_part(std::string_view part);

// Characters that the proxy warns about (control characters, % : ; / \ and
// invisible ones); messages with them pass.
bool has_discouraged_characters(std::string_view part);

}  // namespace causeway

template <>
struct std::hash<causeway::ClientId> {
  std::size_t operator()(const causeway::ClientId& id) const noexcept;
};
template <>
struct std::hash<causeway::ServiceId> {
  std::size_t operator()(const causeway::ServiceId& id) const noexcept;
};
template <>
struct std::hash<causeway::ServerId> {
  std::size_t operator()(const causeway::ServerId& id) const noexcept;
};
