// SPDX-License-Identifier: MIT
// The TLS key of the management services and the certificate for it, as files of a folder:
// management-service.key and management-service.crt, where X-Road has them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "pki/certificate.hpp"

namespace causeway::centralserver {

class ServiceCertificate {
 public:
  explicit ServiceCertificate(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // cannot_read_certificate.
  Result<pki::Certificate> read() const;
  // In place of what is there, self-signed, for a server of this host name or address.
  // key_and_cert_generation_failed.
  Result<pki::Certificate> generate(const std::string& host, TimePoint at = now()) const;
  // PKCS#10 as PEM, by Java's rule that a name begins with its last part.
  // invalid_distinguished_name, csr_generation_failed.
  Result<std::string> request(std::string_view name) const;
  // Takes a certificate of the key, alone or with those of its issuers behind it, DER or PEM.
  // cannot_convert_bytes_to_certificate, key_not_found when it is of another key,
  // certificate_already_exists, cannot_read_certificate, certificate_import_failed when those behind
  // did not issue it, or the disk refuses.
  Result<pki::Certificate> replace(std::string_view uploaded) const;

 private:
  std::filesystem::path key_file() const { return folder_ / "management-service.key"; }
  std::filesystem::path certificate_file() const { return folder_ / "management-service.crt"; }

  std::filesystem::path folder_;
};

}  // namespace causeway::centralserver
