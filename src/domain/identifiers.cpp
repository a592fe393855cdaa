// SPDX-License-Identifier: MIT
#include "domain/identifiers.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "domain/fault_code.hpp"

namespace causeway {
namespace {

constexpr std::string_view kLiteral = "-._~!$&'()*+,;=:@";
constexpr std::string_view kUpperHex = "0123456789ABCDEF";

constexpr std::array<bool, 256> literals() {
  std::array<bool, 256> table{};
  for (const char c : kLiteral) table[static_cast<unsigned char>(c)] = true;
  for (unsigned c = 0; c < 256; ++c)
    table[c] = table[c] || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
  return table;
}
constexpr std::array<bool, 256> kLiterals = literals();

bool is_literal(char c) { return kLiterals[static_cast<unsigned char>(c)]; }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

Result<std::vector<std::string>> decoded_parts(std::string_view text, std::string_view what) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(text)) {
    auto decoded = decode_identifier_part(part);
    if (!decoded) return decoded.error().while_doing(what);
    parts.push_back(*std::move(decoded));
  }
  return parts;
}

Result<void> require_parts(std::initializer_list<std::string_view> parts, std::string_view what) {
  for (const std::string_view part : parts)
    if (is_blank(part)) return fault(FaultCode::internal_error, std::string(what) + " has an empty part");
  return {};
}

std::string_view without_type(std::string_view text, std::string_view type) {
  if (text.starts_with(type) && text.substr(type.size()).starts_with(':')) text.remove_prefix(type.size() + 1);
  return text;
}

void combine(std::size_t& seed, std::string_view part) {
  seed ^= std::hash<std::string_view>{}(part) + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2);
}

}  // namespace

std::string encode_identifier_part(std::string_view part) {
  std::string text;
  for (const char c : part) {
    if (is_literal(c)) {
      text += c;
    } else {
      text += '%';
      text += kUpperHex[static_cast<unsigned char>(c) >> 4];
      text += kUpperHex[static_cast<unsigned char>(c) & 15];
    }
  }
  return text;
}

Result<std::string> decode_identifier_part(std::string_view part) {
  if (std::all_of(part.begin(), part.end(), is_literal)) return std::string(part);
  std::string text;
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] == '%') {
      const int high = i + 2 < part.size() ? hex_value(part[i + 1]) : -1;
      const int low = i + 2 < part.size() ? hex_value(part[i + 2]) : -1;
      if (high < 0 || low < 0) return fault(FaultCode::internal_error, "broken percent-encoding in an identifier");
      text += static_cast<char>(high << 4 | low);
      i += 2;
    } else if (is_literal(part[i])) {
      text += part[i];
    } else {
      return fault(FaultCode::internal_error, "an identifier holds a character that must be percent-encoded");
    }
  }
  if (!is_utf8(text)) return fault(FaultCode::internal_error, "an identifier is not valid UTF-8");
  return text;
}

bool has_discouraged_characters(std::string_view part) {
  if (part.find("\u200b") != std::string_view::npos || part.find("\ufeff") != std::string_view::npos) return true;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(part[i]);
    if (c < 0x20 || c == 0x7f || std::string_view("%:;/\\").find(part[i]) != std::string_view::npos) return true;
    if (c == 0xc2 && i + 1 < part.size() && static_cast<unsigned char>(part[i + 1]) < 0xa0) return true;
  }
  return false;
}

Result<ClientId> ClientId::make(std::string instance, std::string member_class, std::string member_code,
                                std::string subsystem) {
  if (auto valid = require_parts({instance, member_class, member_code}, "client identifier"); !valid)
    return valid.error();
  if (!subsystem.empty() && is_blank(subsystem))
    return fault(FaultCode::internal_error, "client identifier has a blank subsystem code");
  ClientId id;
  id.instance_ = std::move(instance);
  id.member_class_ = std::move(member_class);
  id.member_code_ = std::move(member_code);
  id.subsystem_ = std::move(subsystem);
  return id;
}

Result<ClientId> ClientId::parse_rest(std::string_view text) {
  auto parts = decoded_parts(text, "client identifier");
  if (!parts) return parts.error();
  auto& p = *parts;
  if (p.size() != 3 && p.size() != 4)
    return fault(FaultCode::internal_error,
                 "a client identifier has three or four parts: instance/class/code[/subsystem]");
  if (p.size() == 4 && p[3].empty()) return fault(FaultCode::internal_error, "client identifier has an empty part");
  return make(p[0], p[1], p[2], p.size() == 4 ? p[3] : std::string());
}

Result<ClientId> ClientId::parse(std::string_view text) {
  // One of both: what stands behind it may be an instance that is called like a type.
  const auto p = split(without_type(text, text.starts_with("SUBSYSTEM:") ? "SUBSYSTEM" : "MEMBER"));
  if (p.size() != 3 && p.size() != 4)
    return fault(FaultCode::internal_error,
                 "a client identifier has three or four parts: instance/class/code[/subsystem]");
  if (p.size() == 4 && p[3].empty()) return fault(FaultCode::internal_error, "client identifier has an empty part");
  return make(std::string(p[0]), std::string(p[1]), std::string(p[2]),
              p.size() == 4 ? std::string(p[3]) : std::string());
}

ClientId ClientId::member() const {
  ClientId id = *this;
  id.subsystem_.clear();
  return id;
}

bool ClientId::same_member(const ClientId& other) const {
  return instance_ == other.instance_ && member_class_ == other.member_class_ && member_code_ == other.member_code_;
}

std::string ClientId::to_string() const {
  std::string text = is_subsystem() ? "SUBSYSTEM:" : "MEMBER:";
  text += instance_ + "/" + member_class_ + "/" + member_code_;
  if (is_subsystem()) text += "/" + subsystem_;
  return text;
}

std::string ClientId::to_rest() const {
  std::string text = encode_identifier_part(instance_) + "/" + encode_identifier_part(member_class_) + "/" +
                     encode_identifier_part(member_code_);
  if (is_subsystem()) text += "/" + encode_identifier_part(subsystem_);
  return text;
}

Result<ServiceId> ServiceId::make(ClientId client, std::string service_code, std::string version) {
  if (auto valid = require_parts({service_code}, "service identifier"); !valid) return valid.error();
  ServiceId id(std::move(client));
  id.code_ = std::move(service_code);
  id.version_ = std::move(version);
  return id;
}

Result<ServiceId> ServiceId::parse_rest(std::string_view text) {
  auto parts = decoded_parts(text, "service identifier");
  if (!parts) return parts.error();
  auto& p = *parts;
  if (p.size() != 5)
    return fault(FaultCode::internal_error,
                 "a REST service identifier has five parts: instance/class/code/subsystem/service");
  if (p[3].empty()) return fault(FaultCode::internal_error, "service identifier has an empty part");
  auto client = ClientId::make(p[0], p[1], p[2], p[3]);
  if (!client) return client.error();
  return make(*std::move(client), p[4]);
}

std::string ServiceId::to_string() const {
  std::string text = client_.to_string();
  text.replace(0, text.find(':'), "SERVICE");
  text += "/" + code_;
  if (!version_.empty()) text += "/" + version_;
  return text;
}

std::string ServiceId::to_rest() const { return client_.to_rest() + "/" + encode_identifier_part(code_); }

Result<ServerId> ServerId::make(std::string instance, std::string member_class, std::string member_code,
                                std::string server_code) {
  if (auto valid = require_parts({server_code}, "security server identifier"); !valid) return valid.error();
  auto owner = ClientId::make(std::move(instance), std::move(member_class), std::move(member_code));
  if (!owner) return owner.error();
  ServerId id(*std::move(owner));
  id.code_ = std::move(server_code);
  return id;
}

Result<ServerId> ServerId::parse_rest(std::string_view text) {
  auto parts = decoded_parts(text, "security server identifier");
  if (!parts) return parts.error();
  auto& p = *parts;
  if (p.size() != 4)
    return fault(FaultCode::internal_error, "a security server identifier has four parts: instance/class/code/server");
  return make(p[0], p[1], p[2], p[3]);
}

Result<ServerId> ServerId::parse(std::string_view text) {
  const auto p = split(without_type(text, "SERVER"));
  if (p.size() != 4)
    return fault(FaultCode::internal_error, "a security server identifier has four parts: instance/class/code/server");
  return make(std::string(p[0]), std::string(p[1]), std::string(p[2]), std::string(p[3]));
}

std::string ServerId::to_string() const {
  std::string text = owner_.to_string();
  text.replace(0, text.find(':'), "SERVER");
  return text + "/" + code_;
}

std::string ServerId::to_rest() const { return owner_.to_rest() + "/" + encode_identifier_part(code_); }

}  // namespace causeway

std::size_t std::hash<causeway::ClientId>::operator()(const causeway::ClientId& id) const noexcept {
  std::size_t seed = 0;
  causeway::combine(seed, id.instance());
  causeway::combine(seed, id.member_class());
  causeway::combine(seed, id.member_code());
  causeway::combine(seed, id.subsystem());
  return seed;
}

std::size_t std::hash<causeway::ServiceId>::operator()(const causeway::ServiceId& id) const noexcept {
  std::size_t seed = std::hash<causeway::ClientId>{}(id.client());
  causeway::combine(seed, id.code());
  causeway::combine(seed, id.version());
  return seed;
}

std::size_t std::hash<causeway::ServerId>::operator()(const causeway::ServerId& id) const noexcept {
  std::size_t seed = std::hash<causeway::ClientId>{}(id.owner());
  causeway::combine(seed, id.code());
  return seed;
}
