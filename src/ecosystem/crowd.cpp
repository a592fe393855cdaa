// SPDX-License-Identifier: MIT
#include "ecosystem/crowd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "pki/certificate_builder.hpp"
#include "pki/key.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::array<std::string_view, kSubsystemsOfMember> kSubsystems{"register", "portal", "archive"};
// Where no server stands: from 127.96.0.1 on.
constexpr std::size_t kAddressesOfBlock = 250;

std::string code_of(std::size_t member) { return fmt::format("{:08}", 20'000'000 + member); }

globalconf::Member member_of(std::size_t number) {
  globalconf::Member member{.member_class = {number % 5 == 0 ? "GOV" : "COM", {}},
                            .code = code_of(number),
                            .name = fmt::format("Association of Beekeepers {}", number),
                            .subsystems = {}};
  for (const std::string_view code : kSubsystems)
    member.subsystems.push_back(
        {fmt::format("{}-{}", code, number), fmt::format("The {} of beekeepers {}", code, number)});
  return member;
}

Result<ClientId> id_of(const std::string& instance, std::size_t number, std::size_t subsystem) {
  return ClientId::make(instance, number % 5 == 0 ? "GOV" : "COM", code_of(number),
                        fmt::format("{}-{}", kSubsystems[subsystem], number));
}

// As a server would show it, of nobody's authority.
Result<pki::Certificate> authentication_certificate(const pki::PrivateKey& key, const std::string& common_name) {
  const std::array attributes{pki::NameAttribute{"CN", common_name}};
  auto subject = pki::DistinguishedName::make(attributes);
  if (!subject) return std::move(subject).error();
  constexpr std::chrono::hours kYears{24 * 365 * 10};
  return pki::self_sign_certificate(
      {pki::CertificateKind::authentication, *std::move(subject), from_unix_millis(0), now() + kYears}, key);
}

Result<globalconf::DescribedServer> server_of(const std::string& instance, std::size_t first, std::size_t last,
                                              const pki::PrivateKey& key) {
  const std::size_t place = first / kMembersOfServer;
  const std::string code = fmt::format("server-{}", place);
  auto id = ServerId::make(instance, first % 5 == 0 ? "GOV" : "COM", code_of(first), code);
  if (!id) return id.error();
  auto certificate = authentication_certificate(key, code);
  if (!certificate) return certificate.error();
  globalconf::DescribedServer server{
      *std::move(id),
      fmt::format("127.96.{}.{}", place / kAddressesOfBlock % kAddressesOfBlock, place % kAddressesOfBlock + 1),
      {*std::move(certificate)},
      {},
      {}};
  for (std::size_t member = first; member < last; ++member) {
    for (std::size_t subsystem = 0; subsystem < kSubsystemsOfMember; ++subsystem) {
      auto client = id_of(instance, member, subsystem);
      if (!client) return client.error();
      server.clients.push_back(*std::move(client));
    }
  }
  return server;
}

}  // namespace

Result<void> add_members(globalconf::InstanceDescription& to, std::size_t total) {
  if (total <= to.members.size()) return {};
  const std::size_t count = total - to.members.size();
  // One key for all: it is the certificates that are told apart, and nobody connects with them.
  const auto key = pki::PrivateKey::generate_ec();
  if (!key) return key.error();
  to.members.reserve(total);
  for (std::size_t number = 0; number < count; ++number) to.members.push_back(member_of(number));
  for (std::size_t first = 0; first < count; first += kMembersOfServer) {
    auto server = server_of(to.instance, first, std::min(first + kMembersOfServer, count), *key);
    if (!server) return server.error();
    to.servers.push_back(*std::move(server));
  }
  return {};
}

Result<void> add_services(securityserver::Client& client, const std::string& url, std::size_t services,
                          std::size_t rights) {
  for (std::size_t number = 0; number < services; ++number) {
    securityserver::Service service{.code = fmt::format("beekeeping-{}", number),
                                    .version = {},
                                    .url = url,
                                    .description_url = {},
                                    .verify_tls = false,
                                    .disabled_notice = {},
                                    .endpoints = {}};
    const std::size_t first = rights * number / services, last = rights * (number + 1) / services;
    for (std::size_t right = first; right < last; ++right) {
      const std::size_t subject = right % kLargestCrowd;
      auto id = id_of(client.id.instance(), subject / kSubsystemsOfMember, subject % kSubsystemsOfMember);
      if (!id) return id.error();
      client.rights.grant({service.code, securityserver::Endpoint::base(), *std::move(id)});
    }
    std::string code = service.code;
    client.services[std::move(code)].push_back(std::move(service));
  }
  return {};
}

}  // namespace causeway::ecosystem
