// SPDX-License-Identifier: MIT
#include "net/tls_files.hpp"

#include <chrono>
#include <thread>

#include "base/exclusive_lock.hpp"
#include "base/files.hpp"
#include "base/parameters.hpp"
#include "domain/fault_code.hpp"
#include "pki/certificate_builder.hpp"

namespace causeway::net {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileLimit = 1 << 20;
constexpr std::string_view kCertificateEnd = "-----END CERTIFICATE-----";
constexpr std::chrono::seconds kTurn{60};  // a key takes some seconds where there is much to do
constexpr std::chrono::milliseconds kPause{10};
constexpr std::chrono::hours kLifetime{24 * 365 * 20};

Fault unusable(const fs::path& file, const Fault& why) {
  return malformed_configuration(file.string() + " cannot be used: " + why.text);
}

Result<std::vector<pki::Certificate>> read_chain(const fs::path& file) {
  const auto text = read_file(file, kFileLimit);
  if (!text) return unusable(file, text.error());
  std::vector<pki::Certificate> chain;
  std::string_view rest = *text;
  for (std::size_t end = rest.find(kCertificateEnd); end != rest.npos || chain.empty();
       end = rest.find(kCertificateEnd)) {
    const std::size_t length = end == rest.npos ? rest.size() : end + kCertificateEnd.size();
    auto certificate = pki::Certificate::from_pem(rest.substr(0, length));
    if (!certificate) return unusable(file, certificate.error());
    chain.push_back(*std::move(certificate));
    rest.remove_prefix(length);
  }
  return chain;
}

Result<void> make_identity(const TlsFiles& files, const std::string& host) {
  auto key = pki::PrivateKey::generate_rsa(2048);
  if (!key) return key.error();
  const std::vector<pki::NameAttribute> name{{"CN", host}};
  auto subject = pki::DistinguishedName::make(name);
  if (!subject) return subject.error();
  pki::CertificateSpec spec{pki::CertificateKind::tls, *subject, now() - std::chrono::hours(1), now() + kLifetime};
  spec.alt_names = {host, "localhost", "127.0.0.1"};
  auto certificate = pki::self_sign_certificate(spec, *key);
  if (!certificate) return certificate.error();
  for (const fs::path& file : {files.key, files.certificate})
    if (auto made = make_directories(file.parent_path()); !made) return made;
  if (auto written = write_file_atomically(files.key, key->to_pem(), 0600); !written) return written;
  return write_file_atomically(files.certificate, certificate->to_pem());
}

Result<ExclusiveLock> take_turn(const fs::path& folder) {
  if (auto made = make_directories(folder); !made) return std::move(made).error();
  for (const auto until = std::chrono::steady_clock::now() + kTurn; std::chrono::steady_clock::now() < until;) {
    auto taken = ExclusiveLock::take(folder);
    if (!taken) return std::move(taken).error();
    if (*taken) return std::move(**taken);
    std::this_thread::sleep_for(kPause);
  }
  return fault(FaultCode::io_error, "another process makes a certificate in " + folder.string() + ", for too long");
}

}  // namespace

bool TlsFiles::are_missing() const {
  std::error_code ignored;
  return !fs::exists(certificate, ignored) && !fs::exists(key, ignored);
}

Result<TlsIdentity> read_tls_identity(const TlsFiles& files) {
  auto chain = read_chain(files.certificate);
  if (!chain) return std::move(chain).error();
  const auto text = read_file(files.key, kFileLimit);
  if (!text) return unusable(files.key, text.error());
  auto key = pki::PrivateKey::from_pem(*text);
  if (!key) return unusable(files.key, key.error());
  return TlsIdentity{*std::move(key), *std::move(chain)};
}

Result<TlsIdentity> read_or_make_tls_identity(const TlsFiles& files, const std::string& host) {
  std::error_code ignored;
  if (fs::exists(files.certificate, ignored) && fs::exists(files.key, ignored)) return read_tls_identity(files);
  // Whoever comes second reads what the first has made.
  const auto alone = take_turn(files.certificate.parent_path());
  if (!alone) return alone.error();
  if (files.are_missing())
    if (auto made = make_identity(files, host); !made) return std::move(made).error();
  return read_tls_identity(files);
}

}  // namespace causeway::net
