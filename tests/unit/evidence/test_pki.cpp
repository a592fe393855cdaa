// SPDX-License-Identifier: MIT
#include "test_pki.hpp"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <memory>

namespace causeway::evidence {
namespace {

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "test set-up failed: %s %s\n", result.error().code.c_str(), result.error().text.c_str());
    std::abort();
  }
  return *std::move(result);
}

std::time_t seconds(TimePoint time) { return to_unix_millis(time) / 1000; }

void set_name(X509_NAME* name, const NameParts& parts) {
  for (const auto& [type, value] : parts)
    X509_NAME_add_entry_by_txt(name, type.c_str(), MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(value.c_str()),
                               -1, -1, 0);
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  if (value.empty()) return;
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

pki::Certificate make_certificate(const NameParts& subject, const pki::PublicKey& key, const X509_NAME* issuer,
                                  const pki::PrivateKey& issuer_key, const CertificateOptions& options) {
  static long serial = 1000;
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
  X509* x = certificate.get();
  X509_set_version(x, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(x), ++serial);
  ASN1_TIME_set(X509_getm_notBefore(x), seconds(options.not_before));
  ASN1_TIME_set(X509_getm_notAfter(x), seconds(options.not_after));
  set_name(X509_get_subject_name(x), subject);
  X509_set_issuer_name(x, issuer != nullptr ? issuer : X509_get_subject_name(x));
  X509_set_pubkey(x, key.handle());
  add_extension(x, NID_basic_constraints, options.basic_constraints);
  add_extension(x, NID_key_usage, options.key_usage);
  add_extension(x, NID_ext_key_usage, options.extended_key_usage);
  X509_sign(x, issuer_key.handle(), EVP_sha256());
  unsigned char* der = nullptr;
  const int size = i2d_X509(x, &der);
  const Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return must(pki::Certificate::from_der(bytes));
}

const CertificateOptions kCaOptions{.key_usage = "critical,keyCertSign,cRLSign",
                                    .basic_constraints = "critical,CA:TRUE"};

pki::PrivateKey make_key(TestMember::KeyKind kind) {
  using Kind = TestMember::KeyKind;
  switch (kind) {
    case Kind::p256:
      return must(pki::PrivateKey::generate_ec());
    case Kind::p384:
      return must(pki::PrivateKey::generate_ec("secp384r1"));
    case Kind::rsa_3072:
      return must(pki::PrivateKey::generate_rsa(3072));
    default:
      return must(pki::PrivateKey::generate_rsa(2048));
  }
}

pki::SignatureScheme scheme_of(TestMember::KeyKind kind) {
  using Kind = TestMember::KeyKind;
  if (kind == Kind::p256 || kind == Kind::p384) return pki::SignatureScheme::ecdsa;
  return kind == Kind::rsa_pss ? pki::SignatureScheme::rsa_pss : pki::SignatureScheme::rsa_pkcs1;
}

}  // namespace

TestCa TestCa::make(const NameParts& name) {
  pki::PrivateKey key = must(pki::PrivateKey::generate_ec());
  pki::Certificate certificate = make_certificate(name, key.public_key(), nullptr, key, kCaOptions);
  return {std::move(key), std::move(certificate)};
}

TestCa TestCa::intermediate(const NameParts& name) const {
  pki::PrivateKey own = must(pki::PrivateKey::generate_ec());
  pki::Certificate issued = issue(name, own.public_key(), kCaOptions);
  return {std::move(own), std::move(issued)};
}

pki::Certificate TestCa::issue(const NameParts& subject, const pki::PublicKey& public_key,
                               const CertificateOptions& options) const {
  return make_certificate(subject, public_key, X509_get_subject_name(certificate.handle()), key, options);
}

Bytes TestCa::ocsp(const pki::Certificate& subject, TimePoint this_update, Status status,
                   std::chrono::seconds next_update_after) const {
  OCSP_BASICRESP* basic = OCSP_BASICRESP_new();
  OCSP_CERTID* id = OCSP_cert_to_id(EVP_sha1(), subject.handle(), certificate.handle());
  ASN1_TIME* update = ASN1_GENERALIZEDTIME_set(nullptr, seconds(this_update));
  ASN1_TIME* next = next_update_after.count() == 0
                        ? nullptr
                        : ASN1_GENERALIZEDTIME_set(nullptr, seconds(this_update + next_update_after));
  const int code = status == Status::good      ? V_OCSP_CERTSTATUS_GOOD
                   : status == Status::revoked ? V_OCSP_CERTSTATUS_REVOKED
                                               : V_OCSP_CERTSTATUS_UNKNOWN;
  OCSP_basic_add1_status(basic, id, code, 0, status == Status::revoked ? update : nullptr, update, next);
  OCSP_basic_sign(basic, certificate.handle(), key.handle(), EVP_sha256(), nullptr, 0);
  OCSP_RESPONSE* response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_RESPONSE(response, &der);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  OCSP_RESPONSE_free(response);
  ASN1_TIME_free(next);
  ASN1_TIME_free(update);
  OCSP_CERTID_free(id);
  OCSP_BASICRESP_free(basic);
  return bytes;
}

const pki::ApprovedCa* TestTrust::issuer_of(std::string_view instance, const pki::Certificate& certificate) const {
  for (auto [at, end] = cas_.equal_range(instance); at != end; ++at)
    if (at->second.certificate.subject_key() == certificate.issuer_key()) return &at->second;
  return nullptr;
}

const pki::ApprovedCa* TestTrust::issuer_of(const pki::Certificate& certificate) const {
  for (const auto& [instance, ca] : cas_)
    if (ca.certificate.subject_key() == certificate.issuer_key()) return &ca;
  return nullptr;
}

std::vector<pki::Certificate> TestTrust::ocsp_signer_candidates() const {
  std::vector<pki::Certificate> out;
  for (const auto& [instance, ca] : cas_) {
    out.insert(out.end(), ca.ocsp_responders.begin(), ca.ocsp_responders.end());
    out.push_back(ca.certificate);
  }
  return out;
}

const TimePoint TestMember::kNow = from_unix_millis(1'780'000'000'000);

static TestMember member_of(TestCa ca, TestMember::KeyKind kind, TimePoint ocsp_time) {
  pki::PrivateKey key = make_key(kind);
  pki::Certificate certificate = ca.issue({{"C", "XX"}, {"O", "COM"}, {"CN", "1234"}}, key.public_key());
  Bytes ocsp = ca.ocsp(certificate, ocsp_time);
  return {std::move(ca), std::move(key),
          SigningIdentity{certificate, {}, {ocsp}, {scheme_of(kind), pki::DigestAlgorithm::sha512}},
          must(ClientId::make("XX", "COM", "1234", "SUB"))};
}

TestMember TestMember::make(KeyKind kind, TimePoint ocsp_time) {
  return member_of(TestCa::make({{"O", "Test"}, {"CN", "Test CA"}}), kind, ocsp_time);
}

TestMember TestMember::with_key(KeyKind kind) const { return member_of(ca, kind, kNow); }

std::vector<SignatureDocument> TestMember::sign(const std::vector<MessageParts>& messages, TimePoint at) const {
  SignatureBatch batch = must(SignatureBatch::prepare(messages, identity, at));
  return must(batch.complete(must(key.sign_digest(identity.algorithm, batch.digest_to_sign()))));
}

TestTrust TestMember::trust() const {
  TestTrust out;
  out.add("XX",
          {ca.certificate, {}, {}, "ee.ria.xroad.common.certificateprofile.impl.EjbcaCertificateProfileInfoProvider"});
  return out;
}

MessageParts parts_of(const std::vector<std::string>& contents) {
  MessageParts parts;
  for (std::size_t i = 0; i < contents.size(); ++i)
    parts.push_back({i == 0 ? "/message.xml" : "/attachment" + std::to_string(i),
                     pki::digest(pki::DigestAlgorithm::sha512, as_bytes(contents[i]))});
  return parts;
}

}  // namespace causeway::evidence
