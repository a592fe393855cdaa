// SPDX-License-Identifier: MIT
#include "globalconf/timestamp_authorities.hpp"

#include "base/log.hpp"

namespace causeway::globalconf {

std::vector<pki::Certificate> timestamp_authorities(const View& view) {
  std::vector<pki::Certificate> certificates;
  for (const std::string& instance : view.instances()) {
    const InstanceSettings* const shared = view.settings(instance);
    if (shared == nullptr) continue;
    for (const TimestampingService& service : shared->timestamping_services) {
      auto certificate = pki::Certificate::from_der_or_pem(service.certificate);
      if (certificate)
        certificates.push_back(*std::move(certificate));
      else
        log::warn("Global configuration of {}: time-stamping service {}: {}", instance, service.name,
                  certificate.error().text);
    }
  }
  return certificates;
}

}  // namespace causeway::globalconf
