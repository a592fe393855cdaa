// SPDX-License-Identifier: MIT
// What stands in a certificate, in the words in which X-Road's administration shows it to people.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pki/certificate.hpp"

namespace causeway::pki {

struct CertificateDetails {
  std::string hash = {};                  // SHA-256, upper case
  std::string issuer = {}, subject = {};  // as Java's X500Principal.toString()
  std::optional<std::string> issuer_common_name = {}, subject_common_name = {};
  std::optional<std::string> alternative_names = {};  // "DNS:a.example, IP Address:10.0.0.1"
  std::vector<std::string> key_usages = {};           // "DIGITAL_SIGNATURE"
  std::string public_key_algorithm = {};              // "RSA", "EC"
  std::string rsa_exponent = {}, rsa_modulus = {};    // decimal and hexadecimal, of an RSA key
  std::string ec_curve = {}, ec_point = {};           // of an EC key: Java's name, and the point uncompressed
  std::string serial = {};                            // decimal
  std::string signature = {};                         // hexadecimal
  std::string signature_algorithm = {};               // "SHA256withRSA"
  int version = 0;
};

// All of it is UTF-8.
CertificateDetails details_of(const Certificate& certificate);

}  // namespace causeway::pki
