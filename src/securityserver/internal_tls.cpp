// SPDX-License-Identifier: MIT
#include "securityserver/internal_tls.hpp"

#include <filesystem>

#include "base/files.hpp"
#include "pki/certificate_builder.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::size_t kMaxFile = 1 << 20;

Result<void> make_identity(const std::filesystem::path& key_file, const std::filesystem::path& certificate_file,
                           const std::string& host) {
  auto key = pki::PrivateKey::generate_rsa(2048);
  if (!key) return key.error();
  const std::vector<pki::NameAttribute> name{{"CN", host}};
  auto subject = pki::DistinguishedName::make(name);
  if (!subject) return subject.error();
  pki::CertificateSpec spec{pki::CertificateKind::tls, *subject, now() - std::chrono::hours(1),
                            now() + std::chrono::hours(24 * 365 * 20)};
  spec.alt_names = {host, "localhost", "127.0.0.1"};
  auto certificate = pki::self_sign_certificate(spec, *key);
  if (!certificate) return certificate.error();
  if (auto written = write_file_atomically(key_file, key->to_pem(), 0600); !written) return written;
  return write_file_atomically(certificate_file, certificate->to_pem());
}

}  // namespace

Result<std::shared_ptr<const net::TlsIdentity>> internal_tls_identity(const std::string& directory,
                                                                      const std::string& host) {
  const auto key_file = std::filesystem::path(directory) / "internal.key";
  const auto certificate_file = std::filesystem::path(directory) / "internal.crt";
  if (!std::filesystem::exists(key_file) && !std::filesystem::exists(certificate_file)) {
    if (auto made = make_directories(directory); !made) return made.error();
    if (auto made = make_identity(key_file, certificate_file, host); !made) return made.error();
  }
  auto key_pem = read_file(key_file, kMaxFile);
  if (!key_pem) return key_pem.error();
  auto certificate_pem = read_file(certificate_file, kMaxFile);
  if (!certificate_pem) return certificate_pem.error();
  auto key = pki::PrivateKey::from_pem(*key_pem);
  if (!key) return key.error().while_doing(key_file.string());
  auto certificate = pki::Certificate::from_pem(*certificate_pem);
  if (!certificate) return certificate.error().while_doing(certificate_file.string());
  return std::make_shared<const net::TlsIdentity>(net::TlsIdentity{*std::move(key), {*std::move(certificate)}});
}

}  // namespace causeway::securityserver
