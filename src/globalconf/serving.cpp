// SPDX-License-Identifier: MIT
#include "globalconf/serving.hpp"

namespace causeway::globalconf {
namespace {

constexpr std::chrono::seconds kStopGrace{5};

}  // namespace

Result<std::unique_ptr<Serving>> Serving::start(ServingOptions options) {
  std::shared_ptr<const net::TlsServerContext> tls;
  if (options.identity) {
    auto context = net::TlsServerContext::make(
        {.identity = *std::move(options.identity), .suites = {}, .acceptable_issuers = {}, .check = {}});
    if (!context) return std::move(context).error();
    tls = *std::move(context);
  }
  std::unique_ptr<Serving> serving(new Serving);
  const auto listen = [&](std::uint16_t port, std::shared_ptr<const net::TlsServerContext> context) {
    return serve_files(serving->threads_,
                       {.address = options.address, .port = port, .tls = std::move(context), .limits = options.limits},
                       options.docroot, options.file_for);
  };
  auto plain = listen(options.port, nullptr);
  if (!plain) return std::move(plain).error();
  serving->plain_ = *std::move(plain);
  if (tls) {
    auto secure = listen(options.tls_port, std::move(tls));
    if (!secure) return std::move(secure).error();
    serving->secure_ = *std::move(secure);
  }
  return serving;
}

Serving::~Serving() {
  if (secure_) secure_->stop(kStopGrace);
  if (plain_) plain_->stop(kStopGrace);
}

}  // namespace causeway::globalconf
