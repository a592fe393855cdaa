// SPDX-License-Identifier: MIT
#include "admin/schema_check.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <regex>
#include <stdexcept>

#include "base/bytes.hpp"
#include "base/utf8.hpp"
#include "pki/certificate.hpp"

namespace causeway::admin {
namespace {

namespace json = boost::json;

// std::regex takes stack for every letter; where a pattern is, the schema limits the length.
constexpr std::size_t kLongestMatched = 1023;

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    // C1 controls are U+0080 to U+009F, in UTF-8 C2 80 to C2 9F. U+200B and U+FEFF show nothing.
    if (is_control(octet)) return true;
    if (octet == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
    if (text.substr(i).starts_with("\xe2\x80\x8b") || text.substr(i).starts_with("\xef\xbb\xbf")) return true;
  }
  return false;
}

// strict-identifier-checks: letters, digits and '()+,-.=?
bool is_identifier(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("'()+,-.=?").find(c) != std::string_view::npos;
  });
}

bool is_address_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == ':';
  });
}

bool is_label(std::string_view label) {
  return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
         std::ranges::all_of(label,
                             [](char c) { return c == '_' || (c != '.' && c != ':' && is_address_text({&c, 1})); });
}

// An IP address or a name of the DNS, of which the last part does not begin with a digit.
bool is_host_address(std::string_view text) {
  const std::string address(text);
  std::array<std::uint8_t, 16> octets{};
  if (::inet_pton(AF_INET, address.c_str(), octets.data()) == 1 ||
      ::inet_pton(AF_INET6, address.c_str(), octets.data()) == 1)
    return true;
  if (text.empty() || text.size() > 253) return false;
  for (;;) {
    const auto dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!is_label(label)) return false;
    if (dot == std::string_view::npos) return label.front() < '0' || label.front() > '9';
    text.remove_prefix(dot + 1);
  }
}

bool is_certificate(std::string_view base64) {
  const auto octets = from_base64(base64);
  return octets && pki::Certificate::from_der(*octets);
}

struct Check {
  std::string_view name;
  bool (*passes)(std::string_view text);
};
constexpr Check kChecks[] = {
    {"IdentifierChars", is_identifier},
    {"NoControlChars", [](std::string_view text) { return !has_control(text); }},
    {"OnlyAddressChars", is_address_text},
    {"ValidHostAddress", is_host_address},
    {"ValidX509Certificate", is_certificate},
};

const Check* check_named(std::string_view name) {
  const auto* const found = std::ranges::find(kChecks, name, &Check::name);
  return found == std::end(kChecks) ? nullptr : found;
}

std::optional<std::int64_t> number(const json::object& schema, std::string_view name) {
  const json::value* const value = schema.if_contains(name);
  return value == nullptr ? std::nullopt : std::optional(value->to_number<std::int64_t>());
}

const json::array* list(const json::object& schema, std::string_view name) {
  const json::value* const value = schema.if_contains(name);
  return value == nullptr ? nullptr : value->if_array();
}

std::string_view text_of(const json::object& schema, std::string_view name) {
  const json::value* const value = schema.if_contains(name);
  return value == nullptr || !value->is_string() ? std::string_view() : std::string_view(value->get_string());
}

bool is_one_of(const json::object& schema, const json::value& value) {
  const json::array* const values = list(schema, "enum");
  return values == nullptr || std::ranges::find(*values, value) != values->end();
}

void add(SchemaCheck::Problems& problems, const std::string& field, std::string_view what) {
  auto& all = problems[field];
  const auto place = std::ranges::lower_bound(all, what);
  if (place == all.end() || *place != what) all.insert(place, std::string(what));
}

void check_number(std::int64_t value, const json::object& schema, const std::string& field,
                  SchemaCheck::Problems& problems) {
  if (const auto least = number(schema, "minimum"); least && value < *least) add(problems, field, "Min");
  if (const auto most = number(schema, "maximum"); most && value > *most) add(problems, field, "Max");
}

// What a text says as JSON of a type; nothing if it says none.
std::optional<json::value> typed(const std::string& text, std::string_view type) {
  if (type == "boolean") {
    if (text == "true" || text == "false") return text == "true";
    return std::nullopt;
  }
  if (type != "integer") return json::value(text);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool fits(std::int64_t value, std::string_view format) {
  return format != "int32" || (value >= INT32_MIN && value <= INT32_MAX);
}

}  // namespace

bool is_known_check(std::string_view name) { return check_named(name) != nullptr; }

bool passes_check(std::string_view name, std::string_view text) {
  const Check* const check = check_named(name);
  if (check == nullptr) throw std::logic_error("there is no check " + std::string(name));
  return check->passes(text);
}

std::string camel_case(std::string_view snake_case) {
  std::string camel;
  bool raise = false;
  for (const char c : snake_case) {
    if (c == '_') {
      raise = true;
      continue;
    }
    camel += raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    raise = false;
  }
  return camel;
}

std::string SchemaCheck::name_of(const json::object& schema) {
  const std::string_view reference = text_of(schema, "$ref");
  const auto slash = reference.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(reference.substr(slash + 1));
}

const json::object& SchemaCheck::resolved(const json::object& schema) const {
  const json::object* at = &schema;
  while (const json::value* const reference = at->if_contains("$ref")) {
    const std::string_view pointer = reference->as_string();
    if (!pointer.starts_with("#/"))
      throw std::runtime_error("a reference leaves the description: " + std::string(pointer));
    at = &description_.at_pointer(pointer.substr(1)).as_object();
  }
  return *at;
}

bool SchemaCheck::check(const json::value& value, const json::object& referring, const std::string& field,
                        Problems& problems) const {
  const json::object& schema = resolved(referring);
  const std::string_view type = text_of(schema, "type");
  if (value.is_null()) return true;  // as if it were not there
  // A reference to what may be null is the only part of an allOf.
  if (const json::array* const parts = list(schema, "allOf"); parts != nullptr && parts->size() == 1 && type.empty())
    return check(value, parts->front().as_object(), field, problems);
  if (type == "object" || schema.contains("allOf"))
    return value.is_object() && check_object(value.get_object(), schema, field, problems, true);
  if (type == "array") {
    if (!value.is_array()) return false;
    const json::array& array = value.get_array();
    for (std::size_t i = 0; i < array.size(); ++i)
      if (!check(array[i], schema.at("items").as_object(), field + "[" + std::to_string(i) + "]", problems))
        return false;
    return true;
  }
  if (!is_one_of(schema, value)) return false;
  if (type == "string") return value.is_string() && check_text(value.get_string(), schema, field, problems);
  if (type == "boolean") return value.is_bool();
  if (type == "integer") {
    if (!value.is_int64() || !fits(value.get_int64(), text_of(schema, "format"))) return false;
    check_number(value.get_int64(), schema, field, problems);
    return true;
  }
  return type.empty() || value.is_number();
}

bool SchemaCheck::check_given(const std::string& text, const json::object& referring, const std::string& field,
                              Problems& problems) const {
  const json::object& schema = resolved(referring);
  const std::string_view type = text_of(schema, "type");
  if (type == "array") return true;
  const auto value = typed(text, type);
  return value && check(*value, schema, field, problems);
}

std::vector<SchemaCheck::Property> SchemaCheck::properties(const json::object& referring) const {
  std::vector<Property> found;
  std::set<std::string_view> required;
  collect(resolved(referring), found, required);
  for (Property& each : found) each.required = required.contains(each.name);
  return found;
}

void SchemaCheck::collect(const json::object& schema, std::vector<Property>& found,
                          std::set<std::string_view>& required) const {
  if (const json::array* const parts = list(schema, "allOf"))
    for (const json::value& part : *parts) collect(resolved(part.as_object()), found, required);
  if (const json::array* const names = list(schema, "required"))
    for (const json::value& each : *names) required.insert(each.as_string());
  if (const json::value* const own = schema.if_contains("properties"))
    for (const auto& [name, property] : own->as_object()) found.push_back({name, &resolved(property.as_object())});
}

bool SchemaCheck::check_text(std::string_view text, const json::object& schema, const std::string& field,
                             Problems& problems) const {
  const auto length = static_cast<std::int64_t>(utf16_length(text));
  const auto least = number(schema, "minLength"), most = number(schema, "maxLength");
  if ((least && length < *least) || (most && length > *most)) add(problems, field, "Size");
  if (const std::string_view pattern = text_of(schema, "pattern"); !pattern.empty())
    if (text.size() > kLongestMatched ||
        !std::regex_match(text.begin(), text.end(), std::regex(pattern.begin(), pattern.end())))
      add(problems, field, "Pattern");
  return true;
}

bool SchemaCheck::is_read_only(const json::object& schema, std::string_view property) const {
  if (const json::value* const properties = schema.if_contains("properties"))
    if (const json::value* const found = properties->as_object().if_contains(property)) {
      const json::value* const mark = resolved(found->as_object()).if_contains("readOnly");
      return mark != nullptr && mark->as_bool();
    }
  if (const json::array* const parts = list(schema, "allOf"))
    return std::ranges::any_of(
        *parts, [&](const json::value& part) { return is_read_only(resolved(part.as_object()), property); });
  return false;
}

void SchemaCheck::check_required(const json::object& object, const json::object& schema, const std::string& field,
                                 Problems& problems) const {
  const json::array* const required = list(schema, "required");
  if (required == nullptr) return;
  for (const json::value& each : *required) {
    const std::string_view name = each.as_string();
    const json::value* const given = object.if_contains(name);
    if ((given == nullptr || given->is_null()) && !is_read_only(schema, name))
      add(problems, field + camel_case(name), "NotNull");
  }
}

bool SchemaCheck::check_properties(const json::object& object, const json::object& schema, const std::string& field,
                                   Problems& problems) const {
  if (const json::value* const properties = schema.if_contains("properties"))
    for (const auto& [name, property] : properties->as_object())
      if (const json::value* const given = object.if_contains(name))
        if (!check(*given, property.as_object(), field + camel_case(name), problems)) return false;
  if (const json::value* const checks = schema.if_contains("x-validation"))
    for (const auto& [name, wanted] : checks->as_object()) {
      const json::value* const given = object.if_contains(name);
      if (given == nullptr || !given->is_string()) continue;
      for (const json::value& check : wanted.as_array())
        if (!passes_check(check.as_string(), given->get_string()))
          add(problems, field + camel_case(name), check.as_string());
    }
  return true;
}

bool SchemaCheck::check_object(const json::object& object, const json::object& schema, const std::string& field,
                               Problems& problems, bool follow_type) const {
  if (const json::value* const discriminator = schema.if_contains("discriminator");
      discriminator != nullptr && follow_type) {
    const json::object& by = discriminator->as_object();
    const std::string_view type = text_of(object, text_of(by, "propertyName"));
    const json::value* const real = by.at("mapping").as_object().if_contains(type);
    if (real == nullptr) return false;
    return check_object(object, resolved({{"$ref", *real}}), field, problems, false);
  }
  if (const json::array* const parts = list(schema, "allOf"))
    for (const json::value& part : *parts)
      if (!check_object(object, resolved(part.as_object()), field, problems, false)) return false;
  const std::string inside = field.empty() || field.ends_with('.') ? field : field + ".";
  check_required(object, schema, inside, problems);
  return check_properties(object, schema, inside, problems);
}

}  // namespace causeway::admin
