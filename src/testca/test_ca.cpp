// SPDX-License-Identifier: MIT
#include "testca/test_ca.hpp"

#include <array>
#include <atomic>

#include "base/files.hpp"
#include "base/log.hpp"
#include "domain/fault_code.hpp"
#include "pki/certificate_builder.hpp"

namespace causeway::testca {
namespace {

constexpr auto kDay = std::chrono::hours(24);
constexpr auto kYear = 365 * kDay;
constexpr unsigned kRsaBits = 2048;
constexpr int kYearsIssued = 2;
constexpr std::string_view kTimestampPolicy = "1.2.3.4.1";  // of nobody: for tests only

Result<pki::PrivateKey> make_key(bool ec) {
  return ec ? pki::PrivateKey::generate_ec() : pki::PrivateKey::generate_rsa(kRsaBits);
}

Result<pki::CertificateSpec> own_spec(pki::CertificateKind kind, const TestCaOptions& options, const std::string& what,
                                      TimePoint at) {
  const std::array<pki::NameAttribute, 3> attributes = {
      {{"C", "FI"}, {"O", options.name}, {"CN", options.name + " " + what}}};
  auto subject = pki::DistinguishedName::make(attributes);
  if (!subject) return subject.error();
  return pki::CertificateSpec{
      .kind = kind, .subject = *std::move(subject), .not_before = at - kDay, .not_after = at + options.years * kYear};
}

// Unique as long as less than a million timestamps a second are given.
std::uint64_t next_timestamp_serial() {
  static std::atomic<std::uint64_t> next(static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now().time_since_epoch()).count()));
  return next.fetch_add(1);
}

pki::CertificateKind kind_of(IssueKind kind) {
  switch (kind) {
    case IssueKind::sign:
      return pki::CertificateKind::sign;
    case IssueKind::authentication:
      return pki::CertificateKind::authentication;
    case IssueKind::tls:
      break;
  }
  return pki::CertificateKind::tls;
}

std::filesystem::path certificate_file(const std::filesystem::path& folder, const pki::Certificate& certificate) {
  return folder / "certs" / (certificate.serial_decimal() + ".pem");
}

}  // namespace

TestCa::TestCa(std::filesystem::path folder, Identity root, Identity ca, Identity ocsp, Identity root_ocsp,
               Identity tsa)
    : folder_(std::move(folder)),
      root_(std::move(root)),
      ca_(std::move(ca)),
      ocsp_(std::move(ocsp)),
      root_ocsp_(std::move(root_ocsp)),
      tsa_(std::move(tsa)),
      index_(folder_ / "index.txt"),
      responder_(responder(ocsp_, ca_.certificate)),
      root_responder_(responder(root_ocsp_, root_.certificate)),
      authority_(tsa_.certificate, tsa_.key, std::string(kTimestampPolicy), &next_timestamp_serial) {}

pki::OcspResponder TestCa::responder(const Identity& signer, const pki::Certificate& issuer) {
  const auto look_up = [this](const pki::Certificate&, const std::string& serial) -> pki::OcspAnswer {
    const auto entry = index_.find(serial);
    if (!entry) log::error("test CA: {}", entry.error().text);
    if (!entry || !*entry) return {};
    if ((*entry)->revoked_at) return {.status = pki::CertificateStatus::revoked, .revoked_at = *(*entry)->revoked_at};
    return {.status = pki::CertificateStatus::good};
  };
  return pki::OcspResponder(signer.certificate, signer.key, look_up, {.issuers = {issuer}, .valid = {}});
}

Result<TestCa::Identity> TestCa::load(const std::filesystem::path& folder, const std::string& name) {
  constexpr std::size_t kMaxFile = 1024 * 1024;
  const auto key_text = read_file(folder / (name + ".key"), kMaxFile);
  if (!key_text) return key_text.error();
  auto key = pki::PrivateKey::from_pem(*key_text);
  if (!key) return key.error().while_doing((folder / (name + ".key")).string());
  const auto certificate_text = read_file(folder / (name + ".pem"), kMaxFile);
  if (!certificate_text) return certificate_text.error();
  auto certificate = pki::Certificate::from_pem(*certificate_text);
  if (!certificate) return certificate.error().while_doing((folder / (name + ".pem")).string());
  return Identity{*std::move(key), *std::move(certificate)};
}

Result<void> TestCa::store(const std::filesystem::path& folder, const std::string& name, const Identity& identity) {
  if (auto ok = write_file_atomically(folder / (name + ".key"), identity.key.to_pem(), 0600); !ok) return ok;
  return write_file_atomically(folder / (name + ".pem"), identity.certificate.to_pem());
}

Result<std::unique_ptr<TestCa>> TestCa::create(const std::filesystem::path& folder, const TestCaOptions& options,
                                               TimePoint at) {
  if (std::filesystem::exists(folder / "root.key")) {
    return fault(FaultCode::bad_request, folder.string() + " has a test CA already");
  }
  if (auto ok = make_directories(folder / "certs"); !ok) return ok.error();
  std::error_code ignored;
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ignored);

  struct Part {
    std::string name, what;
    pki::CertificateKind kind;
    std::size_t issuer;  // index among the parts; its own: self-signed
  };
  const std::array<Part, 5> parts = {{{"root", "Root CA", pki::CertificateKind::root_ca, 0},
                                      {"ca", "Issuing CA", pki::CertificateKind::intermediate_ca, 0},
                                      {"ocsp", "OCSP", pki::CertificateKind::ocsp_signer, 1},
                                      {"root-ocsp", "Root OCSP", pki::CertificateKind::ocsp_signer, 0},
                                      {"tsa", "TSA", pki::CertificateKind::time_stamping, 1}}};
  std::vector<Identity> made;
  CertificateIndex index(folder / "index.txt");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto key = make_key(options.ec_keys);
    if (!key) return key.error();
    const auto spec = own_spec(parts[i].kind, options, parts[i].what, at);
    if (!spec) return spec.error();
    auto certificate = parts[i].issuer == i
                           ? pki::self_sign_certificate(*spec, *key)
                           : pki::issue_certificate(*spec, key->public_key(), made[parts[i].issuer].certificate,
                                                    made[parts[i].issuer].key);
    if (!certificate) return certificate.error();
    made.push_back({*std::move(key), *std::move(certificate)});
    if (auto ok = index.add(made[i].certificate, spec->subject.to_string()); !ok) return ok.error();
  }
  // The root's key last: only then the folder counts as a CA.
  for (std::size_t i = parts.size(); i-- > 0;) {
    if (auto ok = store(folder, parts[i].name, made[i]); !ok) return ok.error();
  }
  return open(folder);
}

Result<std::unique_ptr<TestCa>> TestCa::open(const std::filesystem::path& folder) {
  std::vector<Identity> parts;
  for (const char* name : {"root", "ca", "ocsp", "root-ocsp", "tsa"}) {
    auto part = load(folder, name);
    if (!part) return part.error();
    parts.push_back(*std::move(part));
  }
  return std::unique_ptr<TestCa>(new TestCa(folder, std::move(parts[0]), std::move(parts[1]), std::move(parts[2]),
                                            std::move(parts[3]), std::move(parts[4])));
}

void TestCa::set_ocsp_url(std::string url) {
  const std::lock_guard lock(mutex_);
  ocsp_url_ = std::move(url);
}

std::string TestCa::ocsp_url() const {
  const std::lock_guard lock(mutex_);
  return ocsp_url_;
}

Result<pki::Certificate> TestCa::issue(const pki::DistinguishedName& subject, const pki::PublicKey& key, IssueKind kind,
                                       const std::vector<std::string>& alt_names, TimePoint at) {
  const pki::CertificateSpec spec{.kind = kind_of(kind),
                                  .subject = subject,
                                  .not_before = at - std::chrono::hours(1),
                                  .not_after = at + kYearsIssued * kYear,
                                  .alt_names = alt_names,
                                  .ocsp_url = ocsp_url()};
  auto certificate = pki::issue_certificate(spec, key, ca_.certificate, ca_.key);
  if (!certificate) return certificate;
  if (auto ok = write_file_atomically(certificate_file(folder_, *certificate), certificate->to_pem()); !ok) {
    return ok.error();
  }
  if (auto ok = index_.add(*certificate, subject.to_string()); !ok) return ok.error();
  return certificate;
}

Bytes TestCa::answer_ocsp(ByteView request, TimePoint at) {
  const bool about_ca = pki::ocsp_request_is_about(request, root_.certificate);
  return (about_ca ? root_responder_ : responder_).respond(request, at);
}

Bytes TestCa::answer_timestamp(ByteView request, TimePoint at) const { return authority_.respond(request, at); }

}  // namespace causeway::testca
