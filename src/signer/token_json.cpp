// SPDX-License-Identifier: MIT
#include "signer/token_json.hpp"

#include <boost/json.hpp>

#include "domain/fault_code.hpp"

namespace causeway::signer {
namespace {

namespace json = boost::json;

json::value member_json(const std::optional<ClientId>& member) {
  return member ? json::value(member->to_rest()) : json::value(nullptr);
}

json::value certificate_json(const CertificateInfo& info) {
  return {{"id", info.id},
          {"certificate", to_base64(info.certificate.der())},
          {"member", member_json(info.member)},
          {"active", info.active},
          {"status", info.status},
          {"activation_error", info.activation_error}};
}

json::value request_json(const RequestInfo& info) {
  return {{"id", info.id},
          {"member", member_json(info.member)},
          {"subject", info.subject},
          {"alternative_name", info.alternative_name}};
}

// Throws what Boost.JSON throws; the callers below turn it into a fault.
std::string text(const json::value& value, const char* name) { return json::value_to<std::string>(value.at(name)); }

std::optional<ClientId> member_from(const json::value& value) {
  const json::value& member = value.at("member");
  if (member.is_null()) return std::nullopt;
  Result<ClientId> id = ClientId::parse_rest(json::value_to<std::string>(member));
  if (!id) throw std::invalid_argument(id.error().text);
  return *std::move(id);
}

Bytes octets(const json::value& value, const char* name) {
  Result<Bytes> bytes = from_base64(text(value, name));
  if (!bytes) throw std::invalid_argument(bytes.error().text);
  return *std::move(bytes);
}

CertificateInfo certificate_from(const json::value& value) {
  Result<pki::Certificate> certificate = pki::Certificate::from_der(octets(value, "certificate"));
  if (!certificate) throw std::invalid_argument(certificate.error().text);
  return {text(value, "id"),     *std::move(certificate),        member_from(value), value.at("active").as_bool(),
          text(value, "status"), text(value, "activation_error")};
}

KeyInfo read_key(const json::value& value) {
  KeyInfo key;
  key.id = text(value, "id");
  key.label = text(value, "label");
  if (const json::value& usage = value.at("usage"); !usage.is_null()) {
    Result<KeyUsage> known = usage_from(json::value_to<std::string>(usage));
    if (!known) throw std::invalid_argument(known.error().text);
    key.usage = *known;
  }
  key.available = value.at("available").as_bool();
  key.rsa = value.at("rsa").as_bool();
  key.mechanism = text(value, "mechanism");
  key.public_key = octets(value, "public_key");
  for (const json::value& certificate : value.at("certificates").as_array())
    key.certificates.push_back(certificate_from(certificate));
  for (const json::value& request : value.at("requests").as_array())
    key.requests.push_back(
        {text(request, "id"), member_from(request), text(request, "subject"), text(request, "alternative_name")});
  return key;
}

TokenInfo read_token(const json::value& value) {
  TokenInfo token;
  token.id = text(value, "id");
  token.friendly_name = text(value, "friendly_name");
  token.active = value.at("active").as_bool();
  token.status = text(value, "status");
  token.batch_signing = value.at("batch_signing").as_bool();
  for (const json::value& key : value.at("keys").as_array()) token.keys.push_back(read_key(key));
  return token;
}

Fault unexpected(const std::exception& why) {
  return fault(FaultCode::internal_error, std::string("the signer's answer cannot be read: ") + why.what());
}

}  // namespace

std::string_view to_string(KeyUsage usage) { return usage == KeyUsage::signing ? "signing" : "authentication"; }

Result<KeyUsage> usage_from(std::string_view text) {
  if (text == "signing") return KeyUsage::signing;
  if (text == "authentication") return KeyUsage::authentication;
  return fault(FaultCode::invalid_request, "a key's usage is \"signing\" or \"authentication\"");
}

json::value to_json(const KeyInfo& key) {
  json::array certificates, requests;
  for (const CertificateInfo& certificate : key.certificates) certificates.push_back(certificate_json(certificate));
  for (const RequestInfo& request : key.requests) requests.push_back(request_json(request));
  return {{"id", key.id},
          {"label", key.label},
          {"usage", key.usage ? json::value(to_string(*key.usage)) : json::value(nullptr)},
          {"available", key.available},
          {"rsa", key.rsa},
          {"mechanism", key.mechanism},
          {"public_key", to_base64(key.public_key)},
          {"certificates", std::move(certificates)},
          {"requests", std::move(requests)}};
}

json::value to_json(const std::vector<TokenInfo>& tokens) {
  json::array list;
  for (const TokenInfo& token : tokens) {
    json::array keys;
    for (const KeyInfo& key : token.keys) keys.push_back(to_json(key));
    list.push_back({{"id", token.id},
                    {"friendly_name", token.friendly_name},
                    {"active", token.active},
                    {"status", token.status},
                    {"batch_signing", token.batch_signing},
                    {"keys", std::move(keys)}});
  }
  return list;
}

Result<KeyInfo> key_from_json(const json::value& value) try {
  return read_key(value);
} catch (const std::exception& why) {
  return unexpected(why);
}

Result<std::vector<TokenInfo>> tokens_from_json(const json::value& value) try {
  std::vector<TokenInfo> tokens;
  for (const json::value& token : value.as_array()) tokens.push_back(read_token(token));
  return tokens;
} catch (const std::exception& why) {
  return unexpected(why);
}

}  // namespace causeway::signer
