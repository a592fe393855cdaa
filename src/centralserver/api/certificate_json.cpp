// SPDX-License-Identifier: MIT
#include "centralserver/api/certificate_json.hpp"

#include <boost/json.hpp>
#include <charconv>

#include "pki/certificate_details.hpp"

namespace causeway::centralserver {
namespace {

namespace json = boost::json;

// A number of any length: what no integer holds is told by its digits.
json::value number(const std::string& digits) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + digits.size() ? json::value(value) : json::value(digits);
}

}  // namespace

json::object certificate_json(const pki::Certificate& certificate) {
  const pki::CertificateDetails details = pki::details_of(certificate);
  json::object out{{"hash", details.hash},
                   {"issuer_distinguished_name", details.issuer},
                   {"subject_distinguished_name", details.subject},
                   {"key_usages", json::array(details.key_usages.begin(), details.key_usages.end())},
                   {"not_before", to_iso_seconds(certificate.not_before())},
                   {"not_after", to_iso_seconds(certificate.not_after())},
                   {"public_key_algorithm", details.public_key_algorithm},
                   {"serial", details.serial},
                   {"signature", details.signature},
                   {"signature_algorithm", details.signature_algorithm},
                   {"version", details.version}};
  if (details.issuer_common_name) out["issuer_common_name"] = *details.issuer_common_name;
  if (details.subject_common_name) out["subject_common_name"] = *details.subject_common_name;
  if (details.alternative_names) out["subject_alternative_names"] = *details.alternative_names;
  if (!details.rsa_modulus.empty()) {
    out["rsa_public_key_exponent"] = number(details.rsa_exponent);
    out["rsa_public_key_modulus"] = details.rsa_modulus;
  }
  if (!details.ec_point.empty()) {
    out["ec_public_parameters"] = details.ec_curve;
    out["ec_public_key_point"] = details.ec_point;
  }
  return out;
}

}  // namespace causeway::centralserver
