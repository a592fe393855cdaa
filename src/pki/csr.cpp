// SPDX-License-Identifier: MIT
#include "pki/csr.hpp"

#include "pki/algorithm_identifier.hpp"
#include "pki/alt_names.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxRequestBytes = 64 * 1024;
constexpr int kVersion1 = 0;

using AlgorithmPtr = Handle<X509_ALGOR, &X509_ALGOR_free>;

Fault failed() { return openssl_fault(FaultCode::internal_error, "cannot make certificate request"); }

Result<void> add_extensions(X509_REQ* request, const CsrSpec& spec) {
  const X509ExtensionStackPtr extensions(sk_X509_EXTENSION_new_null());
  if (!spec.alt_names.empty()) {
    const auto names = make_alt_names(spec.alt_names);
    if (!names) return names.error();
    sk_X509_EXTENSION_push(extensions.get(), X509V3_EXT_i2d(NID_subject_alt_name, 0, names->get()));
  }
  if (spec.use != CsrUse::none) {
    const char* usage = spec.use == CsrUse::signing ? "nonRepudiation,keyCertSign"
                                                    : "digitalSignature,keyEncipherment,dataEncipherment";
    sk_X509_EXTENSION_push(extensions.get(), X509V3_EXT_conf_nid(nullptr, nullptr, NID_key_usage, usage));
  }
  if (sk_X509_EXTENSION_num(extensions.get()) > 0 && X509_REQ_add_extensions(request, extensions.get()) != 1) {
    return failed();
  }
  return {};
}

CsrUse use_of(const STACK_OF(X509_EXTENSION) * extensions) {
  const Handle<ASN1_BIT_STRING, &ASN1_BIT_STRING_free> bits(
      static_cast<ASN1_BIT_STRING*>(X509V3_get_d2i(extensions, NID_key_usage, nullptr, nullptr)));
  if (!bits || ASN1_STRING_length(bits.get()) == 0) return CsrUse::none;
  const unsigned usage = bytes_of(bits.get())[0];
  if ((usage & KU_NON_REPUDIATION) != 0) return CsrUse::signing;
  return (usage & (KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT | KU_DATA_ENCIPHERMENT)) != 0 ? CsrUse::authentication
                                                                                            : CsrUse::none;
}

X509ReqPtr decode(ByteView bytes) {
  const bool is_der = bytes.size() >= 2 && bytes[0] == 0x30 && bytes[1] >= 0x80;
  if (is_der) return from_der_exactly<X509ReqPtr>(&d2i_X509_REQ, bytes);
  return X509ReqPtr(PEM_read_bio_X509_REQ(reading_bio(as_text(bytes)).get(), nullptr, nullptr, nullptr));
}

}  // namespace

Result<Bytes> make_csr(const CsrSpec& spec, const PublicKey& key, SignatureAlgorithm algorithm,
                       const DigestSigner& sign) {
  const ErrorQueueGuard guard;
  const X509ReqPtr request(X509_REQ_new());
  const auto subject = from_der_exactly<X509NamePtr>(&d2i_X509_NAME, spec.subject.der());
  if (!subject || X509_REQ_set_version(request.get(), kVersion1) != 1 ||
      X509_REQ_set_subject_name(request.get(), subject.get()) != 1 ||
      X509_REQ_set_pubkey(request.get(), key.handle()) != 1) {
    return failed();
  }
  if (auto ok = add_extensions(request.get(), spec); !ok) return ok.error();
  const AlgorithmPtr signature_algorithm(X509_ALGOR_new());
  if (!set_algorithm(signature_algorithm.get(), algorithm) ||
      X509_REQ_set1_signature_algo(request.get(), signature_algorithm.get()) != 1) {
    return failed();
  }
  unsigned char* encoded = nullptr;
  const int size = i2d_re_X509_REQ_tbs(request.get(), &encoded);
  if (size <= 0) return failed();
  const Bytes hash = digest(algorithm.digest, {encoded, static_cast<std::size_t>(size)});
  OPENSSL_free(encoded);
  const auto signature = sign(algorithm, hash);
  if (!signature) return signature.error();
  Handle<ASN1_BIT_STRING, &ASN1_BIT_STRING_free> bits(ASN1_BIT_STRING_new());
  if (!set_signature(bits.get(), *signature)) return failed();
  X509_REQ_set0_signature(request.get(), bits.release());
  return to_der<X509_REQ>(&i2d_X509_REQ, request.get());
}

Result<Bytes> make_csr(const CsrSpec& spec, const PrivateKey& key) {
  const auto scheme = key.is_rsa() ? SignatureScheme::rsa_pkcs1 : SignatureScheme::ecdsa;
  return make_csr(spec, key.public_key(), {scheme, DigestAlgorithm::sha256},
                  [&](SignatureAlgorithm algorithm, ByteView hash) { return key.sign_digest(algorithm, hash); });
}

std::string csr_to_pem(ByteView der) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  PEM_write_bio(memory.get(), PEM_STRING_X509_REQ, "", der.data(), static_cast<long>(der.size()));
  return text_of(memory.get());
}

Result<Csr> read_csr(ByteView bytes) {
  const ErrorQueueGuard guard;
  if (bytes.size() > kMaxRequestBytes) return fault(FaultCode::bad_request, "certificate request is too long");
  const X509ReqPtr request = decode(bytes);
  if (!request) return openssl_fault(FaultCode::bad_request, "cannot read certificate request");
  auto key = PublicKey::from_spki(to_der<EVP_PKEY>(&i2d_PUBKEY, X509_REQ_get0_pubkey(request.get())));
  if (!key) return fault(FaultCode::bad_request, "certificate request: " + key.error().text);
  if (X509_REQ_verify(request.get(), key->handle()) != 1) {
    return fault(FaultCode::bad_request, "the signature of the certificate request does not verify");
  }
  auto subject =
      DistinguishedName::from_der(to_der<X509_NAME>(&i2d_X509_NAME, X509_REQ_get_subject_name(request.get())));
  if (!subject) return subject.error();
  Csr csr{.subject = *std::move(subject), .key = *std::move(key), .use = CsrUse::none, .alt_names = {}};
  const X509ExtensionStackPtr extensions(X509_REQ_get_extensions(request.get()));
  if (extensions) {
    csr.use = use_of(extensions.get());
    const GeneralNamesPtr names(
        static_cast<GENERAL_NAMES*>(X509V3_get_d2i(extensions.get(), NID_subject_alt_name, nullptr, nullptr)));
    csr.alt_names = read_alt_names(names.get());
  }
  return csr;
}

}  // namespace causeway::pki
