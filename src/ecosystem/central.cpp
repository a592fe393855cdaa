// SPDX-License-Identifier: MIT
#include "ecosystem/central.hpp"

#include <fmt/format.h>

#include <atomic>
#include <charconv>
#include <functional>
#include <thread>

#include "base/files.hpp"
#include "base/log.hpp"
#include "ecosystem/central_changes.hpp"
#include "ecosystem/crowd.hpp"
#include "ecosystem/trust_services.hpp"
#include "globalconf/anchor.hpp"
#include "globalconf/configuration_server.hpp"
#include "globalconf/source_keys.hpp"
#include "net/io_threads.hpp"
#include "pki/key.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::string_view kInternal = "internal", kExternal = "external";
constexpr std::size_t kMembersInEveryVersion = 1000;
constexpr std::chrono::milliseconds kLook{100};

std::filesystem::path key_file(const Layout& layout, const PlannedInstance& instance, std::string_view source) {
  return layout.central(instance) / fmt::format("{}-signing.key", source);
}
std::filesystem::path certificate_file(const Layout& layout, const PlannedInstance& instance, std::string_view source) {
  return layout.central(instance) / fmt::format("{}-signing.crt", source);
}
std::filesystem::path server_file(const Layout& layout, const PlannedInstance& instance, const PlannedServer& server) {
  return layout.central(instance) / (server.folder + "-authentication.crt");
}

Result<void> make_source_key(const Layout& layout, const PlannedInstance& instance, std::string_view source) {
  const auto key = pki::PrivateKey::generate_ec();
  if (!key) return key.error();
  const auto certificate = globalconf::make_source_certificate(*key, fmt::format("{}SigningKey", source));
  if (!certificate) return certificate.error();
  auto written = write_file_atomically(key_file(layout, instance, source), key->to_pem(), 0600);
  if (!written) return written;
  return write_file_atomically(certificate_file(layout, instance, source), certificate->to_pem());
}

Result<pki::Certificate> read_certificate(const std::filesystem::path& file) {
  const auto text = read_file(file);
  if (!text) return text.error();
  return pki::Certificate::from_pem(*text);
}

Result<globalconf::SourceKeys> read_source_keys(const Layout& layout, const PlannedInstance& instance,
                                                std::string_view source) {
  const auto text = read_file(key_file(layout, instance, source));
  if (!text) return text.error();
  auto key = pki::PrivateKey::from_pem(*text);
  if (!key) return key.error();
  auto certificate = read_certificate(certificate_file(layout, instance, source));
  if (!certificate) return certificate.error();
  return globalconf::source_keys(*std::move(key), *std::move(certificate));
}

Result<std::unique_ptr<globalconf::Publisher>> make_publisher(const Layout& layout, const PlannedInstance& instance,
                                                              const InstancePorts& ports, std::size_t members) {
  auto internal = read_source_keys(layout, instance, kInternal);
  if (!internal) return internal.error();
  auto external = read_source_keys(layout, instance, kExternal);
  if (!external) return external.error();
  globalconf::PublisherOptions options;
  options.instance = instance.id;
  options.docroot = layout.central(instance) / "public";
  options.addresses = {source_address(ports)};
  // Made for servers of one version; a country's worth of every version would take a minute.
  if (members > kMembersInEveryVersion) options.oldest_version = globalconf::kNewestVersion;
  return std::make_unique<globalconf::Publisher>(std::move(options), *std::move(internal), *std::move(external));
}

globalconf::Member member_of(const PlannedServer& server) {
  const ClientId& owner = server.id.owner();
  globalconf::Member member{.member_class = {owner.member_class(), {}},
                            .code = owner.member_code(),
                            .name = server.owner_name,
                            .subsystems = {}};
  for (const PlannedClient& client : server.clients) {
    if (client.registered) member.subsystems.push_back({client.id.subsystem(), client.name});
  }
  return member;
}

globalconf::CaEntry ca_entry(const pki::Certificate& ca, const pki::Certificate& ocsp, const InstancePorts& ports) {
  return {.certificate = ca.der(),
          .ocsp = {{.url = ocsp_url(ports), .certificate = ocsp.der(), .cost = globalconf::CostType::free}}};
}

void add_trust(globalconf::InstanceDescription& description, const PlannedInstance& instance,
               const InstancePorts& ports, const TrustCertificates& trust) {
  description.certification_services.push_back({.name = instance.trust_name,
                                                .authentication_only = false,
                                                .top = ca_entry(trust.root, trust.root_ocsp, ports),
                                                .intermediates = {ca_entry(trust.ca, trust.ocsp, ports)},
                                                .profile_class = instance.profile,
                                                .default_csr_format = globalconf::CsrFormat::der,
                                                .acme = {}});
  description.timestamping_services.push_back(globalconf::TimestampingService{.name = instance.trust_name + " TSA",
                                                                              .url = timestamping_url(ports),
                                                                              .certificate = trust.tsa.der(),
                                                                              .cost = globalconf::CostType::free});
}

std::size_t member_count(const Layout& layout, const PlannedInstance& instance) {
  const auto text = read_file(layout.member_count(instance), 64);
  std::size_t count = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), count);
  return count;
}

// How what is published differs from the plan.
struct Wanted {
  std::size_t members;  // additional ones
  std::string changes;  // text of changes.json, empty when there is none
  bool operator==(const Wanted&) const = default;
};

Wanted wanted(const Layout& layout, const PlannedInstance& instance) {
  const std::filesystem::path file = layout.central(instance) / "changes.json";
  std::error_code ignored;
  const auto text = std::filesystem::exists(file, ignored) ? read_file(file) : Result<std::string>(std::string());
  return {member_count(layout, instance), text ? *text : std::string()};
}

// Publishes again when something else is wanted, until it is destroyed.
class WantedWatch {
 public:
  WantedWatch(std::function<Wanted()> read, Wanted seen, std::function<Result<void>(const Wanted&)> publish)
      : thread_([this, read = std::move(read), seen = std::move(seen), publish = std::move(publish)]() mutable {
          while (!stopping_) {
            std::this_thread::sleep_for(kLook);
            Wanted now_wanted = read();
            if (now_wanted == seen) continue;
            seen = std::move(now_wanted);
            const auto published = publish(seen);
            if (published) log::info("published with {} members, {}", seen.members, seen.changes);
            if (!published) log::error("the configuration stays as it was: {}", published.error().text);
          }
        }) {}
  ~WantedWatch() {
    stopping_ = true;
    thread_.join();
  }
  WantedWatch(const WantedWatch&) = delete;
  WantedWatch& operator=(const WantedWatch&) = delete;

 private:
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

Result<globalconf::InstanceDescription> describe(const Plan& plan, const Ports& ports, const Layout& layout,
                                                 std::size_t index) {
  const PlannedInstance& instance = plan.instances[index];
  const InstancePorts& own_ports = ports.instances[index];
  globalconf::InstanceDescription description;
  description.instance = instance.id;
  description.member_classes = {{"GOV", "Public sector"}, {"COM", "Private sector"}};
  for (const PlannedServer* server : instance.servers()) {
    description.members.push_back(member_of(*server));
    auto certificate = read_certificate(server_file(layout, instance, *server));
    if (!certificate) return certificate.error();
    globalconf::DescribedServer described{server->id, server->address, {*std::move(certificate)}, {}, {}};
    for (const PlannedClient& client : server->clients) {
      if (client.registered) described.clients.push_back(client.id);
    }
    description.servers.push_back(std::move(described));
  }
  const PlannedGroup& group = instance.partners;
  description.global_groups.push_back({group.code, group.description, group.members});
  const auto trust = read_trust_certificates(layout, instance);
  if (!trust) return trust.error();
  add_trust(description, instance, own_ports, *trust);
  for (const PlannedInstance& other : plan.instances) {
    if (other.id == instance.id) continue;
    const auto anchor_text = read_file(external_anchor_file(layout, other));
    if (!anchor_text) return anchor_text.error();
    auto anchor = globalconf::read_anchor(*anchor_text);
    if (!anchor) return anchor.error();
    description.partners.push_back(*std::move(anchor));
  }
  description.management = globalconf::ManagementService{
      .registration_address = "https://" + source_address(own_ports) + "/managementservice/",
      .registration_tls_cert = {},
      .provider = instance.management};
  return description;
}

}  // namespace

std::string source_address(const InstancePorts& ports) { return fmt::format("127.0.0.1:{}", ports.central); }
std::filesystem::path internal_anchor_file(const Layout& layout, const PlannedInstance& instance) {
  return layout.central(instance) / "internal-anchor.xml";
}
std::filesystem::path external_anchor_file(const Layout& layout, const PlannedInstance& instance) {
  return layout.central(instance) / "external-anchor.xml";
}

Result<void> make_source_keys(const Layout& layout, const PlannedInstance& instance) {
  if (auto made = make_directories(layout.central(instance)); !made) return made;
  if (auto made = make_source_key(layout, instance, kInternal); !made) return made;
  return make_source_key(layout, instance, kExternal);
}

Result<void> write_authentication_certificate(const Layout& layout, const PlannedInstance& instance,
                                              const PlannedServer& server, const pki::Certificate& certificate) {
  if (auto made = make_directories(layout.central(instance)); !made) return made;
  return write_file_atomically(server_file(layout, instance, server), certificate.to_pem());
}

Result<void> write_anchors(const Plan& plan, const Ports& ports, const Layout& layout) {
  for (std::size_t i = 0; i < plan.instances.size(); ++i) {
    const PlannedInstance& instance = plan.instances[i];
    const auto publisher = make_publisher(layout, instance, ports.instances[i], 0);
    if (!publisher) return publisher.error();
    auto written = write_file_atomically(internal_anchor_file(layout, instance),
                                         globalconf::write_anchor((*publisher)->internal_anchor()));
    if (!written) return written;
    written = write_file_atomically(external_anchor_file(layout, instance),
                                    globalconf::write_anchor((*publisher)->external_anchor()));
    if (!written) return written;
  }
  return {};
}

Result<void> write_member_count(const Layout& layout, const PlannedInstance& instance, std::size_t members) {
  return write_file_atomically(layout.member_count(instance), std::to_string(members) + "\n");
}

Result<void> run_configuration_source(const Plan& plan, const Ports& ports, const Layout& layout, std::size_t index) {
  const PlannedInstance& instance = plan.instances[index];
  const Wanted first = wanted(layout, instance);
  auto publisher = make_publisher(layout, instance, ports.instances[index], first.members);
  if (!publisher) return publisher.error();
  const auto publish = [&](const Wanted& now_wanted) -> Result<void> {
    const auto changes = CentralChanges::from_json(now_wanted.changes);
    if (!changes) return changes.error();
    auto description = describe(plan, ports, layout, index);
    if (!description) return description.error();
    if (auto added = add_members(*description, now_wanted.members); !added) return added;
    changes->apply_to(*description);
    (*publisher)->set_validity(changes->validity.value_or(globalconf::PublisherOptions().validity));
    return (*publisher)->publish(*description);
  };
  if (auto published = publish(first); !published) return published;
  (*publisher)->renew_periodically();
  const WantedWatch watch([&] { return wanted(layout, instance); }, first, publish);

  net::IoThreads threads(1);
  const auto server =
      globalconf::serve_configuration(threads, {.port = ports.instances[index].central, .tls = nullptr, .limits = {}},
                                      layout.central(instance) / "public");
  if (!server) return server.error();
  log::info("configuration of {} on http://{}/internalconf", instance.id, source_address(ports.instances[index]));
  threads.run_until_signal();
  return {};
}

}  // namespace causeway::ecosystem
