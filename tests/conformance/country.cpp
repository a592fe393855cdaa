// SPDX-License-Identifier: MIT
#include "country.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "base/files.hpp"
#include "globalconf/configuration_directory.hpp"
#include "globalconf/description.hpp"
#include "net/coroutines.hpp"
#include "pki/certificate_builder.hpp"
#include "pki/csr.hpp"
#include "signer/token_manager.hpp"
#include "support/locations.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;
using securityserver::ServiceType;

constexpr std::string_view kPin = "Conformance-1";
constexpr const char* kProfile = "ee.ria.xroad.common.certificateprofile.impl.BasicCertificateProfileInfoProvider";

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().text);
  return *std::move(result);
}
void must(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().text);
}

ClientId client_id(const std::string& member, const std::string& subsystem = "") {
  return must(ClientId::make("DEV", "COM", member, subsystem));
}

std::uint16_t free_port() {
  ServiceDouble probe;  // listens on a free port for as long as it lives
  return static_cast<std::uint16_t>(std::stoi(probe.url().substr(probe.url().rfind(':') + 1)));
}

securityserver::Service described_service(const std::string& code, ServiceType type, const std::string& url) {
  securityserver::Service made;
  made.code = code;
  made.type = type;
  made.url = url;
  made.timeout = 10s;
  if (type == ServiceType::wsdl) made.description_url = url + "?wsdl";
  if (type == ServiceType::openapi) made.description_url = url + "/openapi.yaml";
  return made;
}

}  // namespace

struct Country::Server {
  std::filesystem::path directory;
  std::string member, code, address;
  std::vector<ClientId> clients;
  pki::Certificate authentication;
};

Country& Country::shared() {
  static Country country;
  return country;
}

Country::Country()
    : app_(client_id("consumer", "app")),
      service_(client_id("provider", "service")),
      double_service_(client_id("double", "service")),
      double_app_(client_id("double", "app")),
      both_(client_id("provider", "both")),
      resting_(client_id("double", "resting")) {
  char folder[] = "/tmp/causeway-conformance-XXXXXX";
  directory_ = ::mkdtemp(folder);
  const std::string net = "127." + std::to_string(64 + ::getpid() % 128) + "." + std::to_string(::getpid() / 128 % 256);
  consumer_address_ = net + ".1";
  provider_address_ = net + ".2";
  double_address_ = net + ".3";
  http_port_ = free_port();
  https_port_ = free_port();
  transport_port_ = free_port();
  ocsp_port_ = free_port();
  client_ = net::HttpClient::make(threads_.at(0));
  services_ = std::make_unique<ServiceDouble>();

  ca_key_ = std::make_unique<pki::PrivateKey>(must(pki::PrivateKey::generate_ec()));
  const std::vector<pki::NameAttribute> ca_name{{"CN", "Conformance CA"}, {"C", "EE"}};
  const pki::CertificateSpec spec{pki::CertificateKind::root_ca, must(pki::DistinguishedName::make(ca_name)),
                                  now() - 1h, now() + 24h * 365};
  ca_ = std::make_unique<pki::Certificate>(must(pki::self_sign_certificate(spec, *ca_key_)));
  const pki::OcspLookup all_good = [](const pki::Certificate&, const std::string&) {
    return pki::OcspAnswer{pki::CertificateStatus::good};
  };
  responder_ = std::make_unique<pki::OcspResponder>(*ca_, *ca_key_, all_good,
                                                    pki::OcspResponder::Options{.issuers = {*ca_}, .valid = 1h});

  const auto identity = [&](const std::string& name, bool signing) {
    return std::make_unique<Identity>(issue(name, signing));
  };
  double_signing_ = identity("double", true);
  double_authentication_ = identity("ss3", false);
  information_system_ = identity("information system", false);
  stranger_ = identity("stranger", false);

  Server consumer{consumer_directory(),
                  "consumer",
                  "SS1",
                  consumer_address_,
                  {app_, client_id("consumer", "secure"), client_id("consumer", "tlsonly")},
                  *ca_};
  Server provider{
      provider_directory(), "provider", "SS2", provider_address_, {service_, client_id("provider", "both")}, *ca_};
  Server played{directory_ / "ss3",
                "double",
                "SS3",
                double_address_,
                {double_service_, double_app_, client_id("provider", "both")},
                double_authentication_->certificate};
  std::vector<Server> servers{std::move(consumer), std::move(provider), std::move(played)};
  for (std::size_t i = 0; i < 2; ++i) {
    Server& server = servers[i];
    must(make_directories(server.directory / "conf.d"));
    auto tokens = must(signer::TokenManager::open(
        {.directory = server.directory / "signer", .parameters = {}, .check_chain = {}, .check_revocation = {}}));
    must(tokens->initialize_token("0", kPin));
    must(tokens->login("0", kPin));
    must(write_file_atomically(server.directory / "signer" / "autologin", std::string(kPin) + "\n", 0600));
    must(make_directories(server.directory / "ocsp"));
    for (const auto usage : {signer::KeyUsage::signing, signer::KeyUsage::authentication}) {
      const bool signing = usage == signer::KeyUsage::signing;
      const auto key =
          must(tokens->generate_key("0", signing ? "signing" : "authentication", tokens->default_spec(false)));
      const auto member = signing ? std::optional(client_id(server.member)) : std::nullopt;
      const auto csr = must(tokens->generate_csr({.key_id = key.id,
                                                  .usage = usage,
                                                  .member = member,
                                                  .subject = "CN=" + server.member,
                                                  .alternative_name = {},
                                                  .certificate_profile = kProfile}));
      const auto request = must(pki::read_csr(csr));
      const auto certificate = certify({{"CN", signing ? server.member : server.code},
                                        {"O", server.member},
                                        {"businessCategory", "COM"},
                                        {"C", "EE"},
                                        {"serialNumber", server.member}},
                                       request.key, signing);
      must(tokens->import_certificate({.certificate = certificate, .member = member, .status = "registered"}));
      must(write_file_atomically(
          server.directory / "ocsp" / (certificate.hash_hex(pki::DigestAlgorithm::sha1) + ".ocsp"),
          as_text(ocsp_for(certificate))));
      if (!signing) server.authentication = certificate;
    }
  }
  for (std::size_t i = 0; i < 2; ++i) write_server(servers[i]);
  write_global_configuration(servers);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string name = i == 0 ? "ss1" : "ss2";
    start({"signer", "run", "--dir", servers[i].directory.string()}, name + "-signer");
    start({"security-server-proxy", "--conf", servers[i].directory.string()}, name + "-proxy");
  }
  wait_until_ready();
}

Country::~Country() {
  for (const pid_t process : processes_) ::kill(process, SIGTERM);
  for (const pid_t process : processes_) ::waitpid(process, nullptr, 0);
  services_.reset();
  client_.reset();
  std::error_code error;
  std::filesystem::remove_all(directory_, error);
}

void Country::send_signal(int signal) const {
  for (const pid_t process : processes_) ::kill(process, signal);
}

Bytes Country::ocsp_for(const pki::Certificate& certificate) {
  return responder_->respond(pki::make_ocsp_request(certificate, *ca_), now());
}

pki::Certificate Country::certify(const std::vector<std::pair<std::string, std::string>>& subject,
                                  const pki::PublicKey& key, bool signing) {
  std::vector<pki::NameAttribute> attributes;
  for (const auto& [type, value] : subject) attributes.push_back({type, value});
  const pki::CertificateSpec spec{signing ? pki::CertificateKind::sign : pki::CertificateKind::authentication,
                                  must(pki::DistinguishedName::make(attributes)), now() - 1h, now() + 24h * 30};
  return must(pki::issue_certificate(spec, key, *ca_, *ca_key_));
}

Identity Country::issue(const std::string& common_name, bool signing) {
  auto key = must(pki::PrivateKey::generate_ec());
  auto certificate = certify({{"CN", common_name},
                              {"O", common_name},
                              {"businessCategory", "COM"},
                              {"C", "EE"},
                              {"serialNumber", common_name}},
                             key.public_key(), signing);
  Bytes ocsp = ocsp_for(certificate);
  return {std::move(key), std::move(certificate), std::move(ocsp)};
}

securityserver::ServerConfiguration Country::consumer_configuration() const {
  securityserver::ServerConfiguration configuration{must(ServerId::make("DEV", "COM", "consumer", "SS1")), {}, {}};
  const auto add = [&](const ClientId& id, securityserver::ConnectionType connection) {
    securityserver::Client made{.id = id,
                                .connection = connection,
                                .information_system_certificates = {},
                                .services = {},
                                .rights = {},
                                .local_groups = {}};
    if (connection == securityserver::ConnectionType::https)
      made.information_system_certificates.push_back(information_system_->certificate);
    configuration.clients.emplace(id, std::move(made));
  };
  add(client_id("consumer"), securityserver::ConnectionType::http);
  add(app_, securityserver::ConnectionType::http);
  add(client_id("consumer", "secure"), securityserver::ConnectionType::https);
  add(client_id("consumer", "tlsonly"), securityserver::ConnectionType::https_no_auth);
  return configuration;
}

securityserver::ServerConfiguration Country::provider_configuration() const {
  securityserver::ServerConfiguration configuration{must(ServerId::make("DEV", "COM", "provider", "SS2")), {}, {}};
  securityserver::Client provider{
      .id = service_, .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}};
  const std::string url = services_->url();
  const auto offer = [&](securityserver::Service made, bool granted) {
    const std::string code = made.code;
    provider.services[code].push_back(std::move(made));
    if (!granted) return;
    for (const ClientId& caller :
         {app_, client_id("consumer", "secure"), client_id("consumer", "tlsonly"), double_app_})
      provider.rights.grant({code, securityserver::Endpoint::base(), caller});
  };
  offer(described_service("getState", ServiceType::wsdl, url + "/soap"), true);
  offer(described_service("denied", ServiceType::wsdl, url + "/soap"), false);
  auto disabled = described_service("disabled", ServiceType::wsdl, url + "/soap");
  disabled.disabled = true;
  disabled.disabled_notice = "out of order";
  offer(disabled, true);
  offer(described_service("badUrl", ServiceType::wsdl, "http://127.0.0.1:99999/"), true);
  offer(described_service("deadUrl", ServiceType::wsdl, "http://127.0.0.1:1/"), true);
  offer(described_service("unknownHost", ServiceType::wsdl, "http://no-such-host.invalid/"), true);
  offer(described_service("rest", ServiceType::rest, url + "/rest"), true);
  offer(described_service("restDenied", ServiceType::rest, url + "/rest"), false);
  configuration.clients.emplace(service_, std::move(provider));
  const auto plain = [](const ClientId& id) {
    return securityserver::Client{
        .id = id, .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}};
  };
  configuration.clients.emplace(client_id("provider"), plain(client_id("provider")));
  securityserver::Client both = plain(both_);
  both.services["rest"].push_back(described_service("rest", ServiceType::rest, url + "/rest"));
  both.rights.grant({"rest", securityserver::Endpoint::base(), app_});
  configuration.clients.emplace(both_, std::move(both));
  return configuration;
}

void Country::write_server(const Server& server) {
  const bool consumer = server.code == "SS1";
  must(write_file_atomically(
      server.directory / "server.yaml",
      securityserver::export_configuration(consumer ? consumer_configuration() : provider_configuration())));
  const std::string ini =
      "[proxy]\nconnector-host = " + server.address + "\nserver-listen-address = " + server.address +
      "\nocsp-responder-listen-address = " + server.address + "\nclient-http-port = " + std::to_string(http_port_) +
      "\nclient-https-port = " + std::to_string(https_port_) +
      "\nserver-listen-port = " + std::to_string(transport_port_) +
      "\nserver-port = " + std::to_string(transport_port_) + "\nocsp-responder-port = " + std::to_string(ocsp_port_) +
      "\nclient-timeout = 5000\nclient-connector-initial-idle-time = 3000\n"
      "server-connector-initial-idle-time = 3000\n"
      "client-fastest-connecting-ssl-uri-cache-period = 0\n"
      "[message-log]\nmax-loggable-message-body-size = 1048576\n";
  must(write_file_atomically(server.directory / "conf.d" / "local.ini", ini));
}

void Country::write_global_configuration(const std::vector<Server>& servers) {
  globalconf::InstanceDescription description;
  description.instance = "DEV";
  description.member_classes = {{"COM", "Companies"}};
  description.certification_services.push_back(
      {"Conformance CA", std::nullopt, {ca_->der(), {}}, {}, kProfile, std::nullopt, std::nullopt});
  for (const std::string member : {"consumer", "provider", "double"}) {
    globalconf::Member made{{"COM", ""}, member, member + " Ltd", {}};
    const std::vector<std::string> subsystems =
        member == "consumer"   ? std::vector<std::string>{"app", "secure", "tlsonly"}
        : member == "provider" ? std::vector<std::string>{"service", "both", "nowhere"}
                               : std::vector<std::string>{"service", "app", "resting"};
    for (const auto& subsystem : subsystems) made.subsystems.push_back({subsystem, std::nullopt});
    description.members.push_back(std::move(made));
  }
  for (const Server& server : servers)
    description.servers.push_back({must(ServerId::make("DEV", "COM", server.member, server.code)),
                                   server.address,
                                   {server.authentication},
                                   server.clients,
                                   std::nullopt});
  description.servers.push_back({must(ServerId::make("DEV", "COM", "double", "SS4")),
                                 double_address_,
                                 {},
                                 {resting_},
                                 globalconf::Maintenance{"back at noon"}});
  description.management = globalconf::ManagementService{"https://127.0.0.1:4001/", std::nullopt, service_};
  auto parameters = must(globalconf::shared_parameters_of(description, 6));
  parameters.sources.push_back({"127.0.0.1", {ca_->der()}, {ca_->der()}});
  const std::string shared = globalconf::write_shared_parameters(parameters, 6);
  const std::string private_parameters =
      globalconf::write_private_parameters(must(globalconf::private_parameters_of(description)));
  for (std::size_t i = 0; i < 2; ++i) {
    const globalconf::ConfigurationDirectory directory(servers[i].directory / "globalconf");
    must(make_directories(directory.folder("DEV")));
    globalconf::PartMetadata metadata{"SHARED-PARAMETERS",       "DEV", now() + 24h, "shared-params.xml",
                                      "/V6/1/shared-params.xml", "6"};
    must(directory.save(directory.file("DEV", "shared-params.xml"), shared, metadata));
    metadata.content_identifier = "PRIVATE-PARAMETERS";
    metadata.file_name = "private-params.xml";
    must(directory.save(directory.file("DEV", "private-params.xml"), private_parameters, metadata));
    must(directory.save_own_instance("DEV"));
  }
}

void Country::start(const std::vector<std::string>& arguments, const std::string& name) {
  std::vector<char*> words;
  std::string program = testing::program();
  words.push_back(program.data());
  std::vector<std::string> copies = arguments;
  for (auto& argument : copies) words.push_back(argument.data());
  words.push_back(nullptr);
  const std::string log = (directory_ / (name + ".log")).string();
  const pid_t parent = ::getpid();
  const pid_t process = ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(1);
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(file, 1);
    ::dup2(file, 2);
    ::execv(program.c_str(), words.data());
    ::_exit(127);
  }
  processes_.push_back(process);
}

// Both servers listen to each other once their keys are judged.
void Country::wait_until_ready() {
  const auto reachable = [this](const net::Endpoint& endpoint) {
    auto call = net::block_on(threads_.at(0), client_->open(endpoint, nullptr, {2s, 2s}, false));
    return call.ok();
  };
  for (int attempt = 0; attempt < 300; ++attempt) {
    if (reachable(consumer_http()) && reachable(provider_transport()) &&
        reachable({consumer_address_, transport_port_}))
      return;
    std::this_thread::sleep_for(100ms);
  }
  for (const std::string name : {"ss1-proxy", "ss1-signer", "ss2-proxy", "ss2-signer"})
    if (auto log = read_file(directory_ / (name + ".log")))
      std::fprintf(stderr, "== %s\n%s\n", name.c_str(), log->c_str());
  throw std::runtime_error("the security servers did not start");
}

}  // namespace causeway::conformance
