// SPDX-License-Identifier: MIT
#include "unit/net/certificates.hpp"

#include <atomic>

#include "pki/openssl_handles.hpp"

namespace causeway::net {

namespace {

pki::Certificate make(const std::string& name, const pki::PrivateKey& key, const std::string& issuer,
                      const pki::PrivateKey& issuer_key, std::size_t ballast = 0) {
  static std::atomic<long> serial = 1;
  const pki::X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  const auto entry = [](X509_NAME* into, const std::string& text) {
    X509_NAME_add_entry_by_txt(into, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1,
                               0);
  };
  entry(X509_get_subject_name(certificate.get()), name);
  entry(X509_get_issuer_name(certificate.get()), issuer);
  X509_set_pubkey(certificate.get(), key.handle());
  if (ballast > 0) {
    const pki::Handle<ASN1_OCTET_STRING, &ASN1_OCTET_STRING_free> octets(ASN1_OCTET_STRING_new());
    const std::string text(ballast, 'x');
    ASN1_OCTET_STRING_set(octets.get(), reinterpret_cast<const unsigned char*>(text.data()),
                          static_cast<int>(text.size()));
    const pki::Handle<X509_EXTENSION, &X509_EXTENSION_free> extension(
        X509_EXTENSION_create_by_NID(nullptr, NID_netscape_comment, 0, octets.get()));
    X509_add_ext(certificate.get(), extension.get(), -1);
  }
  X509_sign(certificate.get(), issuer_key.handle(), EVP_sha256());
  return *pki::Certificate::from_der(pki::to_der(&i2d_X509, static_cast<const X509*>(certificate.get())));
}

}  // namespace

const TestPki& TestPki::instance() {
  static const TestPki pki;
  return pki;
}

TestPki::TestPki()
    : root_key_(*pki::PrivateKey::generate_rsa(2048)),
      intermediate_key_(*pki::PrivateKey::generate_rsa(2048)),
      leaf_key_(*pki::PrivateKey::generate_rsa(2048)),
      root_(make("root", root_key_, "root", root_key_)),
      intermediate_(make("intermediate", intermediate_key_, "root", root_key_)) {}

TlsIdentity TestPki::issue(const std::string& common_name) const {
  return {leaf_key_, {make(common_name, leaf_key_, "intermediate", intermediate_key_), intermediate_}};
}

TlsIdentity TestPki::issue_with_ballast(const std::string& common_name, std::size_t octets) const {
  TlsIdentity identity = issue(common_name);
  identity.chain.push_back(make("ballast", intermediate_key_, "root", root_key_, octets));
  return identity;
}

}  // namespace causeway::net
