// SPDX-License-Identifier: MIT
#include "pki/key.hpp"

#include <array>

#include "pki/evp_digest.hpp"

namespace causeway::pki {
namespace {

constexpr std::size_t kMaxKeyBytes = 64 * 1024;
constexpr unsigned kMaxRsaBits = 8192;

bool is_rsa_key(const EVP_PKEY* key) { return EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1; }
bool is_ec_key(const EVP_PKEY* key) { return EVP_PKEY_is_a(key, "EC") == 1; }

std::shared_ptr<EVP_PKEY> share(EvpPkeyPtr key) { return {key.release(), &EVP_PKEY_free}; }

bool fits(const EVP_PKEY* key, SignatureScheme scheme) {
  return scheme == SignatureScheme::ecdsa ? is_ec_key(key) : is_rsa_key(key);
}

// The padding and digest of a signature, after EVP_PKEY_{sign,verify}_init.
bool configure(EVP_PKEY_CTX* context, SignatureAlgorithm algorithm) {
  if (algorithm.scheme == SignatureScheme::rsa_pkcs1 && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) <= 0) {
    return false;
  }
  if (algorithm.scheme == SignatureScheme::rsa_pss &&
      EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) <= 0) {
    return false;
  }
  if (EVP_PKEY_CTX_set_signature_md(context, evp_digest(algorithm.digest)) <= 0) return false;
  // PSS with MGF1 and a salt of the same digest, as X-Road has it (trust.md section 0).
  return algorithm.scheme != SignatureScheme::rsa_pss ||
         (EVP_PKEY_CTX_set_rsa_mgf1_md(context, evp_digest(algorithm.digest)) > 0 &&
          EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0);
}

// Contexts that verify, ready for the next signature of a key: setting one up takes as long
// as verifying with RSA does. The key is held, so that its address is no other's.
class VerifyContexts {
 public:
  // Null when the key is not one for the algorithm. Of the thread; until the next call.
  EVP_PKEY_CTX* find(const std::shared_ptr<EVP_PKEY>& key, SignatureAlgorithm algorithm) {
    for (Entry& entry : entries_)
      if (entry.key == key && entry.algorithm == algorithm) return entry.context.get();
    if (!fits(key.get(), algorithm.scheme)) return nullptr;
    EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(key.get(), nullptr));
    if (!context || EVP_PKEY_verify_init(context.get()) <= 0 || !configure(context.get(), algorithm)) return nullptr;
    Entry& oldest = entries_[next_++ % entries_.size()];
    oldest = {key, algorithm, std::move(context)};
    return oldest.context.get();
  }

 private:
  struct Entry {
    std::shared_ptr<EVP_PKEY> key;
    SignatureAlgorithm algorithm;
    EvpPkeyCtxPtr context;
  };
  std::array<Entry, 16> entries_;
  std::size_t next_ = 0;
};

int refuse_password(char*, int, int, void*) { return 0; }

}  // namespace

Result<PublicKey> PublicKey::from_spki(ByteView der) {
  const ErrorQueueGuard guard;
  if (der.size() > kMaxKeyBytes) return fault(FaultCode::internal_error, "public key is too long");
  EvpPkeyPtr key = from_der_exactly<EvpPkeyPtr>(&d2i_PUBKEY, der);
  if (!key) return openssl_fault(FaultCode::internal_error, "cannot read public key");
  if (!is_rsa_key(key.get()) && !is_ec_key(key.get())) {
    return fault(FaultCode::internal_error, "public key is neither RSA nor EC");
  }
  return PublicKey(share(std::move(key)));
}

Bytes PublicKey::spki() const { return to_der<EVP_PKEY>(&i2d_PUBKEY, key_.get()); }
bool PublicKey::is_rsa() const { return is_rsa_key(key_.get()); }

std::size_t PublicKey::ec_field_size() const {
  return is_ec_key(key_.get()) ? static_cast<std::size_t>(EVP_PKEY_get_bits(key_.get()) + 7) / 8 : 0;
}

bool PublicKey::verify(SignatureAlgorithm algorithm, ByteView data, ByteView signature) const {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> value{};
  digest_into(algorithm.digest, data, value.data());
  return verify_digest(algorithm, ByteView(value).first(digest_size(algorithm.digest)), signature);
}

bool PublicKey::verify_digest(SignatureAlgorithm algorithm, ByteView digest, ByteView signature) const {
  const ErrorQueueGuard guard;
  if (digest.size() != digest_size(algorithm.digest)) return false;
  static thread_local VerifyContexts contexts;
  EVP_PKEY_CTX* const context = contexts.find(key_, algorithm);
  return context != nullptr &&
         EVP_PKEY_verify(context, signature.data(), signature.size(), digest.data(), digest.size()) == 1;
}

bool PublicKey::operator==(const PublicKey& other) const { return EVP_PKEY_eq(key_.get(), other.key_.get()) == 1; }

Result<PrivateKey> PrivateKey::generate_rsa(unsigned bits) {
  const ErrorQueueGuard guard;
  if (bits < 2048 || bits > kMaxRsaBits) {
    return fault(FaultCode::internal_error, "RSA keys have 2048 to 8192 bits, not " + std::to_string(bits));
  }
  EvpPkeyPtr key(EVP_RSA_gen(bits));
  if (!key) return openssl_fault(FaultCode::internal_error, "cannot generate RSA key");
  return PrivateKey(share(std::move(key)));
}

Result<PrivateKey> PrivateKey::generate_ec(std::string_view curve) {
  const ErrorQueueGuard guard;
  if (curve != "secp256r1" && curve != "secp384r1") {
    return fault(FaultCode::internal_error, "EC keys are on secp256r1 or secp384r1, not " + std::string(curve));
  }
  EvpPkeyPtr key(EVP_EC_gen(curve == "secp256r1" ? "P-256" : "P-384"));
  if (!key) return openssl_fault(FaultCode::internal_error, "cannot generate EC key");
  return PrivateKey(share(std::move(key)));
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
  const ErrorQueueGuard guard;
  if (pem.size() > kMaxKeyBytes) return fault(FaultCode::internal_error, "private key is too long");
  EvpPkeyPtr key(PEM_read_bio_PrivateKey(reading_bio(pem).get(), nullptr, &refuse_password, nullptr));
  if (!key) return openssl_fault(FaultCode::internal_error, "cannot read private key");
  if (!is_rsa_key(key.get()) && !is_ec_key(key.get())) {
    return fault(FaultCode::internal_error, "private key is neither RSA nor EC");
  }
  return PrivateKey(share(std::move(key)));
}

std::string PrivateKey::to_pem() const {
  const BioPtr memory(BIO_new(BIO_s_secmem()));
  PEM_write_bio_PKCS8PrivateKey(memory.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(memory.get());
}

// OpenSSL's key pairs serve as public keys; nothing of the private half can be had
// through a PublicKey.
PublicKey PrivateKey::public_key() const { return PublicKey(key_); }
bool PrivateKey::is_rsa() const { return is_rsa_key(key_.get()); }

Result<Bytes> PrivateKey::sign(SignatureAlgorithm algorithm, ByteView data) const {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> value{};
  digest_into(algorithm.digest, data, value.data());
  return sign_digest(algorithm, ByteView(value).first(digest_size(algorithm.digest)));
}

Result<Bytes> PrivateKey::sign_digest(SignatureAlgorithm algorithm, ByteView digest) const {
  const ErrorQueueGuard guard;
  if (!fits(key_.get(), algorithm.scheme)) {
    return fault(FaultCode::cannot_create_signature, "the key is not of the kind that the signature algorithm needs");
  }
  if (digest.size() != digest_size(algorithm.digest)) {
    return fault(FaultCode::cannot_create_signature, "the digest has not the length of its algorithm");
  }
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(key_.get(), nullptr));
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())));
  std::size_t size = signature.size();
  if (!context || EVP_PKEY_sign_init(context.get()) <= 0 || !configure(context.get(), algorithm) ||
      EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) <= 0) {
    return openssl_fault(FaultCode::cannot_create_signature, "cannot sign");
  }
  signature.resize(size);
  return signature;
}

Result<Bytes> ecdsa_der_to_raw(ByteView der, std::size_t field_size) {
  const ErrorQueueGuard guard;
  const auto signature = from_der_exactly<EcdsaSigPtr>(&d2i_ECDSA_SIG, der);
  if (!signature) return openssl_fault(FaultCode::invalid_signature_value, "not an ECDSA value");
  Bytes raw(2 * field_size);
  const int width = static_cast<int>(field_size);
  if (BN_is_negative(ECDSA_SIG_get0_r(signature.get())) || BN_is_negative(ECDSA_SIG_get0_s(signature.get())) ||
      BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), raw.data(), width) != width ||
      BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), raw.data() + field_size, width) != width) {
    return fault(FaultCode::invalid_signature_value, "the ECDSA value does not fit the field");
  }
  return raw;
}

Result<Bytes> ecdsa_raw_to_der(ByteView raw) {
  constexpr std::size_t kMaxField = 72;  // sect571: the longest field there is
  if (raw.size() < 2 || raw.size() % 2 != 0 || raw.size() > 2 * kMaxField) {
    return fault(FaultCode::invalid_signature_value,
                 "an ECDSA value of " + std::to_string(raw.size()) + " octets cannot be split");
  }
  const auto half = raw.size() / 2;
  const EcdsaSigPtr signature(ECDSA_SIG_new());
  BnPtr r(BN_bin2bn(raw.data(), static_cast<int>(half), nullptr));
  BnPtr s(BN_bin2bn(raw.data() + half, static_cast<int>(half), nullptr));
  if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
    return fault(FaultCode::internal_error, "out of memory");
  }
  // The signature owns both now.
  static_cast<void>(r.release());  // NOLINT(bugprone-unused-return-value)
  static_cast<void>(s.release());  // NOLINT(bugprone-unused-return-value)
  return to_der<ECDSA_SIG>(&i2d_ECDSA_SIG, signature.get());
}

}  // namespace causeway::pki
