// SPDX-License-Identifier: MIT
// A time-stamping service on a port of this machine, which can be made to misbehave.
#pragma once

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>

#include "net/coroutines.hpp"
#include "net/http_server.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/timestamp.hpp"
#include "support/request_body.hpp"

namespace causeway::securityserver {

struct Authority {
  pki::PrivateKey key;
  pki::Certificate certificate;

  // Two of the same name and serial number differ in their keys only.
  static Authority make(const std::string& name, std::uint8_t serial) {
    const pki::CertificateSpec spec{.kind = pki::CertificateKind::time_stamping,
                                    .subject = *pki::DistinguishedName::parse("CN=" + name),
                                    .not_before = now() - std::chrono::hours(1),
                                    .not_after = now() + std::chrono::hours(1),
                                    .serial = {serial}};
    auto key = *pki::PrivateKey::generate_ec();
    auto certificate = *pki::self_sign_certificate(spec, key);
    return {std::move(key), std::move(certificate)};
  }
};

enum class Mood { grants, refuses, garbage, empty, wrong_imprint, stranger, forger, server_error, silent, endless };

class ServiceDouble {
 public:
  explicit ServiceDouble(const Authority& approved)
      : approved_(approved), stranger_(Authority::make("stranger", 9)), forger_(Authority::make("approved", 7)) {
    listen(0);
  }
  ~ServiceDouble() { kill(); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/tsa"; }
  // Nobody listens any more; revive() does so again at the same address.
  void kill() {
    killed_ = true;
    server_.reset();
  }
  void revive() {
    killed_ = false;
    listen(port_);
  }

  std::atomic<Mood> mood = Mood::grants;
  std::atomic<int> requests = 0;
  std::string content_type;

 private:
  void listen(std::uint16_t port) {
    auto started = net::HttpServer::start(threads_, {.port = port, .tls = {}, .limits = {}},
                                          [this](auto& call) { return serve(call); });
    if (!started) throw std::runtime_error(started.error().text);
    server_ = *std::move(started);
    port_ = server_->port();
  }

  Bytes stamp(const Authority& by, ByteView request) const {
    return pki::TimestampAuthority(by.certificate, by.key, "1.2.3", [] { return 77U; }).respond(request, now());
  }

  Bytes answer(const Bytes& request) const {
    static const Bytes other = pki::digest(pki::DigestAlgorithm::sha512, as_bytes("something else"));
    switch (mood) {
      case Mood::refuses:
        return stamp(approved_, as_bytes("no request"));
      case Mood::garbage:
        return Bytes(1000, 'x');
      case Mood::empty:
        return {};
      case Mood::wrong_imprint:
        return stamp(approved_, pki::make_timestamp_request(pki::DigestAlgorithm::sha512, other));
      case Mood::stranger:
        return stamp(stranger_, request);
      case Mood::forger:
        return stamp(forger_, request);
      case Mood::endless:
        return Bytes(1UL << 20, '0');
      default:
        return stamp(approved_, request);
    }
  }

  net::Task<void> serve(net::ServerCall& call) {
    ++requests;
    if (const auto* type = call.head().headers.find("Content-Type")) content_type = *type;
    const Bytes request = co_await testing::body_of(call);
    while (mood == Mood::silent && !killed_) co_await net::sleep_for(std::chrono::milliseconds(10));
    net::ResponseHead head;
    head.status = mood == Mood::server_error ? 503 : 200;
    const Bytes response = answer(request);
    auto ignored = co_await call.respond(std::move(head), response);
    (void)ignored;
  }

  const Authority& approved_;
  const Authority stranger_, forger_;
  std::atomic<bool> killed_ = false;
  std::uint16_t port_ = 0;
  net::IoThreads threads_{1};
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace causeway::securityserver
