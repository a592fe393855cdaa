// SPDX-License-Identifier: MIT
#include "domain/identifiers.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

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

// An octet that a discouraged character may begin with.
constexpr std::array<bool, 256> suspects() {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 0x20; ++c) table[c] = true;
  for (const unsigned char c : {'\x7f', '%', ':', ';', '/', '\\', '\xc2', '\xe2', '\xef'}) table[c] = true;
  return table;
}
constexpr std::array<bool, 256> kSuspects = suspects();

bool is_suspect(char c) { return kSuspects[static_cast<unsigned char>(c)]; }

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What stands between the slashes of an identifier. All of it is counted, but only so many
// parts are kept as one may have.
class Parts {
 public:
  void add(std::string part) {
    if (count_ < kMost) kept_[count_] = std::move(part);
    ++count_;
  }
  std::size_t size() const { return count_; }
  std::string& operator[](std::size_t i) { return kept_[i]; }

 private:
  static constexpr std::size_t kMost = 5;  // those of a service
  std::array<std::string, kMost> kept_;
  std::size_t count_ = 0;
};

// Takes the part before the next slash off `rest`, which is nothing after the last one.
std::string_view take_part(std::optional<std::string_view>& rest) {
  const auto slash = rest->find('/');
  const std::string_view part = rest->substr(0, slash);
  if (slash == std::string_view::npos)
    rest.reset();
  else
    rest->remove_prefix(slash + 1);
  return part;
}

Parts split(std::string_view text) {
  Parts parts;
  for (std::optional rest = text; rest;) parts.add(std::string(take_part(rest)));
  return parts;
}

Result<Parts> decoded_parts(std::string_view text, std::string_view what) {
  Parts parts;
  for (std::optional rest = text; rest;) {
    auto decoded = decode_identifier_part(take_part(rest));
    if (!decoded) return decoded.error().while_doing(what);
    parts.add(*std::move(decoded));
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

void append_encoded(std::string& text, std::string_view part) {
  for (const char c : part) {
    if (is_literal(c)) {
      text += c;
    } else {
      text += '%';
      text += kUpperHex[static_cast<unsigned char>(c) >> 4];
      text += kUpperHex[static_cast<unsigned char>(c) & 15];
    }
  }
}

// Room for the longest type and all that stands between the parts.
constexpr std::size_t kBesidesParts = 16;

std::size_t size_of_parts(const ClientId& id) {
  return id.instance().size() + id.member_class().size() + id.member_code().size() + id.subsystem().size();
}

// "<type>:I/C/M[/S]", with room for what follows.
std::string with_type(std::string_view type, const ClientId& id, std::size_t room) {
  std::string text;
  text.reserve(kBesidesParts + size_of_parts(id) + room);
  text.append(type).append(":").append(id.instance()).append("/").append(id.member_class());
  text.append("/").append(id.member_code());
  if (id.is_subsystem()) text.append("/").append(id.subsystem());
  return text;
}

// "I/C/M[/S]", percent-encoded, with room for what follows.
std::string rest_form(const ClientId& id, std::size_t room) {
  std::string text;
  text.reserve(kBesidesParts + size_of_parts(id) + room);
  append_encoded(text, id.instance());
  append_encoded(text += '/', id.member_class());
  append_encoded(text += '/', id.member_code());
  if (id.is_subsystem()) append_encoded(text += '/', id.subsystem());
  return text;
}

}  // namespace

std::string encode_identifier_part(std::string_view part) {
  std::string text;
  text.reserve(part.size());
  append_encoded(text, part);
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
  if (std::none_of(part.begin(), part.end(), is_suspect)) return false;
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
  return make(std::move(p[0]), std::move(p[1]), std::move(p[2]), std::move(p[3]));
}

Result<ClientId> ClientId::parse(std::string_view text) {
  // One of both: what stands behind it may be an instance that is called like a type.
  auto p = split(without_type(text, text.starts_with("SUBSYSTEM:") ? "SUBSYSTEM" : "MEMBER"));
  if (p.size() != 3 && p.size() != 4)
    return fault(FaultCode::internal_error,
                 "a client identifier has three or four parts: instance/class/code[/subsystem]");
  if (p.size() == 4 && p[3].empty()) return fault(FaultCode::internal_error, "client identifier has an empty part");
  return make(std::move(p[0]), std::move(p[1]), std::move(p[2]), std::move(p[3]));
}

ClientId ClientId::member() const {
  ClientId id = *this;
  id.subsystem_.clear();
  return id;
}

bool ClientId::same_member(const ClientId& other) const {
  return instance_ == other.instance_ && member_class_ == other.member_class_ && member_code_ == other.member_code_;
}

std::string ClientId::to_string() const { return with_type(is_subsystem() ? "SUBSYSTEM" : "MEMBER", *this, 0); }

std::string ClientId::to_rest() const { return rest_form(*this, 0); }

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
  auto client = ClientId::make(std::move(p[0]), std::move(p[1]), std::move(p[2]), std::move(p[3]));
  if (!client) return client.error();
  return make(*std::move(client), std::move(p[4]));
}

std::string ServiceId::to_string() const {
  std::string text = with_type("SERVICE", client_, code_.size() + version_.size());
  text.append("/").append(code_);
  if (!version_.empty()) text.append("/").append(version_);
  return text;
}

std::string ServiceId::to_rest() const {
  std::string text = rest_form(client_, code_.size());
  append_encoded(text += '/', code_);
  return text;
}

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
  return make(std::move(p[0]), std::move(p[1]), std::move(p[2]), std::move(p[3]));
}

Result<ServerId> ServerId::parse(std::string_view text) {
  auto p = split(without_type(text, "SERVER"));
  if (p.size() != 4)
    return fault(FaultCode::internal_error, "a security server identifier has four parts: instance/class/code/server");
  return make(std::move(p[0]), std::move(p[1]), std::move(p[2]), std::move(p[3]));
}

std::string ServerId::to_string() const { return with_type("SERVER", owner_, code_.size()).append("/").append(code_); }

std::string ServerId::to_rest() const {
  std::string text = rest_form(owner_, code_.size());
  append_encoded(text += '/', code_);
  return text;
}

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
