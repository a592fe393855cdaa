// SPDX-License-Identifier: MIT
#include "signer/control.hpp"

#include <boost/json.hpp>
#include <functional>
#include <map>

#include "domain/fault_code.hpp"
#include "signer/token_json.hpp"

namespace causeway::signer {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDepth = 8;

Fault not_understood(std::string text) {
  return fault(FaultCode::invalid_request, "control message: " + std::move(text));
}

// Thrown for a missing or wrong field, turned into a fault at handle_control().
struct BadField {
  std::string text;
};

class Fields {
 public:
  explicit Fields(const json::object& object) : object_(object) {}

  std::string text(std::string_view name) const {
    const json::value* value = object_.if_contains(name);
    if (value == nullptr || !value->is_string()) throw BadField{"\"" + std::string(name) + "\" must be a text"};
    return std::string(value->get_string());
  }
  std::string text_or(std::string_view name, std::string otherwise) const {
    return has(name) ? text(name) : std::move(otherwise);
  }
  bool flag_or(std::string_view name, bool otherwise) const {
    if (!has(name)) return otherwise;
    const json::value& value = object_.at(name);
    if (!value.is_bool()) throw BadField{"\"" + std::string(name) + "\" must be true or false"};
    return value.get_bool();
  }
  std::optional<bool> flag(std::string_view name) const {
    return has(name) ? std::optional(flag_or(name, false)) : std::nullopt;
  }
  std::int64_t number_or(std::string_view name, std::int64_t otherwise) const {
    if (!has(name)) return otherwise;
    const json::value& value = object_.at(name);
    if (!value.is_int64()) throw BadField{"\"" + std::string(name) + "\" must be a number"};
    return value.get_int64();
  }
  std::optional<ClientId> member() const {
    if (!has("member")) return std::nullopt;
    Result<ClientId> id = ClientId::parse_rest(text("member"));
    if (!id) throw BadField{"\"member\": " + id.error().text};
    return *std::move(id);
  }

 private:
  bool has(std::string_view name) const {
    const json::value* value = object_.if_contains(name);
    return value != nullptr && !value->is_null();
  }
  const json::object& object_;
};

using Answer = Result<json::value>;

Answer done(const Result<void>& result) {
  if (!result) return result.error();
  return json::value(json::object{});
}

Answer generate_key(TokenManager& manager, const Fields& fields) {
  KeySpec spec = manager.default_spec(fields.flag_or("rsa", true));
  const std::int64_t bits = fields.number_or("bits", spec.bits);
  if (bits < 0 || bits > 65536) throw BadField{"\"bits\" is out of range"};
  spec.bits = static_cast<unsigned>(bits);
  spec.curve = fields.text_or("curve", spec.curve);
  Result<KeyInfo> key = manager.generate_key(fields.text("token"), fields.text_or("label", ""), spec);
  if (!key) return key.error();
  return to_json(*key);
}

Answer generate_csr(TokenManager& manager, const Fields& fields) {
  Result<KeyUsage> usage = usage_from(fields.text("usage"));
  if (!usage) return usage.error();
  Result<Bytes> request = manager.generate_csr({.key_id = fields.text("key"),
                                                .usage = *usage,
                                                .member = fields.member(),
                                                .subject = fields.text("subject"),
                                                .alternative_name = fields.text_or("alternative_name", ""),
                                                .certificate_profile = fields.text_or("certificate_profile", "")});
  if (!request) return request.error();
  return json::value{{"request", to_base64(*request)}};
}

Answer import_certificate(TokenManager& manager, const Fields& fields) {
  Result<Bytes> octets = from_base64(fields.text("certificate"));
  if (!octets) return octets.error();
  Result<pki::Certificate> certificate = pki::Certificate::from_der_or_pem(*octets);
  if (!certificate) return fault(FaultCode::incorrect_certificate, certificate.error().text);
  Result<ImportedCertificate> imported = manager.import_certificate({.certificate = *std::move(certificate),
                                                                     .member = fields.member(),
                                                                     .status = fields.text_or("status", ""),
                                                                     .activate = fields.flag("activate")});
  if (!imported) return imported.error();
  return json::value{{"key", imported->key_id},
                     {"certificate", imported->certificate_id},
                     {"active", imported->active},
                     {"activation_error", imported->activation_error}};
}

Answer authentication_key(TokenManager& manager, const Fields& fields) {
  Result<pki::PrivateKey> key = manager.authentication_key(fields.text("key"));
  if (!key) return key.error();
  return json::value{{"pem", key->to_pem()}};
}

using Operation = std::function<Answer(TokenManager&, const Fields&)>;

const std::map<std::string, Operation, std::less<>>& operations() {
  static const std::map<std::string, Operation, std::less<>> table{
      {"tokens",
       [](TokenManager& manager, const Fields&) -> Answer {
         const std::uint64_t version = manager.version();
         return json::value{{"version", version}, {"tokens", to_json(*manager.tokens())}};
       }},
      {"version",
       [](TokenManager& manager, const Fields&) -> Answer { return json::value{{"version", manager.version()}}; }},
      {"login",
       [](TokenManager& manager, const Fields& in) { return done(manager.login(in.text("token"), in.text("pin"))); }},
      {"logout", [](TokenManager& manager, const Fields& in) { return done(manager.logout(in.text("token"))); }},
      {"init-token", [](TokenManager& manager,
                        const Fields& in) { return done(manager.initialize_token(in.text("token"), in.text("pin"))); }},
      {"change-pin",
       [](TokenManager& manager, const Fields& in) {
         return done(manager.change_pin(in.text("token"), in.text("pin"), in.text("new_pin")));
       }},
      {"rename-token", [](TokenManager& manager,
                          const Fields& in) { return done(manager.rename_token(in.text("token"), in.text("name"))); }},
      {"generate-key", generate_key},
      {"rename-key", [](TokenManager& manager,
                        const Fields& in) { return done(manager.rename_key(in.text("key"), in.text("name"))); }},
      {"delete-key", [](TokenManager& manager, const Fields& in) { return done(manager.delete_key(in.text("key"))); }},
      {"generate-csr", generate_csr},
      {"delete-csr",
       [](TokenManager& manager, const Fields& in) { return done(manager.delete_csr(in.text("request"))); }},
      {"import-certificate", import_certificate},
      {"activate",
       [](TokenManager& manager, const Fields& in) {
         return done(manager.activate(in.text("certificate"), in.flag_or("active", true)));
       }},
      {"set-status",
       [](TokenManager& manager, const Fields& in) {
         return done(manager.set_status(in.text("certificate"), in.text("status")));
       }},
      {"delete-certificate", [](TokenManager& manager,
                                const Fields& in) { return done(manager.delete_certificate(in.text("certificate"))); }},
      {"authentication-key", authentication_key},
  };
  return table;
}

Result<json::object> parse(std::string_view request) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::system::error_code error;
  json::value value = json::parse(request, error, {}, options);
  if (error) return not_understood(error.message());
  if (!value.is_object()) return not_understood("not an object");
  return std::move(value.get_object());
}

}  // namespace

Result<std::string> handle_control(TokenManager& manager, std::string_view request) try {
  Result<json::object> object = parse(request);
  if (!object) return object.error();
  const Fields fields(*object);
  const std::string name = fields.text("op");
  const auto operation = operations().find(name);
  if (operation == operations().end()) return not_understood("unknown operation \"" + name + "\"");
  Answer answer = operation->second(manager, fields);
  if (!answer) return answer.error();
  return json::serialize(*answer);
} catch (const BadField& bad) {
  return not_understood(bad.text);
}

bool only_reads(std::string_view request) try {
  Result<json::object> object = parse(request);
  if (!object) return true;  // the answer will be a fault
  const std::string name = Fields(*object).text("op");
  return name == "tokens" || name == "version" || name == "authentication-key";
} catch (const BadField&) {
  return true;
}

}  // namespace causeway::signer
