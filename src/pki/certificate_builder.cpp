// SPDX-License-Identifier: MIT
#include "pki/certificate_builder.hpp"

#include <openssl/rand.h>

#include "pki/algorithm_identifier.hpp"
#include "pki/alt_names.hpp"
#include "pki/certificate_state.hpp"
#include "pki/evp_digest.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kSerialBytes = 16;
constexpr std::size_t kMaxSerialBytes = 20;  // RFC 5280 4.1.2.2

struct Extension {
  int nid;
  const char* value;  // in OpenSSL's configuration syntax
};

std::vector<Extension> extensions_of(CertificateKind kind) {
  switch (kind) {
    case CertificateKind::root_ca:
    case CertificateKind::intermediate_ca:
      return {{NID_basic_constraints, "critical,CA:TRUE"}, {NID_key_usage, "critical,keyCertSign,cRLSign"}};
    case CertificateKind::sign:
      return {{NID_basic_constraints, "CA:FALSE"}, {NID_key_usage, "critical,nonRepudiation"}};
    case CertificateKind::authentication:
      return {{NID_basic_constraints, "CA:FALSE"},
              {NID_key_usage, "critical,digitalSignature,keyEncipherment,dataEncipherment"},
              {NID_ext_key_usage, "clientAuth,serverAuth"}};
    case CertificateKind::ocsp_signer:
      return {{NID_basic_constraints, "CA:FALSE"},
              {NID_key_usage, "critical,digitalSignature"},
              {NID_ext_key_usage, "OCSPSigning"},
              {NID_id_pkix_OCSP_noCheck, "ignored"}};
    case CertificateKind::time_stamping:
      return {{NID_basic_constraints, "CA:FALSE"},
              {NID_key_usage, "critical,digitalSignature"},
              {NID_ext_key_usage, "critical,timeStamping"}};
    case CertificateKind::tls:
      return {{NID_basic_constraints, "CA:FALSE"},
              {NID_key_usage, "critical,digitalSignature,keyEncipherment"},
              {NID_ext_key_usage, "serverAuth,clientAuth"}};
    case CertificateKind::plain:
      break;
  }
  return {};
}

// Seconds, as certificates have them; ASN1_TIME chooses UTCTime or GeneralizedTime.
bool set_times(X509* x509, const CertificateSpec& spec) {
  const auto seconds = [](TimePoint time) { return std::chrono::system_clock::to_time_t(time); };
  return ASN1_TIME_set(X509_getm_notBefore(x509), seconds(spec.not_before)) &&
         ASN1_TIME_set(X509_getm_notAfter(x509), seconds(spec.not_after));
}

bool set_serial(X509* x509, Bytes serial) {
  if (serial.empty()) {
    serial.resize(kSerialBytes);
    if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return false;
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7F) | 0x40);  // positive, and always of full length
  }
  const BnPtr number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  return number && !BN_is_zero(number.get()) && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x509));
}

bool add_extensions(X509* x509, X509* issuer, CertificateKind kind) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
  std::vector<Extension> extensions = extensions_of(kind);
  if (kind != CertificateKind::plain) {
    extensions.push_back({NID_subject_key_identifier, "hash"});
    // Self-signed ones need none, and an issuer without a key identifier can give none.
    if (issuer != x509 && X509_get0_subject_key_id(issuer)) {
      extensions.push_back({NID_authority_key_identifier, "keyid"});
    }
  }
  for (const Extension& extension : extensions) {
    const X509ExtensionPtr made(X509V3_EXT_conf_nid(nullptr, &context, extension.nid, extension.value));
    if (!made || X509_add_ext(x509, made.get(), -1) != 1) return false;
  }
  return true;
}

bool add_ocsp_url(X509* x509, const std::string& url) {
  if (url.empty()) return true;
  const AuthorityInfoAccessPtr access(sk_ACCESS_DESCRIPTION_new_null());
  ACCESS_DESCRIPTION* description = ACCESS_DESCRIPTION_new();
  sk_ACCESS_DESCRIPTION_push(access.get(), description);
  ASN1_OBJECT_free(description->method);
  description->method = OBJ_nid2obj(NID_ad_OCSP);
  ASN1_IA5STRING* text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, url.data(), static_cast<int>(url.size()));
  GENERAL_NAME_set0_value(description->location, GEN_URI, text);
  return X509_add1_ext_i2d(x509, NID_info_access, access.get(), 0, X509V3_ADD_DEFAULT) == 1;
}

Result<void> add_alt_names(X509* x509, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  const auto list = make_alt_names(names);
  if (!list) return list.error();
  if (X509_add1_ext_i2d(x509, NID_subject_alt_name, list->get(), 0, X509V3_ADD_DEFAULT) != 1) {
    return openssl_fault(FaultCode::internal_error, "cannot add subject alternative names");
  }
  return {};
}

Fault failed() { return openssl_fault(FaultCode::internal_error, "cannot make certificate"); }

// All but the signature. `issuer` null: self-signed.
Result<X509Ptr> fill(const CertificateSpec& spec, EVP_PKEY* key, const Certificate* issuer) {
  if (spec.not_after < spec.not_before) return fault(FaultCode::bad_request, "certificate would end before it begins");
  if (spec.serial.size() > kMaxSerialBytes) return fault(FaultCode::bad_request, "serial number is too long");
  X509Ptr x509(X509_new());
  const auto subject = from_der_exactly<X509NamePtr>(&d2i_X509_NAME, spec.subject.der());
  X509* issuer_x509 = issuer ? issuer->handle() : x509.get();
  if (!subject || X509_set_version(x509.get(), X509_VERSION_3) != 1 || !set_serial(x509.get(), spec.serial) ||
      !set_times(x509.get(), spec) || X509_set_subject_name(x509.get(), subject.get()) != 1 ||
      X509_set_issuer_name(x509.get(), X509_get_subject_name(issuer_x509)) != 1 ||
      X509_set_pubkey(x509.get(), key) != 1 || !add_extensions(x509.get(), issuer_x509, spec.kind) ||
      !add_ocsp_url(x509.get(), spec.ocsp_url)) {
    return failed();
  }
  if (auto ok = add_alt_names(x509.get(), spec.alt_names); !ok) return ok.error();
  return x509;
}

Result<Certificate> build(const CertificateSpec& spec, EVP_PKEY* key, const Certificate* issuer, EVP_PKEY* issuer_key) {
  const ErrorQueueGuard guard;
  const auto x509 = fill(spec, key, issuer);
  if (!x509) return x509.error();
  if (X509_sign(x509->get(), issuer_key, evp_digest(spec.digest)) <= 0) return failed();
  return certificate_of(x509->get());
}

}  // namespace

Result<Certificate> issue_certificate(const CertificateSpec& spec, const PublicKey& key, const Certificate& issuer,
                                      const PrivateKey& issuer_key) {
  return build(spec, key.handle(), &issuer, issuer_key.handle());
}

Result<Certificate> self_sign_certificate(const CertificateSpec& spec, const PrivateKey& key) {
  return build(spec, key.handle(), nullptr, key.handle());
}

Result<Certificate> self_sign_certificate(const CertificateSpec& spec, const PublicKey& key, SignatureScheme scheme,
                                          const DigestSigner& sign) {
  const ErrorQueueGuard guard;
  const auto x509 = fill(spec, key.handle(), nullptr);
  if (!x509) return x509.error();
  // OpenSSL gives these out as constant, and no other way to sign with what is no EVP_PKEY.
  const SignatureAlgorithm algorithm{scheme, spec.digest};
  const ASN1_BIT_STRING* bits = nullptr;
  const X509_ALGOR* outer = nullptr;
  X509_get0_signature(&bits, &outer, x509->get());
  if (!set_algorithm(const_cast<X509_ALGOR*>(X509_get0_tbs_sigalg(x509->get())), algorithm) ||
      !set_algorithm(const_cast<X509_ALGOR*>(outer), algorithm)) {
    return failed();
  }
  unsigned char* encoded = nullptr;
  const int size = i2d_re_X509_tbs(x509->get(), &encoded);
  if (size <= 0) return failed();
  const Bytes hash = digest(spec.digest, {encoded, static_cast<std::size_t>(size)});
  OPENSSL_free(encoded);
  const auto signature = sign(algorithm, hash);
  if (!signature) return signature.error();
  if (!set_signature(const_cast<ASN1_BIT_STRING*>(bits), *signature)) return failed();
  return certificate_of(x509->get());
}

}  // namespace causeway::pki
