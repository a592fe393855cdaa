// SPDX-License-Identifier: MIT
#include "pki/name.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace causeway::pki {
namespace {

// The only attributes that Java writes by keyword in RFC 2253 form.
constexpr std::array<std::pair<int, std::string_view>, 9> kKeywords = {{{NID_commonName, "CN"},
                                                                        {NID_countryName, "C"},
                                                                        {NID_organizationName, "O"},
                                                                        {NID_organizationalUnitName, "OU"},
                                                                        {NID_localityName, "L"},
                                                                        {NID_stateOrProvinceName, "ST"},
                                                                        {NID_streetAddress, "STREET"},
                                                                        {NID_domainComponent, "DC"},
                                                                        {NID_userId, "UID"}}};

// Those besides by which it shows names to people.
constexpr std::array<std::pair<int, std::string_view>, 8> kShownKeywords = {{{NID_title, "T"},
                                                                             {NID_dnQualifier, "DNQ"},
                                                                             {NID_surname, "SURNAME"},
                                                                             {NID_givenName, "GIVENNAME"},
                                                                             {NID_initials, "INITIALS"},
                                                                             {NID_generationQualifier, "GENERATION"},
                                                                             {NID_pkcs9_emailAddress, "EMAILADDRESS"},
                                                                             {NID_serialNumber, "SERIALNUMBER"}}};

bool is_text(const ASN1_STRING* value) {
  switch (ASN1_STRING_type(value)) {
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_UTF8STRING:
    case V_ASN1_T61STRING:
    case V_ASN1_IA5STRING:
    case V_ASN1_GENERALSTRING:
    case V_ASN1_BMPSTRING:
    case V_ASN1_UNIVERSALSTRING:
      return true;
    default:
      return false;
  }
}

std::string value_der_hex(const ASN1_STRING* value) {
  // The tag, the length and the octets: DirectoryString choices are all primitive.
  const ByteView content = bytes_of(value);
  const int size = ASN1_object_size(0, static_cast<int>(content.size()), ASN1_STRING_type(value));
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* position = der.data();
  ASN1_put_object(&position, 0, static_cast<int>(content.size()), ASN1_STRING_type(value), V_ASN1_UNIVERSAL);
  std::ranges::copy(content, position);
  return to_hex(der);
}

std::string utf8(const ASN1_STRING* value) {
  switch (ASN1_STRING_type(value)) {
    case V_ASN1_PRINTABLESTRING:
    case V_ASN1_UTF8STRING:
    case V_ASN1_IA5STRING:
      return to_text(bytes_of(value));
    default:
      break;
  }
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, value);
  if (size < 0) return {};
  const OpensslStringPtr owner(reinterpret_cast<char*>(text));
  return std::string(owner.get(), static_cast<std::size_t>(size));
}

// Backslashes before `special` characters, and before leading and trailing spaces.
std::string escaped(std::string_view value, std::string_view special) {
  std::size_t first = 0, last = value.size();
  while (first < value.size() && value[first] == ' ') ++first;
  while (last > first && value[last - 1] == ' ') --last;
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\0') {
      text += "\\00";
      continue;
    }
    if (i < first || i >= last || special.find(value[i]) != std::string_view::npos) text += '\\';
    text += value[i];
  }
  return text;
}

void append_attribute(std::string& text, const X509_NAME_ENTRY* entry) {
  const ASN1_OBJECT* type = X509_NAME_ENTRY_get_object(entry);
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
  const auto keyword = std::ranges::find(kKeywords, OBJ_obj2nid(type), [](const auto& pair) { return pair.first; });
  if (keyword != kKeywords.end() && is_text(value)) {
    text.append(keyword->second).append("=").append(escaped(utf8(value), ",=+<>#;\"\\"));
    return;
  }
  text.append(keyword != kKeywords.end() ? std::string(keyword->second) : oid_text(type));
  text.append("=#").append(value_der_hex(value));
}

// In quotes where something could be taken for a sign of the name itself.
std::string quoted(std::string_view value) {
  const bool needed = value.find_first_of(",+=\n<>#;\\\"") != std::string_view::npos ||
                      value.find("  ") != std::string_view::npos || value.starts_with(' ') || value.ends_with(' ');
  if (!needed) return std::string(value);
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + '"';
}

std::string displayed_attribute(const X509_NAME_ENTRY* entry) {
  const ASN1_OBJECT* type = X509_NAME_ENTRY_get_object(entry);
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
  const auto of_type = [&](const auto& pair) { return pair.first == OBJ_obj2nid(type); };
  std::string keyword = "OID." + oid_text(type);
  if (const auto known = std::ranges::find_if(kKeywords, of_type); known != kKeywords.end()) keyword = known->second;
  if (const auto known = std::ranges::find_if(kShownKeywords, of_type); known != kShownKeywords.end())
    keyword = known->second;
  return keyword + "=" + (is_text(value) ? quoted(utf8(value)) : "#" + value_der_hex(value));
}

std::string folded(std::string_view value) {
  std::string text;
  text.reserve(value.size());
  for (const char c : value) {
    const bool space = c == ' ' || (c >= '\t' && c <= '\r');
    if (space && (text.empty() || text.back() == ' ')) continue;
    text += space ? ' ' : (c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// Lengths in front of the parts, so that no value can pass for two.
void append_part(std::string& text, std::string_view part) {
  text.append(std::to_string(part.size())).append(":").append(part);
}

std::string attribute_key(const X509_NAME_ENTRY* entry) {
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
  const ASN1_OBJECT* type = X509_NAME_ENTRY_get_object(entry);
  std::string key;
  append_part(key, as_text({OBJ_get0_data(type), OBJ_length(type)}));
  append_part(key, is_text(value) ? folded(utf8(value)) : "#" + value_der_hex(value));
  return key;
}

std::vector<std::string> rdn_keys(const X509_NAME* name) {
  std::vector<std::string> keys;
  const int count = X509_NAME_entry_count(name);
  for (int i = 0; i < count;) {
    std::vector<std::string> attributes;
    const int set = X509_NAME_ENTRY_set(X509_NAME_get_entry(name, i));
    for (; i < count && X509_NAME_ENTRY_set(X509_NAME_get_entry(name, i)) == set; ++i) {
      attributes.push_back(attribute_key(X509_NAME_get_entry(name, i)));
    }
    if (attributes.size() > 1) std::ranges::sort(attributes);
    std::string key;
    for (const std::string& attribute : attributes) append_part(key, attribute);
    keys.push_back(std::move(key));
  }
  return keys;
}

std::string joined(const std::vector<std::string>& keys) {
  std::string key;
  for (const std::string& part : keys) append_part(key, part);
  return key;
}

// RDNs from the last one on, with `between` between them and `within` between their attributes.
template <class Append>
std::string written(const X509_NAME* name, std::string_view between, std::string_view within, Append append) {
  std::string text;
  int end = X509_NAME_entry_count(name);
  while (end > 0) {
    const int set = X509_NAME_ENTRY_set(X509_NAME_get_entry(name, end - 1));
    int begin = end - 1;
    while (begin > 0 && X509_NAME_ENTRY_set(X509_NAME_get_entry(name, begin - 1)) == set) --begin;
    if (!text.empty()) text += between;
    for (int i = begin; i < end; ++i) {
      if (i > begin) text += within;
      append(text, X509_NAME_get_entry(name, i));
    }
    end = begin;
  }
  return text;
}

}  // namespace

std::string rfc2253_name(const X509_NAME* name) {
  return written(name, ",", "+",
                 [](std::string& text, const X509_NAME_ENTRY* entry) { append_attribute(text, entry); });
}

std::string displayed_name(const X509_NAME* name) {
  return written(name, ", ", " + ",
                 [](std::string& text, const X509_NAME_ENTRY* entry) { text += displayed_attribute(entry); });
}

std::string name_key(const X509_NAME* name) { return joined(rdn_keys(name)); }

std::string unordered_name_key(const X509_NAME* name) {
  std::vector<std::string> keys = rdn_keys(name);
  std::ranges::sort(keys);
  return joined(keys);
}

std::optional<std::string> last_attribute(const X509_NAME* name, std::string_view oid) {
  const Asn1ObjectPtr type = oid_object(oid);
  if (!type) return std::nullopt;
  for (int i = X509_NAME_entry_count(name) - 1; i >= 0; --i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name, i);
    if (OBJ_cmp(X509_NAME_ENTRY_get_object(entry), type.get()) != 0) continue;
    const ASN1_STRING* value = X509_NAME_ENTRY_get_data(entry);
    if (!is_text(value)) return "#" + value_der_hex(value);
    std::string text = escaped(utf8(value), ",+\"\\<>;=");
    if (text.starts_with('#')) text.insert(0, "\\");
    return text;
  }
  return std::nullopt;
}

}  // namespace causeway::pki
