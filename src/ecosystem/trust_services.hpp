// SPDX-License-Identifier: MIT
// The certification authority, OCSP responder and timestamping authority of an instance.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ecosystem/caller.hpp"
#include "ecosystem/keys.hpp"
#include "ecosystem/layout.hpp"
#include "ecosystem/plan.hpp"
#include "ecosystem/ports.hpp"
#include "pki/certificate.hpp"

namespace causeway::ecosystem {

struct TrustCertificates {
  pki::Certificate root, root_ocsp;  // the root and who answers for the issuing CA
  pki::Certificate ca, ocsp;         // the issuing CA and who answers for what it issued
  pki::Certificate tsa;
};

// Made once.
Result<void> make_trust_services(const Layout& layout, const PlannedInstance& instance, KeyKind kind);
Result<TrustCertificates> read_trust_certificates(const Layout& layout, const PlannedInstance& instance);
// Issues as long as the copies of what it gives live; for many threads.
Result<IssueCertificate> open_issuer(const Layout& layout, const PlannedInstance& instance);

// The command line of the process.
std::vector<std::string> trust_services_arguments(const Layout& layout, const PlannedInstance& instance,
                                                  const InstancePorts& ports);

// Asks the running authority to revoke a certificate of its.
Result<void> revoke(Caller& caller, const InstancePorts& ports, const pki::Certificate& certificate);

std::string certification_url(const InstancePorts& ports);
std::string ocsp_url(const InstancePorts& ports);
std::string timestamping_url(const InstancePorts& ports);

}  // namespace causeway::ecosystem
