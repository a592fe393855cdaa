// SPDX-License-Identifier: MIT
#include "pki/certificate_details.hpp"

#include <openssl/core_names.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/utf8.hpp"
#include "pki/name.hpp"
#include "pki/openssl_handles.hpp"

namespace causeway::pki {
namespace {

constexpr int kMaxNames = 100;
constexpr std::string_view kCommonName = "2.5.4.3";

// Who made the certificate may have written other octets than the types of its texts allow.
std::string readable(std::string text) {
  if (!is_utf8(text)) std::ranges::replace_if(text, [](char c) { return (c & 0x80) != 0; }, '?');
  return text;
}

std::optional<std::string> readable(std::optional<std::string> text) {
  if (text) text = readable(*std::move(text));
  return text;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string address(ByteView octets) {
  std::string text;
  if (octets.size() == 4)
    for (const std::uint8_t octet : octets) text += (text.empty() ? "" : ".") + std::to_string(octet);
  if (octets.size() == 16)
    for (std::size_t i = 0; i < 16; i += 2) {
      std::array<char, 6> group{};
      std::snprintf(group.data(), group.size(), "%x", octets[i] << 8 | octets[i + 1]);
      text += (text.empty() ? "" : ":") + std::string(group.data());
    }
  return text;
}

// As X-Road calls the kinds of names; of some it shows no more.
std::string alternative_name(const GENERAL_NAME* name) {
  switch (name->type) {
    case GEN_EMAIL:
      return "email:" + to_text(bytes_of(name->d.rfc822Name));
    case GEN_DNS:
      return "DNS:" + to_text(bytes_of(name->d.dNSName));
    case GEN_DIRNAME:
      return "DirName:" + rfc2253_name(name->d.directoryName);
    case GEN_URI:
      return "URI:" + to_text(bytes_of(name->d.uniformResourceIdentifier));
    case GEN_IPADD:
      return "IP Address:" + address(bytes_of(name->d.iPAddress));
    case GEN_RID:
      return "Registered ID:" + oid_text(name->d.registeredID);
    case GEN_OTHERNAME:
      return "othername:<unsupported>";
    case GEN_X400:
      return "x400:<unsupported>";
    default:
      return "ediPartyName:<unsupported>";
  }
}

std::optional<std::string> alternative_names(const X509* x509) {
  const GeneralNamesPtr names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
  std::string text;
  for (int i = 0; names && i < std::min(sk_GENERAL_NAME_num(names.get()), kMaxNames); ++i)
    text += (text.empty() ? "" : ", ") + alternative_name(sk_GENERAL_NAME_value(names.get(), i));
  return text.empty() ? std::nullopt : std::optional(text);
}

std::vector<std::string> key_usages(X509* x509) {
  // By bits of OpenSSL's number: X.509 counts from the highest bit of the first octet.
  constexpr std::array<std::pair<std::uint32_t, const char*>, 9> kUsages = {
      {{KU_DIGITAL_SIGNATURE, "DIGITAL_SIGNATURE"},
       {KU_NON_REPUDIATION, "NON_REPUDIATION"},
       {KU_KEY_ENCIPHERMENT, "KEY_ENCIPHERMENT"},
       {KU_DATA_ENCIPHERMENT, "DATA_ENCIPHERMENT"},
       {KU_KEY_AGREEMENT, "KEY_AGREEMENT"},
       {KU_KEY_CERT_SIGN, "KEY_CERT_SIGN"},
       {KU_CRL_SIGN, "CRL_SIGN"},
       {KU_ENCIPHER_ONLY, "ENCIPHER_ONLY"},
       {KU_DECIPHER_ONLY, "DECIPHER_ONLY"}}};
  const std::uint32_t usage = X509_get_key_usage(x509);
  std::vector<std::string> names;
  if (usage == UINT32_MAX) return names;  // no extension
  for (const auto& [bit, name] : kUsages)
    if ((usage & bit) != 0) names.emplace_back(name);
  return names;
}

BnPtr number(const EVP_PKEY* key, const char* parameter) {
  BIGNUM* value = nullptr;
  EVP_PKEY_get_bn_param(key, parameter, &value);
  return BnPtr(value);
}

std::string hex(const BIGNUM* value, std::size_t octets) {
  Bytes bytes(octets);
  if (value == nullptr || BN_bn2binpad(value, bytes.data(), static_cast<int>(octets)) < 0) return {};
  return to_hex(bytes);
}

// As Java's EC parameters write themselves.
std::string curve(const EVP_PKEY* key) {
  std::array<char, 80> name{};
  if (EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(), nullptr) != 1)
    return {};
  switch (OBJ_txt2nid(name.data())) {
    case NID_X9_62_prime256v1:
      return "secp256r1 [NIST P-256,X9.62 prime256v1] (1.2.840.10045.3.1.7)";
    case NID_secp384r1:
      return "secp384r1 [NIST P-384] (1.3.132.0.34)";
    case NID_secp521r1:
      return "secp521r1 [NIST P-521] (1.3.132.0.35)";
    default:
      return name.data();
  }
}

void add_key(CertificateDetails& details, const PublicKey& public_key) {
  const EVP_PKEY* key = public_key.handle();
  if (public_key.is_rsa()) {
    details.public_key_algorithm = "RSA";
    const BnPtr exponent = number(key, OSSL_PKEY_PARAM_RSA_E), modulus = number(key, OSSL_PKEY_PARAM_RSA_N);
    const OpensslStringPtr decimal(exponent ? BN_bn2dec(exponent.get()) : nullptr);
    if (decimal) details.rsa_exponent = decimal.get();
    if (modulus) details.rsa_modulus = hex(modulus.get(), static_cast<std::size_t>(BN_num_bytes(modulus.get())));
    if (details.rsa_modulus.starts_with('0')) details.rsa_modulus.erase(0, 1);  // a number, not octets
    return;
  }
  const char* const type = EVP_PKEY_get0_type_name(key);
  details.public_key_algorithm = type == nullptr ? "" : type;
  if (const std::size_t size = public_key.ec_field_size(); size > 0) {
    const BnPtr x = number(key, OSSL_PKEY_PARAM_EC_PUB_X), y = number(key, OSSL_PKEY_PARAM_EC_PUB_Y);
    details.ec_curve = curve(key);
    details.ec_point = "04" + hex(x.get(), size) + hex(y.get(), size);
  }
}

std::string signature_algorithm(const X509* x509) {
  const int nid = X509_get_signature_nid(x509);
  int digest = 0, key = 0;
  if (nid == NID_rsassaPss) return "RSASSA-PSS";
  if (OBJ_find_sigid_algs(nid, &digest, &key) == 1 && digest != NID_undef) {
    const std::string with = key == NID_rsaEncryption || key == NID_rsa ? "RSA"
                             : key == NID_X9_62_id_ecPublicKey          ? "ECDSA"
                                                                        : "";
    if (!with.empty()) return upper(OBJ_nid2sn(digest)) + "with" + with;
  }
  const ASN1_OBJECT* const object = OBJ_nid2obj(nid);
  return object == nullptr ? std::string() : oid_text(object);
}

}  // namespace

CertificateDetails details_of(const Certificate& certificate) {
  const ErrorQueueGuard guard;
  X509* const x509 = certificate.handle();
  const X509_NAME *const issuer = X509_get_issuer_name(x509), *const subject = X509_get_subject_name(x509);
  CertificateDetails details{.hash = upper(certificate.hash_hex(DigestAlgorithm::sha256)),
                             .issuer = readable(displayed_name(issuer)),
                             .subject = readable(displayed_name(subject)),
                             .issuer_common_name = readable(last_attribute(issuer, kCommonName)),
                             .subject_common_name = readable(last_attribute(subject, kCommonName)),
                             .alternative_names = readable(alternative_names(x509)),
                             .key_usages = key_usages(x509),
                             .serial = certificate.serial_decimal(),
                             .signature_algorithm = signature_algorithm(x509),
                             .version = static_cast<int>(X509_get_version(x509)) + 1};
  add_key(details, certificate.public_key());
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, x509);
  if (signature != nullptr) details.signature = to_hex(bytes_of(signature));
  return details;
}

}  // namespace causeway::pki
