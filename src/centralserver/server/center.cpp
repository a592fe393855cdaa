// SPDX-License-Identifier: MIT
#include "centralserver/server/center.hpp"

#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>

#include "admin/api_server.hpp"
#include "admin/user_file.hpp"
#include "base/exclusive_lock.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "centralserver/api/server_operations.hpp"
#include "centralserver/backup/daily_backups.hpp"
#include "centralserver/configuration/generation_rounds.hpp"
#include "centralserver/configuration/published_file.hpp"
#include "centralserver/server/management_doors.hpp"
#include "centralserver/server/registry_access.hpp"
#include "domain/fault_code.hpp"
#include "globalconf/serving.hpp"
#include "net/coroutines.hpp"
#include "net/file_handles.hpp"
#include "net/io_threads.hpp"
#include "net/shared_limits.hpp"
#include "net/task_group.hpp"
#include "signer/run.hpp"

namespace causeway::centralserver {
namespace {

namespace asio = boost::asio;

// Ports of the configuration, the administration interface and the management services.
constexpr std::size_t kServers = 5;
constexpr std::chrono::seconds kStopGrace{5};
constexpr std::chrono::seconds kCertificateTick{1};
constexpr std::chrono::seconds kSignerTime{20};  // a long key takes some seconds

Result<ExclusiveLock> lock(const CentralServerSettings& settings) {
  const auto file = settings.directory / "run" / "central-server.lock";
  if (auto made = make_directories(file.parent_path()); !made) return std::move(made).error();
  auto taken = ExclusiveLock::take(file);
  if (!taken) return std::move(taken).error();
  if (!*taken) return fault(FaultCode::io_error, "another Central Server runs in " + settings.directory.string());
  return std::move(**taken);
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' ? name.data() : "localhost";
}

Result<signer::SignerConnection> connect_signer(const CentralServerSettings& settings) {
  return signer::SignerConnection::open(signer::signer_socket(settings.directory), kSignerTime);
}

std::unique_ptr<admin::Users> users_of(const AdminSettings& settings) {
  std::error_code ignored;
  if (std::filesystem::exists(settings.users, ignored)) return admin::users_of_file(settings.users);
  return admin::users_of_the_system({.groups_by_role = settings.groups_by_role});
}

Result<std::unique_ptr<globalconf::Serving>> start_serving(const PublishingSettings& settings) {
  if (auto made = make_directories(settings.docroot); !made) return std::move(made).error();
  const auto description = settings.docroot / kServiceDescriptionFile;
  if (auto written = write_file_atomically(description, service_description()); !written)
    return std::move(written).error();
  auto identity = net::read_or_make_tls_identity(settings.tls, host_name());
  if (!identity) return std::move(identity).error();
  globalconf::ServingOptions options{.address = settings.address,
                                     .port = settings.port,
                                     .tls_port = settings.tls_port,
                                     .identity = *std::move(identity),
                                     .docroot = settings.docroot,
                                     .limits = net::limits_of_one_of(kServers)};
  options.file_for = [root = settings.docroot](std::string_view path, std::string_view query) {
    return published_file(root, path, query, now());
  };
  return globalconf::Serving::start(std::move(options));
}

class Center {
 public:
  Center(const CentralServerSettings& settings, std::string version)
      : settings_(settings),
        registries_([this] { return open_registry(settings_); },
                    [](Registry& each) { return each.database().execute("SELECT 1").ok(); }),
        rounds_(
            {.interval = settings.publishing.interval, .status_file = settings.directory / kGenerationStatusFile},
            [this] { return open_registry(settings_); },
            Generator({.docroot = settings.publishing.docroot,
                       .oldest_version = settings.publishing.oldest_version,
                       .ports = settings.publishing.public_ports,
                       .registration_certificate = settings.publishing.registration_certificate},
                      [this] { return connect_signer(settings_); }),
            latest_),
        backups_(restore_place(settings.directory, settings.node), settings.backup),
        daily_backups_(backups_, [this] { return open_registry(settings_); }),
        api_(
            options_of(settings.admin), central_server_roles(), users_of(settings.admin),
            [this] { return open_database(settings_); },
            [&](admin::Router& router) {
              add_api_operations(router, registries_, {.tls_folder = settings_.directory / "ssl"});
              add_server_operations(router, registries_, context(std::move(version)));
            }) {}

  Result<void> run_until_signal() {
    auto identity = net::read_or_make_tls_identity(settings_.admin.tls, host_name());
    if (!identity) return std::move(identity).error();
    auto tls = net::TlsServerContext::make(
        {.identity = *std::move(identity), .suites = {}, .acceptable_issuers = {}, .check = {}});
    if (!tls) return tls.error().while_doing(settings_.admin.tls.certificate.string());
    auto http = net::HttpServer::start(threads_,
                                       {.address = settings_.admin.address,
                                        .port = settings_.admin.port,
                                        .tls = *std::move(tls),
                                        .limits = net::limits_of_one_of(kServers)},
                                       [this](net::ServerCall& call) { return api_.serve(call); });
    if (!http) return std::move(http).error();
    auto doors = ManagementDoors::open(settings_.management, registries_, threads_, host_name(),
                                       net::limits_of_one_of(kServers));
    if (!doors) return std::move(doors).error();
    log::info("registrations at https port {}, management requests at {}", (*doors)->registration_port(),
              (*doors)->management_port());
    log::info("administration at https://{}:{}", settings_.admin.address, (*http)->port());
    tasks_.spawn("hangup signals", [this] { return heed_hangups(); });
    tasks_.spawn("certificate of the management services", [&each = **doors] { return follow_certificate(each); });
    threads_.run_until_signal();
    tasks_.stop();
    (*http)->stop(kStopGrace);
    (*doors)->close(kStopGrace);
    return {};
  }

 private:
  static admin::ApiServerOptions options_of(const AdminSettings& settings) {
    admin::ApiServerOptions options;
    options.gate = {settings.callers, settings.key_managers};
    options.rate = settings.rate;
    options.allowed_hostnames = settings.allowed_hostnames;
    return options;
  }

  ServerContext context(std::string version) {
    return {.signer = [this] { return connect_signer(settings_); },
            .generation = [this] { return latest_.get(); },
            .wake_generation = [this] { rounds_.wake(); },
            .generation_interval = settings_.publishing.interval,
            .ports = settings_.publishing.public_ports,
            .internal_keys_are_rsa = settings_.internal_keys_are_rsa,
            .external_keys_are_rsa = settings_.external_keys_are_rsa,
            .enforces_pin_policy = settings_.enforces_pin_policy,
            .trusts_other_instances = settings_.trusts_other_instances,
            .version = std::move(version),
            .backups = &backups_};
  }

  // Which may be replaced by the administration interface.
  static net::Task<void> follow_certificate(ManagementDoors& doors) {
    for (;;) {
      co_await net::sleep_for(kCertificateTick);
      doors.look_at_certificate();
    }
  }

  net::Task<void> heed_hangups() {
    for (;;) {
      const auto [error, number] = co_await hangups_.async_wait(asio::as_tuple(asio::use_awaitable));
      if (!error) rounds_.wake();
    }
  }

  const CentralServerSettings& settings_;
  LatestGeneration latest_;
  Registries registries_;
  GenerationRounds rounds_;
  Backups backups_;
  DailyBackups daily_backups_;
  admin::ApiServer api_;
  net::IoThreads threads_{2};
  asio::signal_set hangups_{threads_.at(0), SIGHUP};  // from the beginning: the signal would end the process
  net::TaskGroup tasks_{threads_.at(0)};
};

}  // namespace

Result<void> run_center(const CentralServerSettings& settings, std::string version) {
  net::raise_file_handle_limit();
  const auto alone = lock(settings);
  if (!alone) return alone.error();
  // Before anything is served: the schema is brought up to date, or it is said why not.
  if (auto registry = open_registry(settings); !registry) return registry.error();
  const auto serving = start_serving(settings.publishing);
  if (!serving) return serving.error();
  log::info("configuration at http://{}:{} and https port {}", settings.publishing.address, (*serving)->port(),
            (*serving)->tls_port().value_or(0));
  return Center(settings, std::move(version)).run_until_signal();
}

}  // namespace causeway::centralserver
