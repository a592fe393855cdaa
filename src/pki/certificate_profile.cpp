// SPDX-License-Identifier: MIT
#include "pki/certificate_profile.hpp"

#include <algorithm>
#include <array>

#include "domain/fault_code.hpp"

namespace causeway::pki {
namespace {

constexpr std::string_view kPackage = "ee.ria.xroad.common.certificateprofile.impl.";
constexpr std::string_view kSuffix = "CertificateProfileInfoProvider";

constexpr std::string_view kCn = "2.5.4.3", kSerialNumber = "2.5.4.5", kC = "2.5.4.6", kO = "2.5.4.10",
                           kOu = "2.5.4.11", kBusinessCategory = "2.5.4.15", kOrganizationIdentifier = "2.5.4.97";

Fault incorrect(std::string text) { return fault(FaultCode::incorrect_certificate, std::move(text)); }

Result<std::string> need(const Certificate& certificate, std::string_view oid, std::string_view what) {
  auto value = certificate.subject_attribute(oid);
  if (!value) return incorrect("the certificate's subject has no " + std::string(what));
  return *std::move(value);
}

Result<void> need_country(const Certificate& certificate, std::string_view country) {
  if (certificate.subject_attribute(kC) == country) return {};
  return incorrect("the certificate's subject has not the country " + std::string(country));
}

Result<ClientId> member(std::string instance, std::string member_class, std::string code) {
  auto id = ClientId::make(std::move(instance), std::move(member_class), std::move(code));
  if (!id) return incorrect("the certificate's subject names no member: " + id.error().text);
  return id;
}

struct Place {
  std::string_view oid, what;
};
constexpr Place kCountryPlace = {kC, "country"}, kOrganization = {kO, "organization"},
                kUnit = {kOu, "organizational unit"}, kCommonName = {kCn, "common name"};

Result<ClientId> member_at(const Certificate& certificate, Place instance, Place member_class, Place code) {
  auto first = need(certificate, instance.oid, instance.what);
  if (!first) return first.error();
  auto second = need(certificate, member_class.oid, member_class.what);
  if (!second) return second.error();
  auto third = need(certificate, code.oid, code.what);
  if (!third) return third.error();
  return member(*std::move(first), *std::move(second), *std::move(third));
}

Result<ClientId> ejbca_member(const Certificate& certificate) {
  return member_at(certificate, kCountryPlace, kOrganization, kCommonName);
}

Result<ClientId> basic_member(const Certificate& certificate, std::string_view instance) {
  auto member_class = need(certificate, kBusinessCategory, "business category");
  if (!member_class) return member_class.error();
  auto code = need(certificate, kSerialNumber, "serial number");
  if (!code) return code.error();
  return member(std::string(instance), *std::move(member_class), *std::move(code));
}

// As Java splits: empty parts at the end do not count.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const auto slash = text.find('/');
    parts.emplace_back(text.substr(0, slash));
    if (slash == std::string_view::npos) break;
    text.remove_prefix(slash + 1);
  }
  while (!parts.empty() && parts.back().empty()) parts.pop_back();
  return parts;
}

Result<ClientId> fivrk_member(const Certificate& certificate) {
  const auto serial = certificate.subject_attribute(kSerialNumber);
  if (!serial && !certificate.subject_attribute(kOu)) return ejbca_member(certificate);
  if (auto ok = need_country(certificate, "FI"); !ok) return ok.error();
  if (!serial) return member_at(certificate, kOrganization, kUnit, kCommonName);
  if (auto organization = need(certificate, kO, "organization"); !organization) return organization.error();
  auto code = need(certificate, kCn, "common name");
  if (!code) return code.error();
  std::vector<std::string> parts = split(*serial);  // instance, server code, member class
  if (parts.size() != 3) return incorrect("the serial number in the certificate's subject has not three parts");
  return member(std::move(parts[0]), std::move(parts[2]), *std::move(code));
}

Result<ClientId> country_member(const Certificate& certificate, std::string_view country) {
  if (auto ok = need_country(certificate, country); !ok) return ok.error();
  auto id = member_at(certificate, kOrganization, kUnit, kCommonName);
  if (!id) return id;
  if (auto serial = need(certificate, kSerialNumber, "serial number"); !serial) return serial.error();
  return id;
}

Result<ClientId> is_member(const Certificate& certificate) {
  const bool bare = !certificate.subject_attribute(kSerialNumber) && !certificate.subject_attribute(kOu);
  return bare ? ejbca_member(certificate) : country_member(certificate, "IS");
}

// Estonian registers, by the prefix of the organisation identifier, else by the first
// digit of the register code.
Result<ClientId> sk_klass3_member(const Certificate& certificate, std::string_view instance) {
  const auto organization = certificate.subject_attribute(kOrganizationIdentifier);
  if (organization && !organization->empty()) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kRegisters = {
        {{"NTREE-", "COM"}, {"GO:EE-", "GOV"}, {"NP:EE-", "NGO"}}};
    for (const auto& [prefix, member_class] : kRegisters) {
      if (organization->starts_with(prefix)) {
        return member(std::string(instance), std::string(member_class), organization->substr(prefix.size()));
      }
    }
    return member(std::string(instance), "NEE", *organization);
  }
  auto serial = need(certificate, kSerialNumber, "serial number");
  if (!serial) return serial.error();
  constexpr std::size_t kDigits = 8;
  if (serial->size() != kDigits || serial->find_first_not_of("0123456789") != std::string::npos ||
      (*serial)[0] == '0') {
    return incorrect("the serial number in the certificate's subject is not a register code of eight digits");
  }
  const char first = (*serial)[0];
  const std::string member_class = first <= '6' ? "COM" : (first == '7' ? "GOV" : "NGO");
  return member(std::string(instance), member_class, *std::move(serial));
}

Result<ClientId> sk_esteid_member(const Certificate& certificate, std::string_view instance) {
  auto serial = need(certificate, kSerialNumber, "serial number");
  if (!serial) return serial.error();
  return member(std::string(instance), "PERSON", *std::move(serial));
}

ProfileField fixed(std::string id, std::string label, std::string value) {
  return {.id = std::move(id), .label = std::move(label), .value = std::move(value), .read_only = true};
}
ProfileField asked(std::string id, std::string label, std::string proposal = {}) {
  return {.id = std::move(id), .label = std::move(label), .value = std::move(proposal), .read_only = false};
}
ProfileField country() { return asked("C", "COUNTRY_CODE"); }
ProfileField alt_name() { return asked("subjectAltName", "SUBJECT_ALTERNATIVE_NAME"); }

std::string short_text(const ServerId& server) {
  const ClientId& owner = server.owner();
  return owner.instance() + "/" + owner.member_class() + "/" + owner.member_code() + "/" + server.code();
}

}  // namespace

std::span<const CertificateProfile::Name> CertificateProfile::names() {
  static constexpr std::array<Name, 8> kNames = {{{Kind::basic, "Basic"},
                                                  {Kind::basic_acme, "BasicACME"},
                                                  {Kind::ejbca, "Ejbca"},
                                                  {Kind::fivrk, "FiVRK"},
                                                  {Kind::fo, "Fo"},
                                                  {Kind::is, "Is"},
                                                  {Kind::sk_klass3, "SkKlass3"},
                                                  {Kind::sk_esteid, "SkEsteId"}}};
  return kNames;
}

Result<CertificateProfile> CertificateProfile::from_class(std::string_view class_name) {
  for (const Name& name : names()) {
    if (class_name.starts_with(kPackage) && class_name.ends_with(kSuffix) &&
        class_name.size() == kPackage.size() + name.text.size() + kSuffix.size() &&
        class_name.substr(kPackage.size(), name.text.size()) == name.text) {
      return CertificateProfile(name.kind);
    }
  }
  return fault(FaultCode::internal_error, "unknown certificate profile " + std::string(class_name));
}

std::vector<std::string> CertificateProfile::known_classes() {
  std::vector<std::string> classes;
  for (const Name& name : names()) classes.push_back(CertificateProfile(name.kind).class_name());
  return classes;
}

std::string CertificateProfile::class_name() const {
  const auto name = std::ranges::find(names(), kind_, &Name::kind);
  return std::string(kPackage).append(name->text).append(kSuffix);
}

Result<ClientId> CertificateProfile::member_of(const Certificate& certificate,
                                               std::string_view expected_instance) const {
  switch (kind_) {
    case Kind::basic:
    case Kind::basic_acme:
      return basic_member(certificate, expected_instance);
    case Kind::ejbca:
      return ejbca_member(certificate);
    case Kind::fivrk:
      return fivrk_member(certificate);
    case Kind::fo:
      return country_member(certificate, "FO");
    case Kind::is:
      return is_member(certificate);
    case Kind::sk_klass3:
      return sk_klass3_member(certificate, expected_instance);
    case Kind::sk_esteid:
      return sk_esteid_member(certificate, expected_instance);
  }
  return fault(FaultCode::internal_error, "unknown certificate profile");
}

std::vector<ProfileField> CertificateProfile::authentication_fields(const ServerId& server,
                                                                    const std::string& member_name) const {
  const ClientId& owner = server.owner();
  switch (kind_) {
    case Kind::basic:
      return {asked("CN", "SERVER_DNS_NAME"), fixed("serialNumber", "MEMBER_CODE_SN", owner.member_code()), country(),
              fixed("O", "ORGANIZATION_NAME", member_name)};
    case Kind::basic_acme:
      return {country(), fixed("O", "ORGANIZATION_NAME", member_name),
              fixed("serialNumber", "MEMBER_CODE_SN", owner.member_code()), asked("CN", "SERVER_DNS_NAME"), alt_name()};
    case Kind::ejbca:
      return {fixed("C", "INSTANCE_IDENTIFIER", owner.instance()), fixed("CN", "SERVER_CODE", server.code())};
    case Kind::fivrk:
      return {
          fixed("C", "COUNTRY_CODE", "FI"), asked("O", "ORGANIZATION_NAME"),
          fixed("serialNumber", "SERIAL_NUMBER", owner.instance() + "/" + server.code() + "/" + owner.member_class()),
          asked("CN", "SERVER_DNS_NAME"), alt_name()};
    case Kind::fo:
      return {fixed("C", "COUNTRY_CODE", "FO"), fixed("O", "INSTANCE_IDENTIFIER_O", owner.instance()),
              fixed("CN", "COMMON_NAME", short_text(server))};
    case Kind::is:
      return {fixed("C", "COUNTRY_CODE", "IS"), asked("CN", "SERVER_DNS_NAME"),
              fixed("serialNumber", "SERIAL_NUMBER", short_text(server))};
    case Kind::sk_klass3:
      return {fixed("SN", "SERIAL_NUMBER_SN", owner.member_code()), fixed("CN", "COMMON_NAME", member_name)};
    case Kind::sk_esteid:
      break;
  }
  return {};
}

std::vector<ProfileField> CertificateProfile::signing_fields(const ClientId& member, const ServerId& server,
                                                             const std::string& member_name) const {
  const auto numbered = [&](bool read_only) {
    ProfileField serial = fixed("serialNumber", "SERIAL_NUMBER", short_text(server));
    serial.read_only = read_only;
    return serial;
  };
  switch (kind_) {
    case Kind::basic:
      return {fixed("CN", "ORGANIZATION_NAME_CN", member_name), fixed("O", "ORGANIZATION_NAME", member_name),
              fixed("businessCategory", "MEMBER_CLASS_BC", member.member_class()), country(),
              fixed("serialNumber", "MEMBER_CODE_SN", member.member_code())};
    case Kind::basic_acme:
      return {country(),
              fixed("O", "ORGANIZATION_NAME", member_name),
              fixed("businessCategory", "MEMBER_CLASS_BC", member.member_class()),
              fixed("serialNumber", "MEMBER_CODE_SN", member.member_code()),
              fixed("CN", "ORGANIZATION_NAME_CN", member_name),
              alt_name()};
    case Kind::ejbca:
      return {fixed("C", "INSTANCE_IDENTIFIER", member.instance()), fixed("O", "MEMBER_CLASS", member.member_class()),
              fixed("CN", "MEMBER_CODE", member.member_code())};
    case Kind::fivrk:
      return {
          fixed("C", "COUNTRY_CODE", "FI"), asked("O", "ORGANIZATION_NAME"),
          fixed("serialNumber", "SERIAL_NUMBER", member.instance() + "/" + server.code() + "/" + member.member_class()),
          fixed("CN", "MEMBER_CODE", member.member_code()), alt_name()};
    case Kind::fo:
    case Kind::is:
      return {fixed("C", "COUNTRY_CODE", kind_ == Kind::fo ? "FO" : "IS"),
              fixed("O", "INSTANCE_IDENTIFIER_O", member.instance()),
              fixed("OU", "MEMBER_CLASS_OU", member.member_class()), fixed("CN", "MEMBER_CODE", member.member_code()),
              numbered(kind_ == Kind::is)};
    case Kind::sk_klass3:
      return {fixed("SN", "SERIAL_NUMBER_SN", member.member_code()), fixed("CN", "COMMON_NAME", member_name)};
    case Kind::sk_esteid:
      break;
  }
  return {};
}

}  // namespace causeway::pki
