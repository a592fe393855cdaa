// SPDX-License-Identifier: MIT
#include "cli/ctl_registration.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <memory>

#include "base/log.hpp"
#include "base/parameters.hpp"
#include "cli/ctl_registration_status.hpp"
#include "cli/server_status.hpp"
#include "securityserver/consumer/consumer_settings.hpp"
#include "securityserver/internal_tls.hpp"
#include "securityserver/management/certificate_statuses.hpp"
#include "securityserver/management/client_statuses.hpp"
#include "securityserver/management/registration_file.hpp"
#include "securityserver/management/request_sender.hpp"
#include "securityserver/management/server_requests.hpp"
#include "signer/management.hpp"

namespace causeway::cli {
namespace {

using securityserver::CentreRequest;
using securityserver::CentreService;
using securityserver::ClientStatus;
using securityserver::Registrations;

constexpr const char* kConfiguration = "server.yaml";

struct RegistrationOptions {
  std::string dir = ".";
  std::string certificate, client, address, name, message;
  bool dry_run = false, as_json = false;
};
using OptionsPtr = std::shared_ptr<RegistrationOptions>;

// What a Security Server sends with, from its directory, which becomes the working directory.
struct Server {
  Parameters parameters;
  std::shared_ptr<const securityserver::ServerConfiguration> configuration;
  std::shared_ptr<const globalconf::View> view;
  securityserver::OcspCache ocsp{"ocsp"};
  signer::SignerConnection signer;

  static Result<std::unique_ptr<Server>> open(const std::string& directory) {
    if (::chdir(directory.c_str()) != 0) return Fault{"io_error", directory + ": " + std::strerror(errno)};
    auto parameters = Parameters::load("conf.d");
    if (!parameters) return parameters.error();
    auto configuration = securityserver::load_configuration(kConfiguration);
    if (!configuration) return configuration.error();
    auto view = globalconf::load_view("globalconf");
    if (!view) return view.error();
    auto signer = signer::SignerConnection::open("run/signer.sock");
    if (!signer) return signer.error();
    auto server = std::unique_ptr<Server>(new Server{.parameters = *std::move(parameters),
                                                     .configuration = *std::move(configuration),
                                                     .view = *std::move(view),
                                                     .signer = *std::move(signer)});
    server->ocsp.reload();
    return server;
  }
};

Result<CentreRequest> request_of(CentreService service, const RegistrationOptions& options, const ServerId& server,
                                 const std::optional<securityserver::KeyOfCertificate>& certificate) {
  CentreRequest request{.service = service, .server = server, .dry_run = options.dry_run};
  if (certificate) request.certificate = certificate->certificate.certificate.der();
  if (!options.client.empty()) {
    auto client = ClientId::parse(options.client);
    if (!client) return client.error();
    request.client = *std::move(client);
  }
  if (!options.address.empty()) request.address = options.address;
  if (!options.name.empty()) request.subsystem_name = options.name;
  if (!options.message.empty()) request.message = options.message;
  return request;
}

// What was done about a request; a dry run has the number 0.
struct Sent {
  std::int64_t number = 0;
  bool waits = false;  // it was not sent: it goes along with the registration of the client
};

// False for the name of a client that is yet to be registered. What X-Road's admin API refuses, by the
// statuses of clients and the server.
Result<bool> is_to_be_sent(CentreRequest& request, const Server& server) {
  if (auto valid = server.view->check_valid(now()); !valid) return valid.error();
  const auto noted = securityserver::read_registrations(securityserver::registrations_file(kConfiguration));
  if (!noted) return noted.error();
  if (auto allowed = check_server_request(request, *server.configuration, *noted, *server.view); !allowed)
    return allowed.error();
  if (!request.client) return true;
  const auto status = check_client_request(request, *server.configuration, *noted, *server.view);
  if (!status) return status.error();
  const auto* const registration = noted->find(*server.configuration->find_client(*request.client));
  if (request.service == CentreService::clientReg && !request.subsystem_name && registration && registration->renaming)
    request.subsystem_name = registration->renaming->to;
  return request.service != CentreService::clientRename || *status != ClientStatus::saved;
}

// Statuses: of the certificate with the signer, of the client beside server.yaml.
Result<void> note(const CentreRequest& request, Server& server,
                  const std::optional<securityserver::KeyOfCertificate>& certificate, bool sent) {
  if (certificate) {
    const auto status = request.service == CentreService::authCertReg ? signer::kStatusRegistrationInProgress
                                                                      : signer::kStatusDeletionInProgress;
    return server.signer.set_status(certificate->certificate.id, status);
  }
  return securityserver::RegistrationFile(kConfiguration).change([&](Registrations& noted) {
    note_server_request(noted, request, *server.view);
    if (!request.client) return;
    note_request(noted, request, *server.configuration->find_client(*request.client), *server.view, sent);
  });
}

Result<Sent> send(CentreService service, const RegistrationOptions& options) {
  auto opened = Server::open(options.dir);
  if (!opened) return opened.error();
  Server& server = **opened;
  std::optional<securityserver::KeyOfCertificate> certificate;
  if (!options.certificate.empty()) {
    auto tokens = server.signer.list_tokens();
    if (!tokens) return tokens.error();
    auto found = securityserver::authentication_certificate(*tokens, options.certificate);
    if (!found) return found.error();
    if (!options.dry_run)
      if (auto allowed = check_certificate_request(service, found->certificate.status); !allowed)
        return allowed.error();
    certificate = *std::move(found);
  }
  auto request = request_of(service, options, server.configuration->id, certificate);
  if (!request) return request.error();
  const auto to_be_sent = is_to_be_sent(*request, server);
  if (!to_be_sent) return to_be_sent.error();
  if (!*to_be_sent) {
    auto noted = note(*request, server, certificate, false);
    return noted ? Result<Sent>(Sent{.waits = true}) : noted.error();
  }
  auto identity = securityserver::internal_tls_identity("ssl", "localhost");
  if (!identity) return identity.error();
  securityserver::SenderSettings settings{.identity = *std::move(identity)};
  settings.proxy = securityserver::ConsumerSettings::from(server.parameters).own_https_endpoint();
  auto number =
      securityserver::RequestSender(std::move(settings), server.signer, server.ocsp).send(*request, *server.view);
  if (!number) return number.error();
  if (options.dry_run) return Sent{*number};
  if (auto noted = note(*request, server, certificate, true); !noted)
    return noted.error().while_doing("the request was sent and has number " + std::to_string(*number) +
                                     ", but its status could not be noted");
  return Sent{*number};
}

int run(CentreService service, const RegistrationOptions& options) {
  log::start("ctl", "warn");
  const auto sent = send(service, options);
  if (!sent) return fail(sent.error());
  const boost::json::value number = sent->waits ? boost::json::value() : boost::json::value(sent->number);
  if (options.as_json)
    std::cout << boost::json::serialize(boost::json::object{{"request", number}}) << "\n";
  else if (sent->waits)
    fmt::print("the name goes along when the client is registered\n");
  else if (options.dry_run)
    fmt::print("the Central Server would take the request\n");
  else
    fmt::print("the Central Server has the request as number {}\n", sent->number);
  return kOk;
}

Command command_of(const std::string& name, const std::string& purpose, CentreService service,
                   const OptionsPtr& options, const std::string& example) {
  Command command(name, purpose);
  command.option("--dir", options->dir, "the server's directory; signer and proxy are running");
  command.flag("--json", options->as_json, "print JSON");
  command.example("causeway ctl registration " + name + example + " --dir /var/lib/causeway");
  command.action([service, options] { return run(service, *options); });
  return command;
}

Command client_command(const std::string& name, const std::string& purpose, CentreService service) {
  const auto options = std::make_shared<RegistrationOptions>();
  Command command = command_of(name, purpose, service, options, " --client EX/GOV/1/tax");
  command.option("--client", options->client, "INSTANCE/CLASS/CODE, with /SUBSYSTEM for one", true);
  if (service == CentreService::clientReg || service == CentreService::clientRename)
    command.option("--name", options->name, "of the subsystem", service == CentreService::clientRename);
  return command;
}

Command certificate_command(const std::string& name, const std::string& purpose, CentreService service) {
  const auto options = std::make_shared<RegistrationOptions>();
  const bool registers = service == CentreService::authCertReg;
  Command command = command_of(name, purpose, service, options,
                               registers ? " --certificate ID --address ss1.example.org" : " --certificate ID");
  command.option("--certificate", options->certificate, "for authentication, by the signer's id", true);
  if (registers) {
    command.option("--address", options->address, "host name or IP address at which others reach the server", true);
    command.flag("--dry-run", options->dry_run, "ask whether it would be taken, and leave it at that");
  }
  return command;
}

Command address_command() {
  const auto options = std::make_shared<RegistrationOptions>();
  Command command = command_of("change-address", "give the server another address", CentreService::addressChange,
                               options, " --address ss2.example.org");
  command.option("--address", options->address, "host name or IP address", true);
  return command;
}

Command maintenance_command(const std::string& name, const std::string& purpose, CentreService service) {
  const auto options = std::make_shared<RegistrationOptions>();
  Command command = command_of(name, purpose, service, options, "");
  if (service == CentreService::maintenanceModeEnable)
    command.option("--message", options->message, "what others are told");
  return command;
}

}  // namespace

Command registration_command() {
  Command registration("registration", "ask the Central Server to register, change and delete what this server is");
  registration.subcommand(registration_status_command())
      .subcommand(certificate_command("register-certificate", "register an authentication certificate, and the server",
                                      CentreService::authCertReg))
      .subcommand(certificate_command("delete-certificate", "take back an authentication certificate",
                                      CentreService::authCertDeletion))
      .subcommand(client_command("register-client", "register a client of this server", CentreService::clientReg))
      .subcommand(
          client_command("delete-client", "take back the registration of a client", CentreService::clientDeletion))
      .subcommand(client_command("disable-client", "leave a client out for a while", CentreService::clientDisable))
      .subcommand(client_command("enable-client", "take a disabled client back in", CentreService::clientEnable))
      .subcommand(client_command("rename-client", "give a subsystem another name", CentreService::clientRename))
      .subcommand(
          client_command("change-owner", "make a client, which is a member, the owner", CentreService::ownerChange))
      .subcommand(address_command())
      .subcommand(maintenance_command("begin-maintenance", "tell that the server is being worked on",
                                      CentreService::maintenanceModeEnable))
      .subcommand(
          maintenance_command("end-maintenance", "tell that it is back", CentreService::maintenanceModeDisable));
  return registration;
}

}  // namespace causeway::cli
