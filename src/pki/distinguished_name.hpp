// SPDX-License-Identifier: MIT
// Subject names to be put into requests and certificates.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace causeway::pki {

// `type`: a keyword ("C", "CN", "serialNumber", ...; any case) or a dotted OID.
struct NameAttribute {
  std::string type;
  std::string value;
  bool operator==(const NameAttribute&) const = default;
};

// One attribute in each RDN, in the order in which they were listed. C and serialNumber
// are PrintableString where they can be, others UTF8String (trust.md 8.1). "SN" is the
// surname, as it is for Java.
class DistinguishedName {
 public:
  // Attributes with a blank value are left out. bad_request for an unknown type, a value
  // that is too long, and when nothing is left.
  static Result<DistinguishedName> make(std::span<const NameAttribute> attributes);
  // "C=FI, O=Example\, Inc., CN=x". bad_request.
  static Result<DistinguishedName> parse(std::string_view text);
  static Result<DistinguishedName> from_der(ByteView der);

  const Bytes& der() const { return der_; }
  // Types by keyword where they have one, values as they are.
  std::vector<NameAttribute> attributes() const;
  // The value of the last attribute of this type, as it is.
  std::optional<std::string> find(std::string_view type) const;
  // "C=FI, O=Example\, Inc., CN=x": what parse() reads.
  std::string to_string() const;

 private:
  explicit DistinguishedName(Bytes der) : der_(std::move(der)) {}
  Bytes der_;
};

}  // namespace causeway::pki
