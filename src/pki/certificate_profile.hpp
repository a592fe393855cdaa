// SPDX-License-Identifier: MIT
// How a CA's certificates name members, and what it wants in requests (trust.md 8.1).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/identifiers.hpp"
#include "pki/certificate.hpp"

namespace causeway::pki {

// One field of a subject, in the order in which the subject has them.
struct ProfileField {
  std::string id;     // "C", "CN", "serialNumber", ..., or "subjectAltName"
  std::string label;  // key of the label's translation in X-Road's admin API
  std::string value;  // fixed when read_only, else a proposal, mostly empty
  bool read_only = true;
  bool required = true;
};

class CertificateProfile {
 public:
  // By the class name that the global configuration gives (certificateProfileInfo).
  // internal_error for one that is not known.
  static Result<CertificateProfile> from_class(std::string_view class_name);
  // All class names, for a central server to offer.
  static std::vector<std::string> known_classes();

  std::string class_name() const;

  // The member that a signing certificate belongs to. Some profiles do not say the
  // instance; it is then `expected_instance`, that of the member being checked.
  // incorrect_certificate.
  Result<ClientId> member_of(const Certificate& certificate, std::string_view expected_instance) const;

  // `member_name` as in the global configuration.
  std::vector<ProfileField> authentication_fields(const ServerId& server, const std::string& member_name) const;
  std::vector<ProfileField> signing_fields(const ClientId& member, const ServerId& server,
                                           const std::string& member_name) const;

 private:
  enum class Kind { basic, basic_acme, ejbca, fivrk, fo, is, sk_klass3, sk_esteid };
  struct Name {
    Kind kind;
    std::string_view text;
  };
  static std::span<const Name> names();
  explicit CertificateProfile(Kind kind) : kind_(kind) {}
  Kind kind_;
};

}  // namespace causeway::pki
