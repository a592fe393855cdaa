// SPDX-License-Identifier: MIT
#include "centralserver/api/service_certificate.hpp"

#include <algorithm>
#include <vector>

#include "base/files.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/csr.hpp"
#include "pki/distinguished_name.hpp"

namespace causeway::centralserver {
namespace {

constexpr std::size_t kLargestFile = 256 * 1024;
constexpr std::size_t kLongestChain = 10;
constexpr std::string_view kBegin = "-----BEGIN ";
constexpr auto kValidity = std::chrono::days(20 * 365);

Fault refused(const char* code, const Fault& why) { return Fault{code, why.text}; }

// One of DER, or all of a PEM file.
Result<std::vector<pki::Certificate>> read_chain(std::string_view text) {
  std::vector<pki::Certificate> chain;
  for (auto at = text.find(kBegin); at != text.npos; at = text.find(kBegin, at + 1)) {
    if (chain.size() == kLongestChain) return Fault{"incorrect_certificate", "there are too many certificates"};
    auto one = pki::Certificate::from_pem(text.substr(at));
    if (!one) return one.error();
    chain.push_back(*std::move(one));
  }
  if (!chain.empty()) return chain;
  auto one = pki::Certificate::from_der(as_bytes(text));
  if (!one) return one.error();
  return std::vector{*std::move(one)};
}

std::string to_pem(const std::vector<pki::Certificate>& chain) {
  std::string text;
  for (const pki::Certificate& each : chain) text += each.to_pem();
  return text;
}

}  // namespace

Result<pki::Certificate> ServiceCertificate::read() const {
  const auto text = read_file(certificate_file(), kLargestFile);
  if (!text) return refused("cannot_read_certificate", text.error());
  auto chain = read_chain(*text);
  if (!chain) return refused("cannot_read_certificate", chain.error());
  return std::move(chain->front());
}

Result<pki::Certificate> ServiceCertificate::generate(const std::string& host, TimePoint at) const {
  constexpr const char* kFailed = "key_and_cert_generation_failed";
  const std::vector<pki::NameAttribute> attributes{{"CN", host}};
  const auto subject = pki::DistinguishedName::make(attributes);
  if (!subject) return refused(kFailed, subject.error());
  const auto key = pki::PrivateKey::generate_rsa(2048);
  if (!key) return refused(kFailed, key.error());
  auto certificate = pki::self_sign_certificate({.kind = pki::CertificateKind::tls,
                                                 .subject = *subject,
                                                 .not_before = at,
                                                 .not_after = at + kValidity,
                                                 .alt_names = {host}},
                                                *key);
  if (!certificate) return refused(kFailed, certificate.error());
  if (auto kept = make_directories(folder_); !kept) return refused(kFailed, kept.error());
  if (auto kept = write_file_atomically(key_file(), key->to_pem(), 0600); !kept) return refused(kFailed, kept.error());
  if (auto kept = write_file_atomically(certificate_file(), certificate->to_pem()); !kept)
    return refused(kFailed, kept.error());
  return certificate;
}

Result<std::string> ServiceCertificate::request(std::string_view name) const {
  auto parsed = pki::DistinguishedName::parse(name);
  if (!parsed) return refused("invalid_distinguished_name", parsed.error());
  auto attributes = parsed->attributes();
  std::ranges::reverse(attributes);
  parsed = pki::DistinguishedName::make(attributes);
  if (!parsed) return refused("invalid_distinguished_name", parsed.error());
  const auto text = read_file(key_file(), kLargestFile);
  if (!text) return refused("csr_generation_failed", text.error());
  const auto key = pki::PrivateKey::from_pem(*text);
  if (!key) return refused("csr_generation_failed", key.error());
  const auto request = pki::make_csr({.subject = *parsed}, *key);
  if (!request) return refused("csr_generation_failed", request.error());
  return pki::csr_to_pem(*request);
}

Result<pki::Certificate> ServiceCertificate::replace(std::string_view uploaded) const {
  const auto chain = read_chain(uploaded);
  if (!chain) return refused("cannot_convert_bytes_to_certificate", chain.error());
  const auto text = read_file(certificate_file(), kLargestFile);
  const auto before = text ? read_chain(*text) : Result<std::vector<pki::Certificate>>(text.error());
  if (!before) return refused("cannot_read_certificate", before.error());
  const pki::Certificate& certificate = chain->front();
  if (!(certificate.public_key() == before->front().public_key()))
    return Fault{"key_not_found", "the certificate is not of the key that is here"};
  if (*before == *chain) return Fault{"certificate_already_exists", "this certificate is in use already"};
  for (std::size_t i = 1; i < chain->size(); ++i)
    if (!(*chain)[i - 1].issued_by((*chain)[i]))
      return Fault{"certificate_import_failed", "the certificates are no chain from the first one on"};
  if (auto kept = write_file_atomically(certificate_file(), to_pem(*chain)); !kept)
    return refused("certificate_import_failed", kept.error());
  return certificate;
}

}  // namespace causeway::centralserver
