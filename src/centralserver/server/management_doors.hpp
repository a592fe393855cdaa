// SPDX-License-Identifier: MIT
// The two HTTPS ports of the management services, with the certificate that the global
// configuration names.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "centralserver/managementservice/management_services.hpp"
#include "centralserver/server/settings.hpp"
#include "net/io_threads.hpp"

namespace causeway::centralserver {

class ManagementDoors {
 public:
  // A certificate for `host` is made when there is none yet. What it is given outlives it.
  // io_error when a port is taken; malformed_configuration for a certificate that cannot be used.
  static Result<std::unique_ptr<ManagementDoors>> open(const ManagementSettings& settings, Registries& registries,
                                                       net::IoThreads& threads, const std::string& host,
                                                       const net::ServerLimits& limits);

  std::uint16_t registration_port() const { return registration_->port(); }
  std::uint16_t management_port() const { return management_->port(); }

  // Shows another certificate when the file has changed; one that cannot be used is told, and
  // the old one stays.
  void look_at_certificate();
  void close(std::chrono::milliseconds grace);

 private:
  ManagementDoors(const ManagementSettings& settings, Registries& registries);
  Result<std::shared_ptr<const net::TlsServerContext>> read_certificate();

  const ManagementSettings& settings_;
  ManagementServices registration_services_, management_services_;
  std::filesystem::file_time_type shown_{};  // when the certificate that is shown was written
  std::unique_ptr<net::HttpServer> registration_, management_;
};

}  // namespace causeway::centralserver
