// SPDX-License-Identifier: MIT
#include "centralserver/server/management_doors.hpp"

#include "base/log.hpp"

namespace causeway::centralserver {

ManagementDoors::ManagementDoors(const ManagementSettings& settings, Registries& registries)
    : settings_(settings),
      registration_services_(registries, {.rate = settings.registration_rate}),
      management_services_(registries, {.rate = settings.management_rate, .callers = settings.management_callers}) {}

Result<std::unique_ptr<ManagementDoors>> ManagementDoors::open(const ManagementSettings& settings,
                                                               Registries& registries, net::IoThreads& threads,
                                                               const std::string& host,
                                                               const net::ServerLimits& limits) {
  if (auto made = net::read_or_make_tls_identity(settings.tls, host); !made) return std::move(made).error();
  std::unique_ptr<ManagementDoors> doors(new ManagementDoors(settings, registries));
  auto tls = doors->read_certificate();
  if (!tls) return std::move(tls).error();
  const auto start = [&](std::uint16_t port, net::Handler handler) {
    return net::HttpServer::start(threads, {.address = settings.address, .port = port, .tls = *tls, .limits = limits},
                                  std::move(handler));
  };
  auto registration = start(
      settings.registration_port,
      [&services = doors->registration_services_](net::ServerCall& call) { return services.serve_registration(call); });
  if (!registration) return std::move(registration).error();
  doors->registration_ = *std::move(registration);
  auto management = start(settings.management_port, [&services = doors->management_services_](net::ServerCall& call) {
    return services.serve_management(call);
  });
  if (!management) return std::move(management).error();
  doors->management_ = *std::move(management);
  return doors;
}

Result<std::shared_ptr<const net::TlsServerContext>> ManagementDoors::read_certificate() {
  std::error_code ignored;
  shown_ = std::filesystem::last_write_time(settings_.tls.certificate, ignored);
  auto identity = net::read_tls_identity(settings_.tls);
  if (!identity) return std::move(identity).error();
  auto tls = net::TlsServerContext::make(
      {.identity = *std::move(identity), .suites = {}, .acceptable_issuers = {}, .check = {}});
  if (!tls) return tls.error().while_doing(settings_.tls.certificate.string());
  return tls;
}

void ManagementDoors::look_at_certificate() {
  std::error_code error;
  if (std::filesystem::last_write_time(settings_.tls.certificate, error) == shown_ || error) return;
  auto tls = read_certificate();
  if (!tls) return log::error("the management services keep their TLS certificate: {}", tls.error().text);
  registration_->set_tls(*tls);
  management_->set_tls(*tls);
  log::info("the management services show another TLS certificate");
}

void ManagementDoors::close(std::chrono::milliseconds grace) {
  registration_->stop(grace);
  management_->stop(grace);
}

}  // namespace causeway::centralserver
