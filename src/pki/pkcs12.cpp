// SPDX-License-Identifier: MIT
#include "pki/pkcs12.hpp"

#include <openssl/provider.h>

#include <optional>

#include "pki/certificate_state.hpp"
#include "pki/evp_digest.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxStoreBytes = 4 * 1024 * 1024;
constexpr int kMaxCertificates = 100;
constexpr int kRounds = 10000;
constexpr long kMaxRounds = 5'000'000;  // a hostile store must not keep us busy for hours

// Default and legacy algorithms, apart from the default context: whether old stores can
// be read must not decide what signatures are accepted elsewhere.
OSSL_LIB_CTX* legacy_context() {
  static OSSL_LIB_CTX* const context = [] {
    OSSL_LIB_CTX* made = OSSL_LIB_CTX_new();
    OSSL_PROVIDER_load(made, "default");
    OSSL_PROVIDER_load(made, "legacy");
    return made;
  }();
  return context;
}

Pkcs12Ptr decode(ByteView der, OSSL_LIB_CTX* context) {
  Pkcs12Ptr store(PKCS12_init_ex(NID_pkcs7_data, context, nullptr));
  PKCS12* raw = store.release();
  const unsigned char* position = der.data();
  // On failure d2i_PKCS12 frees what it was given.
  if (!d2i_PKCS12(&raw, &position, static_cast<long>(der.size()))) return nullptr;
  return Pkcs12Ptr(raw);
}

bool has_bounded_rounds(const PKCS12* store) {
  const ASN1_INTEGER* rounds = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &rounds, store);
  return !rounds || (ASN1_INTEGER_get(rounds) > 0 && ASN1_INTEGER_get(rounds) <= kMaxRounds);
}

bool mac_fits(PKCS12* store, const std::string& password) {
  return PKCS12_mac_present(store) == 0 || PKCS12_verify_mac(store, password.c_str(), -1) == 1 ||
         (password.empty() && PKCS12_verify_mac(store, nullptr, 0) == 1);
}

struct Contents {
  EvpPkeyPtr key;
  X509Ptr own;
  X509OwningStackPtr others;
};

bool parse(PKCS12* store, const std::string& password, Contents& contents) {
  EVP_PKEY* key = nullptr;
  X509* own = nullptr;
  STACK_OF(X509)* others = nullptr;
  const bool parsed = PKCS12_parse(store, password.c_str(), &key, &own, &others) == 1;
  contents.key.reset(key);
  contents.own.reset(own);
  contents.others.reset(others);
  return parsed;
}

// The key anew, in the default context and out of the one that it was read in.
Result<PrivateKey> in_default_context(const EVP_PKEY* key) {
  const BioPtr memory(BIO_new(BIO_s_secmem()));
  PEM_write_bio_PKCS8PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  std::string pem = text_of(memory.get());
  auto read = PrivateKey::from_pem(pem);
  OPENSSL_cleanse(pem.data(), pem.size());
  return read;
}

std::string alias_of(X509* own) {
  int size = 0;
  const unsigned char* alias = own ? X509_alias_get0(own, &size) : nullptr;
  return alias ? std::string(reinterpret_cast<const char*>(alias), static_cast<std::size_t>(size)) : std::string();
}

Result<KeyStore> store_of(const Contents& contents) {
  if (!contents.key) return fault(FaultCode::internal_error, "key store has no key");
  auto key = in_default_context(contents.key.get());
  if (!key) return key.error();
  KeyStore store{.key = *std::move(key), .certificates = {}, .alias = alias_of(contents.own.get())};
  if (contents.own) {
    auto own = certificate_of(contents.own.get());
    if (!own) return own.error();
    store.certificates.push_back(*std::move(own));
  }
  const int others = contents.others ? sk_X509_num(contents.others.get()) : 0;
  if (others > kMaxCertificates) return fault(FaultCode::internal_error, "key store has too many certificates");
  for (int i = 0; i < others; ++i) {
    auto certificate = certificate_of(sk_X509_value(contents.others.get(), i));
    if (!certificate) return certificate.error();
    store.certificates.push_back(*std::move(certificate));
  }
  return store;
}

}  // namespace

Result<KeyStore> read_pkcs12(ByteView der, std::string_view password_text) {
  const ErrorQueueGuard guard;
  const std::string password(password_text);
  if (der.size() > kMaxStoreBytes) return fault(FaultCode::internal_error, "key store is too long");
  Fault why = fault(FaultCode::internal_error, "cannot read key store");
  for (OSSL_LIB_CTX* context : {static_cast<OSSL_LIB_CTX*>(nullptr), legacy_context()}) {
    const Pkcs12Ptr store = decode(der, context);
    if (!store || !has_bounded_rounds(store.get())) return openssl_fault(FaultCode::internal_error, "not a key store");
    if (!mac_fits(store.get(), password)) return Fault{std::string(kWrongPassword), "the password does not open it"};
    Contents contents;
    if (parse(store.get(), password, contents)) return store_of(contents);
    why = openssl_fault(FaultCode::internal_error, "cannot read key store");
  }
  return why;
}

namespace {

void free_safes(STACK_OF(PKCS7) * safes) { sk_PKCS7_pop_free(safes, PKCS7_free); }
void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) { sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free); }
using SafesPtr = Handle<STACK_OF(PKCS7), &free_safes>;
using BagsPtr = Handle<STACK_OF(PKCS12_SAFEBAG), &free_bags>;
using EncryptedKeyPtr = Handle<X509_SIG, &X509_SIG_free>;
using KeyInfoPtr = Handle<PKCS8_PRIV_KEY_INFO, &PKCS8_PRIV_KEY_INFO_free>;

std::string lower_case_alias(const PKCS12_SAFEBAG* bag) {
  const OpensslStringPtr name(PKCS12_get_friendlyname(const_cast<PKCS12_SAFEBAG*>(bag)));
  std::string alias = name ? name.get() : "";
  for (char& c : alias)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return alias;
}

// Nothing when it is not a secret key, or the password does not open it.
std::optional<SecretKey> secret_key_of(const PKCS12_SAFEBAG* bag, const std::string& password) {
  if (PKCS12_SAFEBAG_get_nid(bag) != NID_secretBag || PKCS12_SAFEBAG_get_bag_nid(bag) != NID_pkcs8ShroudedKeyBag)
    return std::nullopt;
  const ASN1_TYPE* value = PKCS12_SAFEBAG_get0_bag_obj(bag);
  if (!value || ASN1_TYPE_get(value) != V_ASN1_OCTET_STRING) return std::nullopt;
  const ASN1_OCTET_STRING* octets = value->value.octet_string;
  const unsigned char* position = ASN1_STRING_get0_data(octets);
  const EncryptedKeyPtr encrypted(d2i_X509_SIG(nullptr, &position, ASN1_STRING_length(octets)));
  if (!encrypted) return std::nullopt;
  const KeyInfoPtr info(PKCS8_decrypt(encrypted.get(), password.c_str(), static_cast<int>(password.size())));
  const unsigned char* secret = nullptr;
  int size = 0;
  if (!info || PKCS8_pkey_get0(nullptr, &secret, &size, nullptr, info.get()) != 1 || size <= 0) return std::nullopt;
  return SecretKey{lower_case_alias(bag), Bytes(secret, secret + size)};
}

BagsPtr bags_of(PKCS7* safe, const std::string& password) {
  if (PKCS7_type_is_data(safe)) return BagsPtr(PKCS12_unpack_p7data(safe));
  if (!PKCS7_type_is_encrypted(safe)) return nullptr;
  return BagsPtr(PKCS12_unpack_p7encdata(safe, password.c_str(), static_cast<int>(password.size())));
}

}  // namespace

Result<std::vector<SecretKey>> read_secret_keys(ByteView der, std::string_view password_text) {
  const ErrorQueueGuard guard;
  const std::string password(password_text);
  if (der.size() > kMaxStoreBytes) return fault(FaultCode::internal_error, "key store is too long");
  const Pkcs12Ptr store = decode(der, nullptr);
  if (!store || !has_bounded_rounds(store.get())) return openssl_fault(FaultCode::internal_error, "not a key store");
  if (!mac_fits(store.get(), password)) return Fault{std::string(kWrongPassword), "the password does not open it"};
  const SafesPtr safes(PKCS12_unpack_authsafes(store.get()));
  if (!safes) return openssl_fault(FaultCode::internal_error, "cannot read key store");
  std::vector<SecretKey> keys;
  for (int i = 0; i < sk_PKCS7_num(safes.get()); ++i) {
    const BagsPtr bags = bags_of(sk_PKCS7_value(safes.get(), i), password);
    for (int k = 0; bags && k < sk_PKCS12_SAFEBAG_num(bags.get()); ++k)
      if (auto key = secret_key_of(sk_PKCS12_SAFEBAG_value(bags.get(), k), password)) keys.push_back(*std::move(key));
  }
  return keys;
}

Result<Bytes> write_pkcs12(const PrivateKey& key, std::span<const Certificate> certificates, const std::string& alias,
                           std::string_view password_text) {
  const ErrorQueueGuard guard;
  const std::string password(password_text);
  const X509StackPtr others(sk_X509_new_null());
  for (std::size_t i = 1; i < certificates.size(); ++i) sk_X509_push(others.get(), certificates[i].handle());
  constexpr int kMacLater = -1;
  const Pkcs12Ptr store(PKCS12_create(password.c_str(), alias.c_str(), key.handle(),
                                      certificates.empty() ? nullptr : certificates[0].handle(), others.get(),
                                      NID_aes_256_cbc, NID_aes_256_cbc, kRounds, kMacLater, 0));
  if (!store || PKCS12_set_mac(store.get(), password.c_str(), -1, nullptr, 0, kRounds,
                               evp_digest(DigestAlgorithm::sha256)) != 1) {
    return openssl_fault(FaultCode::internal_error, "cannot make key store");
  }
  return to_der<PKCS12>(&i2d_PKCS12, store.get());
}

}  // namespace causeway::pki
