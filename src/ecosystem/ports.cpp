// SPDX-License-Identifier: MIT
#include "ecosystem/ports.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

#include "domain/fault_code.hpp"

namespace causeway::ecosystem {
namespace {

// Below what Linux gives to outgoing connections, above what well-known services use.
constexpr int kLowest = 20000, kHighest = 32000;
constexpr int kSpan = 32;  // more than an ecosystem needs
constexpr int kTries = 200;

bool is_free(const std::string& address, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return false;
  // As the servers will: a port that only lingers from last time is free.
  const int yes = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
  const bool bound = ::bind(socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  ::close(socket);
  return bound;
}

}  // namespace

Ports ports_from(std::uint16_t base, const Plan& plan) {
  std::uint16_t next = base;
  Ports ports{.transport = next++,
              .ocsp_exchange = next++,
              .consumer_http = next++,
              .consumer_https = next++,
              .admin = next++,
              .instances = {}};
  for (std::size_t i = 0; i < plan.instances.size(); ++i) {
    ports.instances.push_back({.central = next++,
                               .central_tls = next++,
                               .central_admin = next++,
                               .registration = next++,
                               .management = next++,
                               .trust = next++,
                               .registers = next++});
  }
  return ports;
}

Result<void> check_free(const Ports& ports, const Plan& plan) {
  const auto check = [](const std::string& address, std::initializer_list<std::uint16_t> wanted) -> Result<void> {
    for (const std::uint16_t port : wanted) {
      if (!is_free(address, port)) {
        return fault(FaultCode::bad_request, fmt::format("{}:{} is in use; stop what listens there, or choose other "
                                                         "ports with --base-port",
                                                         address, port));
      }
    }
    return {};
  };
  for (const PlannedInstance& instance : plan.instances) {
    for (const PlannedServer* server : instance.servers()) {
      auto free = check(server->address,
                        {ports.transport, ports.ocsp_exchange, ports.consumer_http, ports.consumer_https, ports.admin});
      if (!free) return free;
    }
  }
  for (const InstancePorts& instance : ports.instances) {
    auto free = check("127.0.0.1", {instance.central, instance.central_tls, instance.central_admin,
                                    instance.registration, instance.management, instance.trust, instance.registers});
    if (!free) return free;
  }
  return {};
}

Result<std::uint16_t> choose_ports(std::uint16_t wanted, std::uint16_t remembered, const Plan& plan) {
  if (wanted != 0) {
    if (wanted > 65535 - kSpan) return fault(FaultCode::bad_request, "--base-port is too high");
    if (auto free = check_free(ports_from(wanted, plan), plan); !free) return free.error();
    return wanted;
  }
  if (remembered != 0 && check_free(ports_from(remembered, plan), plan)) return remembered;
  std::random_device random;
  for (int i = 0; i < kTries; ++i) {
    const auto blocks = static_cast<unsigned>((kHighest - kLowest) / kSpan);
    const auto base = static_cast<std::uint16_t>(kLowest + static_cast<int>(random() % blocks) * kSpan);
    if (check_free(ports_from(base, plan), plan)) return base;
  }
  return fault(FaultCode::io_error, "found no free ports; choose some with --base-port");
}

}  // namespace causeway::ecosystem
