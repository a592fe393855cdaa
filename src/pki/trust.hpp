// SPDX-License-Identifier: MIT
// What a verifier has to know of the global configuration, as an interface: the
// live view implements it, tests may.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "pki/certificate.hpp"

namespace causeway::pki {

// An approved certification authority: a top or intermediate CA of one instance.
struct ApprovedCa {
  Certificate certificate;
  std::vector<Certificate> ocsp_responders = {};  // trusted for certificates this CA issued
  std::vector<std::string> ocsp_urls = {};
  std::string profile_class = {};  // certificateProfileInfo, verbatim
  bool authentication_only = false;
};

struct OcspPolicy {
  std::chrono::seconds freshness{3600};  // ocspFreshnessSeconds of the own instance
  bool verify_next_update = true;        // NEXTUPDATE part of the own instance
};

class Trust {
 public:
  virtual ~Trust() = default;
  // The approved CA of `instance` whose subject is the issuer of `certificate`;
  // nullptr when there is none (trust.md 8.3).
  virtual const ApprovedCa* issuer_of(std::string_view instance, const Certificate& certificate) const = 0;
  // The same over all instances.
  virtual const ApprovedCa* issuer_of(const Certificate& certificate) const = 0;
  // All OCSP responder and CA certificates, among which the signer of an OCSP response is looked for.
  virtual std::vector<Certificate> ocsp_signer_candidates() const = 0;
  virtual OcspPolicy ocsp_policy() const = 0;
};

}  // namespace causeway::pki
