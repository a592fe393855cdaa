// SPDX-License-Identifier: MIT
#include "pki/algorithm_identifier.hpp"

#include <openssl/rsa.h>

#include "pki/evp_digest.hpp"

namespace causeway::pki {
namespace {

using PssPtr = Handle<RSA_PSS_PARAMS, &RSA_PSS_PARAMS_free>;

// RFC 4055: the digest, MGF1 with it, a salt of its length.
bool set_pss(X509_ALGOR* algorithm, const EVP_MD* digest) {
  const PssPtr pss(RSA_PSS_PARAMS_new());
  pss->hashAlgorithm = X509_ALGOR_new();
  X509_ALGOR_set_md(pss->hashAlgorithm, digest);
  ASN1_STRING* mgf_digest = nullptr;
  if (!ASN1_item_pack(pss->hashAlgorithm, ASN1_ITEM_rptr(X509_ALGOR), &mgf_digest)) return false;
  pss->maskGenAlgorithm = X509_ALGOR_new();
  X509_ALGOR_set0(pss->maskGenAlgorithm, OBJ_nid2obj(NID_mgf1), V_ASN1_SEQUENCE, mgf_digest);
  pss->saltLength = ASN1_INTEGER_new();
  ASN1_INTEGER_set(pss->saltLength, EVP_MD_get_size(digest));
  ASN1_STRING* parameters = nullptr;
  if (!ASN1_item_pack(pss.get(), ASN1_ITEM_rptr(RSA_PSS_PARAMS), &parameters)) return false;
  return X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_rsassaPss), V_ASN1_SEQUENCE, parameters) == 1;
}

}  // namespace

bool set_algorithm(X509_ALGOR* algorithm, SignatureAlgorithm signature) {
  const EVP_MD* digest = evp_digest(signature.digest);
  if (signature.scheme == SignatureScheme::rsa_pss) return set_pss(algorithm, digest);
  const bool ec = signature.scheme == SignatureScheme::ecdsa;
  int nid = NID_undef;
  if (OBJ_find_sigid_by_algs(&nid, EVP_MD_get_type(digest), ec ? NID_X9_62_id_ecPublicKey : NID_rsaEncryption) != 1) {
    return false;
  }
  return X509_ALGOR_set0(algorithm, OBJ_nid2obj(nid), ec ? V_ASN1_UNDEF : V_ASN1_NULL, nullptr) == 1;
}

bool set_signature(ASN1_BIT_STRING* bits, ByteView signature) {
  // OpenSSL copies the octets, although it does not promise to leave them alone.
  if (ASN1_BIT_STRING_set(bits, const_cast<unsigned char*>(signature.data()), static_cast<int>(signature.size())) != 1)
    return false;
  bits->flags = (bits->flags & ~(ASN1_STRING_FLAG_BITS_LEFT | 0x07)) | ASN1_STRING_FLAG_BITS_LEFT;
  return true;
}

}  // namespace causeway::pki
