// SPDX-License-Identifier: MIT
#include "centralserver/registry/certification_services.hpp"

#include <array>

#include "centralserver/registry/checks.hpp"
#include "centralserver/registry/query.hpp"
#include "centralserver/registry/registry_fault.hpp"
#include "domain/fault_code.hpp"
#include "pki/certificate_profile.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::string_view kKind = "certification service";
constexpr const char* kSelect =
    "SELECT id, name, profile_class, tls_only, csr_format, acme_directory_url, acme_ip_address,"
    " acme_authentication_profile, acme_signing_profile, created, updated FROM certification_service ";

std::optional<std::string> csr_text(const std::optional<globalconf::CsrFormat>& format) {
  if (!format) return std::nullopt;
  return *format == globalconf::CsrFormat::der ? "DER" : "PEM";
}

// What the table itself has of it.
struct Row {
  std::int64_t number;
  std::string name;
  CertificationSettings settings;
  TimePoint created, updated;
};

Result<Row> read_service(const store::Statement& row) {
  Row out{row.integer(0),
          std::string(row.text(1)),
          {},
          from_unix_millis(row.integer(9)),
          from_unix_millis(row.integer(10))};
  out.settings.profile_class = std::string(row.text(2));
  out.settings.tls_only = row.integer(3) != 0;
  if (!row.is_null(4))
    out.settings.default_csr_format = row.text(4) == "DER" ? globalconf::CsrFormat::der : globalconf::CsrFormat::pem;
  out.settings.acme_directory_url = std::string(row.text(5));
  out.settings.acme_ip_addresses = std::string(row.text(6));
  out.settings.acme_authentication_profile = std::string(row.text(7));
  out.settings.acme_signing_profile = std::string(row.text(8));
  return out;
}

Result<RegisteredCertificationService> with_authorities(const Registry& registry, Row row) {
  auto authorities = authorities_of(registry, row.number);
  if (!authorities) return authorities.error();
  if (authorities->empty())
    return fault(FaultCode::database_error, "The certification service " + row.name + " has no certificate");
  CertificateAuthority top = std::move(authorities->front());
  authorities->erase(authorities->begin());
  return RegisteredCertificationService{row.number,     std::move(row.name),     std::move(row.settings),
                                        std::move(top), *std::move(authorities), row.created,
                                        row.updated};
}

Result<void> check(const CertificationSettings& settings) {
  if (!pki::CertificateProfile::from_class(settings.profile_class))
    return fault(RegistryFault::certificate_profile_info_class_not_found,
                 "There is no certificate profile " + settings.profile_class);
  if (!settings.acme_directory_url.empty())
    if (auto url = check_url(settings.acme_directory_url); !url) return url;
  if (!settings.acme_ip_addresses.empty())
    if (auto addresses = check_ip_addresses(settings.acme_ip_addresses); !addresses) return addresses;
  for (const std::string& profile : {settings.acme_authentication_profile, settings.acme_signing_profile})
    if (auto text = check_optional_text("The name of an ACME profile", profile); !text) return text;
  return {};
}

Result<void> note_settings(Change& change, const std::string& subject, const CertificationSettings& before,
                           const CertificationSettings& after) {
  struct Field {
    std::string_view name;
    std::string before, after;
  };
  const auto yes_or_no = [](bool value) { return std::string(value ? "true" : "false"); };
  const std::array fields{
      Field{"certificate profile", before.profile_class, after.profile_class},
      Field{"TLS authentication only", yes_or_no(before.tls_only), yes_or_no(after.tls_only)},
      Field{"default CSR format", csr_text(before.default_csr_format).value_or(""),
            csr_text(after.default_csr_format).value_or("")},
      Field{"ACME directory", before.acme_directory_url, after.acme_directory_url},
      Field{"ACME IP addresses", before.acme_ip_addresses, after.acme_ip_addresses},
      Field{"ACME authentication profile", before.acme_authentication_profile, after.acme_authentication_profile},
      Field{"ACME signing profile", before.acme_signing_profile, after.acme_signing_profile}};
  for (const Field& field : fields)
    if (auto noted = change.note_changed(kKind, subject, field.name, field.before, field.after); !noted) return noted;
  return {};
}

}  // namespace

Result<std::vector<RegisteredCertificationService>> certification_services(const Registry& registry) {
  auto rows = read_rows(registry.database(), std::string(kSelect) + "ORDER BY id", read_service);
  if (!rows) return rows.error();
  std::vector<RegisteredCertificationService> out;
  for (Row& row : *rows) {
    auto service = with_authorities(registry, std::move(row));
    if (!service) return service.error();
    out.push_back(*std::move(service));
  }
  return out;
}

Result<RegisteredCertificationService> certification_service(const Registry& registry, std::int64_t number) {
  auto row = read_row(registry.database(), std::string(kSelect) + "WHERE id = $1", read_service, number);
  if (!row) return row.error();
  if (!*row)
    return fault(RegistryFault::certification_service_not_found,
                 "There is no certification service number " + std::to_string(number));
  return with_authorities(registry, **std::move(row));
}

Result<std::int64_t> add_certification_service(Change& change, const CertificationSettings& settings,
                                               ByteView certificate) {
  if (auto good = check(settings); !good) return good.error();
  auto top = check_certificate(certificate);
  if (!top) return top.error();
  const auto name = name_of(*top);
  if (!name) return name.error();
  const auto format = csr_text(settings.default_csr_format);
  auto number = insert(change.database(),
                       "INSERT INTO certification_service (name, profile_class, tls_only, csr_format,"
                       " acme_directory_url, acme_ip_address, acme_authentication_profile, acme_signing_profile,"
                       " created, updated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) RETURNING id",
                       *name, settings.profile_class, settings.tls_only, nullable(format), settings.acme_directory_url,
                       settings.acme_ip_addresses, settings.acme_authentication_profile, settings.acme_signing_profile,
                       change.millis());
  if (!number) return number;
  if (auto noted = change.note_added(kKind, std::to_string(*number), *name); !noted) return noted.error();
  if (auto noted = note_settings(change, std::to_string(*number), {}, settings); !noted) return noted.error();
  if (auto added = add_authority_of(change, *number, *top, false); !added) return added.error();
  return number;
}

Result<void> update_certification_service(Change& change, std::int64_t number, const CertificationSettings& settings) {
  auto before = certification_service(change.registry(), number);
  if (!before) return before.error();
  if (auto good = check(settings); !good) return good;
  const auto format = csr_text(settings.default_csr_format);
  auto stored = run(change.database(),
                    "UPDATE certification_service SET profile_class = $2, tls_only = $3, csr_format = $4,"
                    " acme_directory_url = $5, acme_ip_address = $6, acme_authentication_profile = $7,"
                    " acme_signing_profile = $8, updated = $9 WHERE id = $1",
                    number, settings.profile_class, settings.tls_only, nullable(format), settings.acme_directory_url,
                    settings.acme_ip_addresses, settings.acme_authentication_profile, settings.acme_signing_profile,
                    change.millis());
  if (!stored) return stored;
  return note_settings(change, std::to_string(number), before->settings, settings);
}

Result<void> delete_certification_service(Change& change, std::int64_t number) {
  auto deleted = certification_service(change.registry(), number);
  if (!deleted) return deleted.error();
  for (const CertificateAuthority& intermediate : deleted->intermediates)
    if (auto gone = delete_authority(change, intermediate); !gone) return gone;
  if (auto gone = delete_authority(change, deleted->top); !gone) return gone;
  auto gone = run(change.database(), "DELETE FROM certification_service WHERE id = $1", number);
  if (!gone) return gone;
  return change.note_deleted(kKind, std::to_string(number), deleted->name);
}

Result<std::int64_t> add_ocsp_responder(Change& change, std::int64_t service, const NewOcspResponder& added) {
  auto known = certification_service(change.registry(), service);
  if (!known) return known.error();
  return add_ocsp_responder_of(change, known->top.number, added);
}

}  // namespace causeway::centralserver
