// SPDX-License-Identifier: MIT
// A CA with an OCSP responder on a port of this machine.
#pragma once

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>

#include "net/http_server.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/ocsp_responder.hpp"
#include "support/request_body.hpp"

namespace causeway::securityserver {

inline pki::DistinguishedName name(const std::string& text) { return *pki::DistinguishedName::parse(text); }

inline pki::CertificateSpec spec(pki::CertificateKind kind, const std::string& subject) {
  return {.kind = kind,
          .subject = name(subject),
          .not_before = now() - std::chrono::hours(1),
          .not_after = now() + std::chrono::hours(1)};
}

// A CA, and a certificate that it issued.
struct Pki {
  pki::PrivateKey ca_key = *pki::PrivateKey::generate_ec();
  pki::Certificate ca = *pki::self_sign_certificate(spec(pki::CertificateKind::root_ca, "CN=ca"), ca_key);
  pki::PrivateKey key = *pki::PrivateKey::generate_ec();
  pki::Certificate leaf = issue({});

  pki::Certificate issue(const std::string& ocsp_url) const {
    auto wanted = spec(pki::CertificateKind::sign, "CN=leaf");
    wanted.ocsp_url = ocsp_url;
    return *pki::issue_certificate(wanted, key.public_key(), ca, ca_key);
  }
};

// An OCSP responder on a port of this machine.
class Responder {
 public:
  explicit Responder(const Pki& pki)
      : responder_(pki.ca, pki.ca_key, [this](auto&&...) { return answer_now(); }, {.issuers = {pki.ca}, .valid = {}}) {
    auto started = net::HttpServer::start(threads_, {}, [this](net::ServerCall& call) { return serve(call); });
    if (!started) throw std::runtime_error(started.error().text);
    server_ = *std::move(started);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/ocsp"; }

  std::atomic<pki::CertificateStatus> status = pki::CertificateStatus::good;
  std::atomic<int> http_status = 200;
  std::atomic<bool> garbage = false;
  std::atomic<int> requests = 0;
  std::string content_type;

 private:
  pki::OcspAnswer answer_now() const { return {.status = status, .revoked_at = now() - std::chrono::minutes(1)}; }

  net::Task<void> serve(net::ServerCall& call) {
    ++requests;
    if (const auto* type = call.head().headers.find("Content-Type")) content_type = *type;
    const Bytes request = co_await testing::body_of(call);
    const Bytes response = garbage ? Bytes(1000, 'x') : responder_.respond(request, now());
    net::ResponseHead head;
    head.status = http_status;
    auto ignored = co_await call.respond(std::move(head), response);
    (void)ignored;
  }

  pki::OcspResponder responder_;
  net::IoThreads threads_{1};
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace causeway::securityserver
