// SPDX-License-Identifier: MIT
#include "pki/distinguished_name.hpp"

#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "pki/name.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxAttributes = 50;
constexpr std::size_t kMaxValueBytes = 1024;
constexpr std::size_t kMaxNameBytes = 16 * 1024;

struct Keyword {
  std::string_view name;
  int nid;
};

// The first of several keywords of one attribute is the one that is written.
constexpr std::array<Keyword, 22> kKeywords = {{{"C", NID_countryName},
                                                {"CN", NID_commonName},
                                                {"O", NID_organizationName},
                                                {"OU", NID_organizationalUnitName},
                                                {"serialNumber", NID_serialNumber},
                                                {"businessCategory", NID_businessCategory},
                                                {"L", NID_localityName},
                                                {"ST", NID_stateOrProvinceName},
                                                {"S", NID_stateOrProvinceName},
                                                {"organizationIdentifier", NID_organizationIdentifier},
                                                {"SURNAME", NID_surname},
                                                {"SN", NID_surname},
                                                {"GIVENNAME", NID_givenName},
                                                {"T", NID_title},
                                                {"STREET", NID_streetAddress},
                                                {"DC", NID_domainComponent},
                                                {"UID", NID_userId},
                                                {"E", NID_pkcs9_emailAddress},
                                                {"EMAILADDRESS", NID_pkcs9_emailAddress},
                                                {"postalCode", NID_postalCode},
                                                {"DN", NID_dnQualifier},
                                                {"telephoneNumber", NID_telephoneNumber}}};

bool same_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

Asn1ObjectPtr object_of(std::string_view type) {
  for (const Keyword& keyword : kKeywords) {
    if (same_ignoring_case(keyword.name, type)) return Asn1ObjectPtr(OBJ_dup(OBJ_nid2obj(keyword.nid)));
  }
  const bool dotted = !type.empty() && type.find_first_not_of("0123456789.") == std::string_view::npos;
  return dotted ? oid_object(type) : nullptr;
}

std::string type_text(const ASN1_OBJECT* type) {
  const int nid = OBJ_obj2nid(type);
  const auto keyword = std::ranges::find(kKeywords, nid, &Keyword::nid);
  return nid != NID_undef && keyword != kKeywords.end() ? std::string(keyword->name) : oid_text(type);
}

bool is_printable(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" '()+,-./:=?").find(c) != std::string_view::npos;
  });
}

int string_type(int nid, std::string_view value) {
  const bool ascii = std::ranges::all_of(value, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (nid == NID_domainComponent || nid == NID_pkcs9_emailAddress) return ascii ? V_ASN1_IA5STRING : V_ASN1_UTF8STRING;
  const bool wants_printable =
      nid == NID_countryName || nid == NID_serialNumber || nid == NID_dnQualifier || nid == NID_telephoneNumber;
  return wants_printable && is_printable(value) ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

X509NamePtr read_name(const Bytes& der) { return from_der_exactly<X509NamePtr>(&d2i_X509_NAME, der); }

std::string value_text(const ASN1_STRING* value) {
  unsigned char* text = nullptr;
  const int size = ASN1_STRING_to_UTF8(&text, value);
  if (size < 0) return {};
  const OpensslStringPtr owner(reinterpret_cast<char*>(text));
  return std::string(owner.get(), static_cast<std::size_t>(size));
}

// The value up to the next unescaped comma; `position` ends up behind that.
Result<std::string> take_value(std::string_view text, std::size_t& position) {
  std::string value;
  std::size_t keep = 0;  // what was escaped is not trimmed
  while (position < text.size() && text[position] == ' ') ++position;
  for (; position < text.size() && text[position] != ','; ++position) {
    if (text[position] == '+' || text[position] == '"') {
      return fault(FaultCode::bad_request, "unescaped + or \" in subject name: " + std::string(text));
    }
    if (text[position] == '\\') {
      if (++position == text.size()) return fault(FaultCode::bad_request, "subject name ends in a backslash");
      keep = value.size() + 1;
    }
    value += text[position];
  }
  if (position < text.size()) ++position;
  while (value.size() > keep && value.back() == ' ') value.pop_back();
  return value;
}

}  // namespace

Result<DistinguishedName> DistinguishedName::make(std::span<const NameAttribute> attributes) {
  const ErrorQueueGuard guard;
  if (attributes.size() > kMaxAttributes) return fault(FaultCode::bad_request, "subject name has too many fields");
  const X509NamePtr name(X509_NAME_new());
  for (const auto& [type, value] : attributes) {
    if (trimmed(value).empty()) continue;
    const Asn1ObjectPtr object = object_of(type);
    if (!object) return fault(FaultCode::bad_request, "unknown subject field " + type);
    if (value.size() > kMaxValueBytes || !is_utf8(value)) {
      return fault(FaultCode::bad_request, "the value of subject field " + type + " is too long or not UTF-8");
    }
    if (X509_NAME_add_entry_by_OBJ(name.get(), object.get(), string_type(OBJ_obj2nid(object.get()), value),
                                   reinterpret_cast<const unsigned char*>(value.data()), static_cast<int>(value.size()),
                                   -1, 0) != 1) {
      return openssl_fault(FaultCode::bad_request, "cannot encode subject field " + type);
    }
  }
  if (X509_NAME_entry_count(name.get()) == 0) return fault(FaultCode::bad_request, "subject name is empty");
  return DistinguishedName(to_der<X509_NAME>(&i2d_X509_NAME, name.get()));
}

Result<DistinguishedName> DistinguishedName::parse(std::string_view text) {
  if (text.size() > kMaxNameBytes) return fault(FaultCode::bad_request, "subject name is too long");
  std::vector<NameAttribute> attributes;
  for (std::size_t position = 0; position < text.size();) {
    const auto equals = text.find('=', position);
    if (equals == std::string_view::npos) {
      return fault(FaultCode::bad_request, "subject name is not a list of type=value: " + std::string(text));
    }
    NameAttribute attribute{.type = std::string(trimmed(text.substr(position, equals - position))), .value = {}};
    position = equals + 1;
    auto value = take_value(text, position);
    if (!value) return value.error();
    attribute.value = *std::move(value);
    attributes.push_back(std::move(attribute));
  }
  return make(attributes);
}

Result<DistinguishedName> DistinguishedName::from_der(ByteView der) {
  const ErrorQueueGuard guard;
  Bytes bytes(der.begin(), der.end());
  if (bytes.size() > kMaxNameBytes || !read_name(bytes)) {
    return fault(FaultCode::bad_request, "cannot read subject name");
  }
  return DistinguishedName(std::move(bytes));
}

std::vector<NameAttribute> DistinguishedName::attributes() const {
  const X509NamePtr name = read_name(der_);
  std::vector<NameAttribute> attributes;
  for (int i = 0; i < X509_NAME_entry_count(name.get()); ++i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name.get(), i);
    attributes.push_back({type_text(X509_NAME_ENTRY_get_object(entry)), value_text(X509_NAME_ENTRY_get_data(entry))});
  }
  return attributes;
}

std::optional<std::string> DistinguishedName::find(std::string_view type) const {
  const Asn1ObjectPtr object = object_of(type);
  const X509NamePtr name = read_name(der_);
  for (int i = X509_NAME_entry_count(name.get()) - 1; object && i >= 0; --i) {
    const X509_NAME_ENTRY* entry = X509_NAME_get_entry(name.get(), i);
    if (OBJ_cmp(X509_NAME_ENTRY_get_object(entry), object.get()) == 0) {
      return value_text(X509_NAME_ENTRY_get_data(entry));
    }
  }
  return std::nullopt;
}

std::string DistinguishedName::to_string() const {
  std::string text;
  for (const auto& [type, value] : attributes()) {
    if (!text.empty()) text += ", ";
    text.append(type).append("=");
    for (std::size_t i = 0; i < value.size(); ++i) {
      const bool edge_space = value[i] == ' ' && (i == 0 || i + 1 == value.size());
      if (edge_space || std::string_view(",+\"\\").find(value[i]) != std::string_view::npos) text += '\\';
      text += value[i];
    }
  }
  return text;
}

}  // namespace causeway::pki
