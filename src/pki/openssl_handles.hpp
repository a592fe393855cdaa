// SPDX-License-Identifier: MIT
// Owning handles for OpenSSL objects. For the sources of this folder, of net/tls and of
// the signer; never included by a public header.
#pragma once

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/cms.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/ts.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <string>

#include "base/bytes.hpp"
#include "base/handle.hpp"
#include "domain/fault_code.hpp"

namespace causeway::pki {

using causeway::Handle;

// OPENSSL_free is a macro that wants its place in the source.
inline void free_openssl_memory(void* memory) { OPENSSL_free(memory); }
inline void free_x509_stack(STACK_OF(X509) * stack) { sk_X509_free(stack); }
inline void free_x509_stack_deep(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
inline void free_extension_stack(STACK_OF(X509_EXTENSION) * stack) {
  sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
}

using Asn1IntegerPtr = Handle<ASN1_INTEGER, &ASN1_INTEGER_free>;
using Asn1ObjectPtr = Handle<ASN1_OBJECT, &ASN1_OBJECT_free>;
using Asn1OctetStringPtr = Handle<ASN1_OCTET_STRING, &ASN1_OCTET_STRING_free>;
using Asn1TimePtr = Handle<ASN1_TIME, &ASN1_TIME_free>;
using AuthorityInfoAccessPtr = Handle<AUTHORITY_INFO_ACCESS, &AUTHORITY_INFO_ACCESS_free>;
using BioPtr = Handle<BIO, &BIO_free_all>;
using BnPtr = Handle<BIGNUM, &BN_free>;
using CmsPtr = Handle<CMS_ContentInfo, &CMS_ContentInfo_free>;
using EcdsaSigPtr = Handle<ECDSA_SIG, &ECDSA_SIG_free>;
using EvpMdCtxPtr = Handle<EVP_MD_CTX, &EVP_MD_CTX_free>;
using EvpPkeyCtxPtr = Handle<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using EvpPkeyPtr = Handle<EVP_PKEY, &EVP_PKEY_free>;
using ExtendedKeyUsagePtr = Handle<EXTENDED_KEY_USAGE, &EXTENDED_KEY_USAGE_free>;
using GeneralNamesPtr = Handle<GENERAL_NAMES, &GENERAL_NAMES_free>;
using OcspBasicPtr = Handle<OCSP_BASICRESP, &OCSP_BASICRESP_free>;
using OcspCertIdPtr = Handle<OCSP_CERTID, &OCSP_CERTID_free>;
using OcspRequestPtr = Handle<OCSP_REQUEST, &OCSP_REQUEST_free>;
using OcspResponsePtr = Handle<OCSP_RESPONSE, &OCSP_RESPONSE_free>;
using OpensslStringPtr = Handle<char, &free_openssl_memory>;
using Pkcs12Ptr = Handle<PKCS12, &PKCS12_free>;
using TsReqPtr = Handle<TS_REQ, &TS_REQ_free>;
using TsRespCtxPtr = Handle<TS_RESP_CTX, &TS_RESP_CTX_free>;
using TsRespPtr = Handle<TS_RESP, &TS_RESP_free>;
using TsTstInfoPtr = Handle<TS_TST_INFO, &TS_TST_INFO_free>;
using X509ExtensionPtr = Handle<X509_EXTENSION, &X509_EXTENSION_free>;
using X509ExtensionStackPtr = Handle<STACK_OF(X509_EXTENSION), &free_extension_stack>;
using X509NamePtr = Handle<X509_NAME, &X509_NAME_free>;
using X509OwningStackPtr = Handle<STACK_OF(X509), &free_x509_stack_deep>;
using X509Ptr = Handle<X509, &X509_free>;
using X509ReqPtr = Handle<X509_REQ, &X509_REQ_free>;
using X509StackPtr = Handle<STACK_OF(X509), &free_x509_stack>;
using X509StoreCtxPtr = Handle<X509_STORE_CTX, &X509_STORE_CTX_free>;

// Errors that OpenSSL queued while this lived are dropped: a left-over one would be
// taken for the failure of the next TLS call on this thread.
class ErrorQueueGuard {
 public:
  ErrorQueueGuard() { ERR_set_mark(); }
  ~ErrorQueueGuard() { ERR_pop_to_mark(); }
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
};

// The reason OpenSSL gave last, in its words.
std::string openssl_reason();
inline Fault openssl_fault(FaultCode code, std::string_view doing) {
  return fault(code, std::string(doing) + ": " + openssl_reason());
}

// The bytes of an i2d_ function; empty when it fails.
template <class T>
Bytes to_der(int (*encode)(const T*, unsigned char**), const T* value) {
  const int size = encode(value, nullptr);
  if (size <= 0) return {};
  Bytes der(static_cast<std::size_t>(size));
  unsigned char* end = der.data();
  encode(value, &end);
  return der;
}

// What a d2i_ function reads from exactly these bytes; null when it fails or bytes are left over.
template <class Pointer, class T>
Pointer from_der_exactly(T* (*decode)(T**, const unsigned char**, long), ByteView der) {
  const unsigned char* position = der.data();
  Pointer value(decode(nullptr, &position, static_cast<long>(der.size())));
  if (value && position != der.data() + der.size()) value.reset();
  return value;
}

inline ByteView bytes_of(const ASN1_STRING* string) {
  return {ASN1_STRING_get0_data(string), static_cast<std::size_t>(ASN1_STRING_length(string))};
}

BioPtr reading_bio(std::string_view text);
std::string text_of(BIO* memory);
std::string oid_text(const ASN1_OBJECT* object);
Asn1ObjectPtr oid_object(std::string_view dotted);

}  // namespace causeway::pki
