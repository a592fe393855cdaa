// SPDX-License-Identifier: MIT
#include "ecosystem/trust_services.hpp"

#include <fmt/format.h>

#include <memory>
#include <mutex>

#include "base/files.hpp"
#include "testca/server.hpp"
#include "testca/test_ca.hpp"

namespace causeway::ecosystem {
namespace {

testca::TestCaUrls urls(const InstancePorts& ports) { return testca::urls_of("127.0.0.1", ports.trust); }

testca::IssueKind kind_of(signer::KeyUsage usage) {
  return usage == signer::KeyUsage::signing ? testca::IssueKind::sign : testca::IssueKind::authentication;
}

// The subject that the authority certifies. Requests by the Estonian profile carry the
// registry code as "SN", which is a surname by now; the authority writes a serial number.
Result<pki::DistinguishedName> certified_subject(const pki::DistinguishedName& requested) {
  std::vector<pki::NameAttribute> attributes = requested.attributes();
  for (pki::NameAttribute& attribute : attributes) {
    if (attribute.type == "SURNAME") attribute.type = "serialNumber";
  }
  return pki::DistinguishedName::make(attributes);
}

}  // namespace

Result<void> make_trust_services(const Layout& layout, const PlannedInstance& instance, KeyKind kind) {
  const auto made = testca::TestCa::create(layout.test_ca(instance),
                                           {.name = instance.trust_name, .ec_keys = kind == KeyKind::p256}, now());
  return made ? Result<void>() : made.error();
}

Result<TrustCertificates> read_trust_certificates(const Layout& layout, const PlannedInstance& instance) {
  const auto opened = testca::TestCa::open(layout.test_ca(instance));
  if (!opened) return opened.error();
  const testca::TestCa& ca = **opened;
  return TrustCertificates{ca.root(), ca.root_ocsp_signer(), ca.ca(), ca.ocsp_signer(), ca.tsa()};
}

Result<IssueCertificate> open_issuer(const Layout& layout, const PlannedInstance& instance) {
  auto opened = testca::TestCa::open(layout.test_ca(instance));
  if (!opened) return opened.error();
  const std::shared_ptr<testca::TestCa> ca = *std::move(opened);
  return IssueCertificate([ca](const Bytes& csr, signer::KeyUsage usage) -> Result<pki::Certificate> {
    const auto request = pki::read_csr(csr);
    if (!request) return request.error();
    const auto subject = certified_subject(request->subject);
    if (!subject) return subject.error();
    return ca->issue(*subject, request->key, kind_of(usage), request->alt_names, now());
  });
}

std::vector<std::string> trust_services_arguments(const Layout& layout, const PlannedInstance& instance,
                                                  const InstancePorts& ports) {
  return {"test-ca", "--dir", layout.test_ca(instance).string(), "--port", std::to_string(ports.trust)};
}

Result<void> revoke(Caller& caller, const InstancePorts& ports, const pki::Certificate& certificate) {
  Call call{.url = certification_url(ports) + "/revoke?serial=" + certificate.serial_decimal(),
            .method = "POST",
            .headers = {},
            .body = {},
            .object = {},
            .tls = {}};
  const auto reply = caller.call(call);
  if (!reply) return reply.error();
  if (reply->status != 200) return Fault{"not_revoked", fmt::format("status {}: {}", reply->status, reply->body)};
  return {};
}

std::string certification_url(const InstancePorts& ports) { return urls(ports).ca; }
std::string ocsp_url(const InstancePorts& ports) { return urls(ports).ocsp; }
std::string timestamping_url(const InstancePorts& ports) { return urls(ports).tsa; }

}  // namespace causeway::ecosystem
