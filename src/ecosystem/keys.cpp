// SPDX-License-Identifier: MIT
#include "ecosystem/keys.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/certificate_profile.hpp"
#include "pki/distinguished_name.hpp"
#include "signer/token_manager.hpp"
#include "testca/subjects.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::string_view kToken = "0";
constexpr std::chrono::hours kTlsValidity{24 * 365 * 10};

Result<std::string> subject_of(signer::KeyUsage usage, const ServerKeysOptions& options) {
  const auto profile = pki::CertificateProfile::from_class(options.instance->profile);
  if (!profile) return profile.error();
  const ServerId& server = options.server->id;
  const testca::SubjectInput input{.member_name = options.server->owner_name,
                                   .country = std::string(country_code(options.instance->country)),
                                   .dns_name = options.server->address};
  const auto name = usage == signer::KeyUsage::signing
                        ? testca::signing_subject(*profile, server.owner(), server, input)
                        : testca::authentication_subject(*profile, server, input);
  if (!name) return name.error();
  return name->to_string();
}

signer::KeySpec spec_of(KeyKind kind) {
  return {.rsa = kind != KeyKind::p256, .bits = kind == KeyKind::rsa3072 ? 3072U : 2048U, .curve = "secp256r1"};
}

struct MadeKey {
  pki::Certificate certificate;
  std::string id;  // of the certificate
};

Result<MadeKey> make_key(signer::TokenManager& tokens, std::string label, signer::KeyUsage usage,
                         const ServerKeysOptions& options) {
  const auto key = tokens.generate_key(kToken, std::move(label), spec_of(options.kind));
  if (!key) return key.error();
  auto subject = subject_of(usage, options);
  if (!subject) return subject.error();
  const auto owner = usage == signer::KeyUsage::signing ? std::optional(options.server->id.owner()) : std::nullopt;
  const auto csr = tokens.generate_csr({.key_id = key->id,
                                        .usage = usage,
                                        .member = owner,
                                        .subject = *std::move(subject),
                                        .alternative_name = {},
                                        .certificate_profile = options.instance->profile});
  if (!csr) return csr.error();
  auto certificate = options.issue(*csr, usage);
  if (!certificate) return certificate.error();
  const auto imported = tokens.import_certificate(
      {.certificate = *certificate,
       .member = owner,
       .status = usage == signer::KeyUsage::authentication ? options.status : std::string(signer::kStatusRegistered),
       .activate = true});
  if (!imported) return imported.error();
  return MadeKey{*std::move(certificate), imported->certificate_id};
}

}  // namespace

std::optional<KeyKind> key_kind_from(std::string_view name) {
  if (name == "rsa2048") return KeyKind::rsa2048;
  if (name == "rsa3072") return KeyKind::rsa3072;
  if (name == "p256") return KeyKind::p256;
  return std::nullopt;
}

Result<pki::Certificate> make_server_keys(const ServerKeysOptions& options) {
  auto opened = signer::TokenManager::open(
      {.directory = options.directory, .parameters = {}, .check_chain = {}, .check_revocation = {}});
  if (!opened) return opened.error();
  signer::TokenManager& tokens = **opened;
  if (auto made = tokens.initialize_token(kToken, kPin); !made) return made.error();
  if (auto entered = tokens.login(kToken, kPin); !entered) return entered.error();
  // Only its owner may read it, or the signer does not.
  const auto written = write_file_atomically(options.directory / "autologin", std::string(kPin) + "\n", 0600);
  if (!written) return written.error();

  if (const auto made = make_key(tokens, "signing", signer::KeyUsage::signing, options); !made) return made.error();
  if (options.spare_signing_key) {
    const auto spare = make_key(tokens, std::string(kSpareKey), signer::KeyUsage::signing, options);
    if (!spare) return spare.error();
    if (auto unused = tokens.activate(spare->id, false); !unused) return unused.error();
  }
  auto authentication = make_key(tokens, "authentication", signer::KeyUsage::authentication, options);
  if (!authentication) return authentication.error();
  return authentication->certificate;
}

Result<pki::Certificate> make_tls_certificate(const std::filesystem::path& certificate_file,
                                              const std::filesystem::path& key_file, const std::string& name,
                                              std::vector<std::string> alternative_names) {
  const auto key = pki::PrivateKey::generate_ec();
  if (!key) return key.error();
  auto subject = pki::DistinguishedName::make(std::vector<pki::NameAttribute>{{"CN", name}});
  if (!subject) return subject.error();
  pki::CertificateSpec spec{.kind = pki::CertificateKind::tls,
                            .subject = *std::move(subject),
                            .not_before = now() - std::chrono::hours(1),
                            .not_after = now() + kTlsValidity};
  spec.alt_names = std::move(alternative_names);
  auto certificate = pki::self_sign_certificate(spec, *key);
  if (!certificate) return certificate.error();
  if (auto made = make_directories(certificate_file.parent_path()); !made) return made.error();
  if (auto made = write_file_atomically(key_file, key->to_pem(), 0600); !made) return made.error();
  if (auto made = write_file_atomically(certificate_file, certificate->to_pem()); !made) return made.error();
  return certificate;
}

}  // namespace causeway::ecosystem
