// SPDX-License-Identifier: MIT
#include "pki/certificate.hpp"

#include <algorithm>
#include <ctime>

#include "pki/alt_names.hpp"
#include "pki/certificate_state.hpp"
#include "pki/evp_digest.hpp"
#include "pki/name.hpp"
#include "pki/parse_cache.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxCertificateBytes = 256 * 1024;
constexpr int kMaxListed = 100;  // EKUs and addresses of one certificate that are looked at

Fault unreadable(std::string_view what) {
  return openssl_fault(FaultCode::incorrect_certificate, "cannot read certificate: " + std::string(what));
}

// Contents of the INTEGER, which OpenSSL takes apart into sign and magnitude.
Bytes integer_contents(const ASN1_INTEGER* integer) {
  const Bytes der = to_der<ASN1_INTEGER>(&i2d_ASN1_INTEGER, integer);
  const unsigned char* position = der.data();
  long length = 0;
  int tag = 0, tag_class = 0;
  ASN1_get_object(&position, &length, &tag, &tag_class, static_cast<long>(der.size()));
  return {position, position + length};
}

std::optional<std::uint32_t> read_key_usage(const X509* x509) {
  const Handle<ASN1_BIT_STRING, &ASN1_BIT_STRING_free> bits(
      static_cast<ASN1_BIT_STRING*>(X509_get_ext_d2i(x509, NID_key_usage, nullptr, nullptr)));
  if (!bits) return std::nullopt;
  const ByteView octets = bytes_of(bits.get());
  std::uint32_t usage = octets.empty() ? 0 : octets[0];
  if (octets.size() > 1) usage |= static_cast<std::uint32_t>(octets[1]) << 8;
  return usage;
}

std::vector<std::string> read_extended_key_usage(const X509* x509) {
  std::vector<std::string> oids;
  const ExtendedKeyUsagePtr usages(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(x509, NID_ext_key_usage, nullptr, nullptr)));
  for (int i = 0; usages && i < std::min(sk_ASN1_OBJECT_num(usages.get()), kMaxListed); ++i) {
    oids.push_back(oid_text(sk_ASN1_OBJECT_value(usages.get(), i)));
  }
  return oids;
}

std::shared_ptr<EVP_PKEY> shared_key(const X509* x509) {
  EVP_PKEY* key = X509_get0_pubkey(x509);
  if (!key) return nullptr;
  EVP_PKEY_up_ref(key);
  return {key, &EVP_PKEY_free};
}

}  // namespace

std::optional<TimePoint> time_of(const ASN1_TIME* time) {
  std::tm fields{};
  if (!time || ASN1_TIME_to_tm(time, &fields) != 1) return std::nullopt;
  constexpr std::int64_t kLatest = std::chrono::duration_cast<std::chrono::seconds>(TimePoint::duration::max()).count();
  const std::int64_t seconds = std::clamp<std::int64_t>(timegm(&fields), -kLatest, kLatest);
  return TimePoint(std::chrono::seconds(seconds));
}

Result<std::shared_ptr<const Certificate::State>> Certificate::State::read(ByteView der) {
  X509Ptr x509 = from_der_exactly<X509Ptr>(&d2i_X509, der);
  if (!x509) return unreadable("malformed");
  std::shared_ptr<EVP_PKEY> key = shared_key(x509.get());
  if (!key) return unreadable("public key");
  const auto not_before = time_of(X509_get0_notBefore(x509.get()));
  const auto not_after = time_of(X509_get0_notAfter(x509.get()));
  if (!not_before || !not_after) return unreadable("validity");

  const X509_NAME* subject = X509_get_subject_name(x509.get());
  auto state = std::make_shared<State>();
  state->der.assign(der.begin(), der.end());
  state->key = PublicKey(std::move(key));
  state->subject_key = name_key(subject);
  state->issuer_key = name_key(X509_get_issuer_name(x509.get()));
  state->responder_name_key = unordered_name_key(subject);
  state->subject_der = to_der<X509_NAME>(&i2d_X509_NAME, subject);
  state->serial = integer_contents(X509_get0_serialNumber(x509.get()));
  digest_into(DigestAlgorithm::sha256, der, state->sha256.data());
  digest_into(DigestAlgorithm::sha1, state->subject_der, state->name_sha1.data());
  digest_into(DigestAlgorithm::sha1, bytes_of(X509_get0_pubkey_bitstr(x509.get())), state->key_sha1.data());
  state->not_before = *not_before;
  state->not_after = *not_after;
  state->key_usage = read_key_usage(x509.get());
  state->extended_key_usage = read_extended_key_usage(x509.get());
  // Has OpenSSL cache its own view of the extensions now, and not under a lock on the way of a message.
  X509_check_purpose(x509.get(), -1, 0);
  state->x509 = std::move(x509);
  return std::shared_ptr<const State>(std::move(state));
}

Result<Certificate> Certificate::from_der(ByteView der) {
  static ParseCache<State> cache;
  if (auto known = cache.find(der)) return Certificate(std::move(known));
  const ErrorQueueGuard guard;
  if (der.size() > kMaxCertificateBytes) return fault(FaultCode::incorrect_certificate, "certificate is too long");
  auto state = State::read(der);
  if (!state) return state.error();
  cache.put(der, *state);
  return Certificate(*std::move(state));
}

Result<Certificate> Certificate::from_pem(std::string_view pem) {
  const ErrorQueueGuard guard;
  constexpr std::size_t kMaxPemBytes = 4 * kMaxCertificateBytes;
  if (pem.size() > kMaxPemBytes) return fault(FaultCode::incorrect_certificate, "certificate file is too long");
  const X509Ptr x509(PEM_read_bio_X509_AUX(reading_bio(pem).get(), nullptr, nullptr, nullptr));
  if (!x509) return unreadable("no PEM certificate");
  return certificate_of(x509.get());
}

Result<Certificate> Certificate::from_der_or_pem(ByteView bytes) {
  // A certificate is longer than 127 octets, so DER goes on with a long length, which is no ASCII.
  const bool is_der = bytes.size() >= 2 && bytes[0] == 0x30 && bytes[1] >= 0x80;
  return is_der ? from_der(bytes) : from_pem(as_text(bytes));
}

Result<Certificate> certificate_of(const X509* x509) { return Certificate::from_der(to_der<X509>(&i2d_X509, x509)); }

const Bytes& Certificate::der() const { return state_->der; }

std::string Certificate::to_pem() const {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), state_->x509.get());
  return text_of(memory.get());
}

PublicKey Certificate::public_key() const { return state_->key; }
std::string Certificate::subject_rfc2253() const { return rfc2253_name(X509_get_subject_name(handle())); }
std::string Certificate::issuer_rfc2253() const { return rfc2253_name(X509_get_issuer_name(handle())); }
const std::string& Certificate::subject_key() const { return state_->subject_key; }
const std::string& Certificate::issuer_key() const { return state_->issuer_key; }

std::string Certificate::serial_decimal() const {
  const BnPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(handle()), nullptr));
  const OpensslStringPtr text(number ? BN_bn2dec(number.get()) : nullptr);
  return text ? std::string(text.get()) : std::string();
}

std::string Certificate::serial_hex() const {
  const BnPtr number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(handle()), nullptr));
  const OpensslStringPtr text(number ? BN_bn2hex(number.get()) : nullptr);
  return text ? std::string(text.get()) : std::string();
}

TimePoint Certificate::not_before() const { return state_->not_before; }
TimePoint Certificate::not_after() const { return state_->not_after; }
bool Certificate::self_signed() const { return state_->subject_key == state_->issuer_key; }

bool Certificate::issued_by(const Certificate& issuer) const {
  if (state_->issuer_key != issuer.state_->subject_key) return false;
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->verified_issuer == issuer.state_->sha256) return true;
  }
  const ErrorQueueGuard guard;
  if (X509_verify(state_->x509.get(), issuer.state_->key.handle()) != 1) return false;
  const std::lock_guard lock(state_->mutex);
  state_->verified_issuer = issuer.state_->sha256;
  return true;
}

bool Certificate::is_signing() const { return state_->key_usage && (*state_->key_usage & KU_NON_REPUDIATION) != 0; }

bool Certificate::is_authentication() const {
  constexpr std::uint32_t kAny = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT;
  return has_extended_key_usage("1.3.6.1.5.5.7.3.2") || (state_->key_usage && (*state_->key_usage & kAny) != 0);
}

bool Certificate::has_extended_key_usage(std::string_view oid) const {
  return std::ranges::find(state_->extended_key_usage, oid) != state_->extended_key_usage.end();
}

std::optional<std::string> Certificate::subject_attribute(std::string_view oid) const {
  return last_attribute(X509_get_subject_name(handle()), oid);
}

std::vector<std::string> Certificate::ocsp_urls() const {
  std::vector<std::string> urls;
  const AuthorityInfoAccessPtr access(
      static_cast<AUTHORITY_INFO_ACCESS*>(X509_get_ext_d2i(handle(), NID_info_access, nullptr, nullptr)));
  for (int i = 0; access && i < std::min(sk_ACCESS_DESCRIPTION_num(access.get()), kMaxListed); ++i) {
    const ACCESS_DESCRIPTION* description = sk_ACCESS_DESCRIPTION_value(access.get(), i);
    if (OBJ_obj2nid(description->method) != NID_ad_OCSP || description->location->type != GEN_URI) continue;
    urls.push_back(to_text(bytes_of(description->location->d.uniformResourceIdentifier)));
  }
  return urls;
}

std::vector<std::string> Certificate::alt_names() const {
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(handle(), NID_subject_alt_name, nullptr, nullptr)));
  return read_alt_names(names.get());
}

std::string Certificate::hash_hex(DigestAlgorithm algorithm) const {
  if (algorithm == DigestAlgorithm::sha256) return to_hex(state_->sha256);
  return to_hex(digest(algorithm, state_->der));
}

x509_st* Certificate::handle() const { return state_->x509.get(); }

}  // namespace causeway::pki
