// SPDX-License-Identifier: MIT
#include "country.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <algorithm>
#include <atomic>
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
#include "pki/timestamp.hpp"
#include "signer/management.hpp"
#include "signer/run.hpp"
#include "signer/token_manager.hpp"
#include "support/locations.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;
using securityserver::ServiceType;

// No name at all: it fails to resolve at once, also where no name server answers.
constexpr std::string_view kNoHost = "nobody..nowhere";
// How long a proxy waits for its signer; the time that each case without one takes.
constexpr std::chrono::milliseconds kSignerPatience{12000};
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
  made.timeout = 60s;
  if (type == ServiceType::wsdl) made.description_url = url + "?wsdl";
  if (type == ServiceType::openapi) made.description_url = url + "/openapi.yaml";
  return made;
}

}  // namespace

struct Country::Server {
  std::filesystem::path directory;
  std::string member, code, address;
  std::vector<ClientId> clients;
  std::vector<pki::Certificate> authentication;
};

std::string& Country::more_parameters() {
  static std::string ini;
  return ini;
}

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
  timestamping_service_ = std::make_unique<ServiceDouble>();

  establish_authority();
  make_identities();
  Server consumer{
      consumer_directory(),
      "consumer",
      "SS1",
      consumer_address_,
      {app_, client_id("consumer", "secure"), client_id("consumer", "tlsonly"), client_id("consumer", "expired"),
       client_id("consumer", "uncertified"), client_id("consumer", "sub/system")},
      {}};
  Server provider{provider_directory(),
                  "provider",
                  "SS2",
                  provider_address_,
                  {service_, both_, client_id("provider", "tls"), client_id("provider", "tlsnone"),
                   client_id("provider", "tlswrong"), client_id("provider", "s/ub")},
                  {}};
  Server played{directory_ / "ss3",
                "double",
                "SS3",
                double_address_,
                {double_service_, double_app_, both_},
                {double_authentication_->certificate}};
  servers_ = {std::move(consumer), std::move(provider), std::move(played)};
  for (std::size_t i = 0; i < 2; ++i) give_keys(servers_[i]);
  for (std::size_t i = 0; i < 2; ++i) write_server(servers_[i]);
  write_global_configuration();
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string directory = servers_[i].directory.string(), name = servers_[i].directory.filename().string();
    start({"signer", "run", "--dir", directory}, name + "-signer");
    start({"security-server-proxy", "--conf", directory}, name + "-proxy");
  }
  wait_until_ready();
}

Country::~Country() {
  for (const auto& [name, process] : processes_) ::kill(process, SIGTERM);
  for (const auto& [name, process] : processes_) ::waitpid(process, nullptr, 0);
  suspicious_services_.reset();
  secure_services_.reset();
  services_.reset();
  timestamping_service_.reset();
  client_.reset();
  std::error_code error;
  std::filesystem::remove_all(directory_, error);
}

void Country::establish_authority() {
  ca_key_ = std::make_unique<pki::PrivateKey>(must(pki::PrivateKey::generate_ec()));
  const std::vector<pki::NameAttribute> name{{"CN", "Conformance CA"}, {"C", "EE"}};
  const pki::CertificateSpec spec{pki::CertificateKind::root_ca, must(pki::DistinguishedName::make(name)), now() - 1h,
                                  now() + 24h * 365};
  ca_ = std::make_unique<pki::Certificate>(must(pki::self_sign_certificate(spec, *ca_key_)));
}

void Country::make_identities() {
  const auto identity = [this](const std::string& name, bool signing) {
    return std::make_unique<Identity>(issue(name, signing));
  };
  double_signing_ = identity("double", true);
  double_authentication_ = identity("ss3", false);
  information_system_ = identity("information system", false);
  stranger_ = identity("stranger", false);
  expired_ = identity("expired", false);
  expired_->certificate = certify({{"CN", "expired"}}, expired_->key.public_key(), pki::CertificateKind::authentication,
                                  Validity{now() - 48h, now() - 24h});
  auto key = must(pki::PrivateKey::generate_ec());
  auto certificate = certify({{"CN", "TSA"}}, key.public_key(), pki::CertificateKind::time_stamping);
  timestamping_ = std::make_unique<Identity>(Identity{std::move(key), std::move(certificate), {}});
  grant_timestamps();

  const auto tls = [](const Identity& of) { return net::TlsIdentity{of.key, {of.certificate}}; };
  secure_services_ = std::make_unique<SecureServiceDouble>(threads_, tls(*information_system_));
  suspicious_services_ = std::make_unique<SecureServiceDouble>(
      threads_, tls(*information_system_),
      [](const std::vector<pki::Certificate>&) -> Result<void> { return Fault{"access_denied", "not you"}; });
}

void Country::grant_timestamps() {
  timestamping_service_->answer_with([this](const ServiceRequest& request) {
    static std::atomic<std::uint64_t> serial = 0;
    const pki::TimestampAuthority authority(timestamping_->certificate, timestamping_->key, "1.2.3",
                                            [] { return ++serial; });
    return http_answer("application/timestamp-reply", to_text(authority.respond(as_bytes(request.body), now())));
  });
}

// What an administrator does before a server's first message: tokens, keys, certificates.
void Country::give_keys(Server& server) {
  must(make_directories(server.directory / "conf.d"));
  must(make_directories(server.directory / "ocsp"));
  auto tokens = must(signer::TokenManager::open(
      {.directory = server.directory / "signer", .parameters = {}, .check_chain = {}, .check_revocation = {}}));
  must(tokens->initialize_token("0", kPin));
  must(tokens->login("0", kPin));
  must(write_file_atomically(server.directory / "signer" / "autologin", std::string(kPin) + "\n", 0600));
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
    const auto certificate =
        certify({{"CN", signing ? server.member : server.code},
                 {"O", server.member},
                 {"businessCategory", "COM"},
                 {"C", "EE"},
                 {"serialNumber", server.member}},
                request.key, signing ? pki::CertificateKind::sign : pki::CertificateKind::authentication);
    must(tokens->import_certificate({.certificate = certificate, .member = member, .status = "registered"}));
    write_ocsp(server.directory, certificate);
    if (!signing) server.authentication.push_back(certificate);
  }
}

void Country::send_signal(int signal) const {
  for (const auto& [name, process] : processes_) ::kill(process, signal);
}

void Country::stop_signer(const std::filesystem::path& server) {
  const auto found = processes_.find(server.filename().string() + "-signer");
  ::kill(found->second, SIGKILL);
  ::waitpid(found->second, nullptr, 0);
  processes_.erase(found);
}

void Country::start_signer(const std::filesystem::path& server) {
  start({"signer", "run", "--dir", server.string()}, server.filename().string() + "-signer");
}

void Country::write_ocsp(const std::filesystem::path& server, const pki::Certificate& certificate) const {
  must(write_file_atomically(server / "ocsp" / (certificate.hash_hex(pki::DigestAlgorithm::sha1) + ".ocsp"),
                             as_text(ocsp_for(certificate))));
}

pki::Certificate Country::replace_authentication_key(const std::filesystem::path& directory) {
  Server& server = *std::ranges::find(servers_, directory, &Server::directory);
  auto signer = must(signer::SignerConnection::open(signer::signer_socket(directory)));
  const auto key = must(signer.generate_key({.token_id = "0", .label = "authentication"}));
  const auto csr = must(signer.generate_csr({.key_id = key.id,
                                             .usage = signer::KeyUsage::authentication,
                                             .member = {},
                                             .subject = "CN=" + server.code,
                                             .alternative_name = {},
                                             .certificate_profile = kProfile}));
  const auto certificate = certify({{"CN", server.code}, {"O", server.member}}, must(pki::read_csr(csr)).key,
                                   pki::CertificateKind::authentication);
  must(signer.import_certificate({.certificate = certificate, .member = {}, .status = "registered"}));
  write_ocsp(directory, certificate);
  const std::string before = server.authentication.back().hash_hex(pki::DigestAlgorithm::sha1);
  server.authentication.push_back(certificate);
  write_global_configuration();
  must(signer.activate(before, false));
  return certificate;
}

std::string Country::log_of(const std::filesystem::path& server) const {
  return must(read_file(directory_ / (server.filename().string() + "-proxy.log")));
}

Bytes Country::ocsp_for(const pki::Certificate& certificate, pki::CertificateStatus status) const {
  const pki::OcspLookup lookup = [status](const pki::Certificate&, const std::string&) {
    return pki::OcspAnswer{status, now() - 1h};
  };
  const pki::OcspResponder responder(*ca_, *ca_key_, lookup,
                                     pki::OcspResponder::Options{.issuers = {*ca_}, .valid = 1h});
  return responder.respond(pki::make_ocsp_request(certificate, *ca_), now());
}

pki::Certificate Country::certify(const std::vector<std::pair<std::string, std::string>>& subject,
                                  const pki::PublicKey& key, pki::CertificateKind kind,
                                  std::optional<Validity> validity) const {
  std::vector<pki::NameAttribute> attributes;
  for (const auto& [type, value] : subject) attributes.push_back({type, value});
  const Validity usual{now() - 1h, now() + 24h * 30};
  const Validity valid = validity.value_or(usual);
  const pki::CertificateSpec spec{kind, must(pki::DistinguishedName::make(attributes)), valid.from, valid.to};
  return must(pki::issue_certificate(spec, key, *ca_, *ca_key_));
}

Identity Country::issue(const std::string& common_name, bool signing) {
  auto key = must(pki::PrivateKey::generate_ec());
  auto certificate =
      certify({{"CN", common_name},
               {"O", common_name},
               {"businessCategory", "COM"},
               {"C", "EE"},
               {"serialNumber", common_name}},
              key.public_key(), signing ? pki::CertificateKind::sign : pki::CertificateKind::authentication);
  Bytes ocsp = ocsp_for(certificate);
  return {std::move(key), std::move(certificate), std::move(ocsp)};
}

securityserver::ServerConfiguration Country::consumer_configuration() const {
  securityserver::ServerConfiguration configuration{
      must(ServerId::make("DEV", "COM", "consumer", "SS1")), {}, {timestamping_service_->url()}};
  const auto add = [&](const ClientId& id, securityserver::ConnectionType connection) {
    securityserver::Client made{.id = id,
                                .connection = connection,
                                .information_system_certificates = {},
                                .services = {},
                                .rights = {},
                                .local_groups = {}};
    configuration.clients.emplace(id, std::move(made));
  };
  add(client_id("consumer"), securityserver::ConnectionType::http);
  add(app_, securityserver::ConnectionType::http);
  add(client_id("consumer", "secure"), securityserver::ConnectionType::https);
  add(client_id("consumer", "tlsonly"), securityserver::ConnectionType::https_no_auth);
  add(client_id("consumer", "expired"), securityserver::ConnectionType::https);
  add(client_id("consumer", "uncertified"), securityserver::ConnectionType::https);
  add(client_id("consumer", "sub/system"), securityserver::ConnectionType::http);
  const auto accept = [&](const std::string& subsystem, const Identity& identity) {
    auto& client = configuration.clients.at(client_id("consumer", subsystem));
    client.information_system_certificates.push_back(identity.certificate);
  };
  accept("secure", *information_system_);
  accept("expired", *expired_);
  return configuration;
}

securityserver::Client Country::provider_client(const ClientId& id) const {
  return {.id = id, .information_system_certificates = {}, .services = {}, .rights = {}, .local_groups = {}};
}

securityserver::ServerConfiguration Country::provider_configuration() const {
  securityserver::ServerConfiguration configuration{
      must(ServerId::make("DEV", "COM", "provider", "SS2")), {}, {timestamping_service_->url()}};
  securityserver::Client provider = provider_client(service_);
  provider.connection = securityserver::ConnectionType::http;
  const std::string url = services_->url();
  const auto offer = [&](securityserver::Service made, bool granted) {
    const std::string code = made.code;
    provider.services[code].push_back(std::move(made));
    if (!granted) return;
    for (const std::string subsystem : {"app", "secure", "tlsonly", "expired", "uncertified"})
      provider.rights.grant({code, securityserver::Endpoint::base(), client_id("consumer", subsystem)});
    provider.rights.grant({code, securityserver::Endpoint::base(), double_app_});
  };
  offer(described_service("getState", ServiceType::wsdl, url + "/soap"), true);
  offer(described_service("denied", ServiceType::wsdl, url + "/soap"), false);
  auto disabled = described_service("disabled", ServiceType::wsdl, url + "/soap");
  disabled.disabled = true;
  disabled.disabled_notice = "out of order";
  offer(disabled, true);
  auto slow = described_service("slow", ServiceType::wsdl, url + "/soap");
  slow.timeout = 3s;
  offer(slow, true);
  offer(described_service("badUrl", ServiceType::wsdl, "http://127.0.0.1:99999/"), true);
  offer(described_service("deadUrl", ServiceType::wsdl, "http://127.0.0.1:1/"), true);
  offer(described_service("unknownHost", ServiceType::wsdl, "http://" + std::string(kNoHost) + "/"), true);
  offer(described_service("rest", ServiceType::rest, url + "/rest"), true);
  offer(described_service("restDenied", ServiceType::rest, url + "/rest"), false);
  auto reading = described_service("restReading", ServiceType::rest, url + "/rest");
  const securityserver::Endpoint get{"GET", "**"};
  reading.endpoints.push_back(get);
  offer(reading, false);
  provider.rights.grant({"restReading", get, app_});
  configuration.clients.emplace(service_, std::move(provider));

  const auto add = [&](const ClientId& id, securityserver::Service made, const ClientId& caller) {
    auto& client = configuration.clients.try_emplace(id, provider_client(id)).first->second;
    client.rights.grant({made.code, securityserver::Endpoint::base(), caller});
    client.services[made.code].push_back(std::move(made));
  };
  add(client_id("provider"), described_service("getState", ServiceType::wsdl, url + "/soap"), client_id("consumer"));
  add(client_id("provider", "s/ub"), described_service("\u00f6\u00e4\u00e5", ServiceType::rest, url),
      client_id("consumer", "sub/system"));
  add(both_, described_service("rest", ServiceType::rest, url + "/rest"), app_);
  add(both_, described_service("getState", ServiceType::wsdl, url + "/soap"), app_);
  add_secure_clients(configuration);
  return configuration;
}

// Services behind HTTPS. Which certificate of a service is right is set for the client
// that owns it, so there is a client for each case.
void Country::add_secure_clients(securityserver::ServerConfiguration& configuration) const {
  for (const std::string subsystem : {"tls", "tlsnone", "tlswrong"}) {
    securityserver::Client client = provider_client(client_id("provider", subsystem));
    const auto offer = [&](const std::string& code, ServiceType type, const std::string& url, bool verify) {
      auto made = described_service(code, type, url);
      made.verify_tls = verify;
      client.services[code].push_back(std::move(made));
      client.rights.grant({code, securityserver::Endpoint::base(), app_});
    };
    offer("verified", ServiceType::wsdl, secure_services_->url() + "/soap", true);
    offer("unverified", ServiceType::wsdl, secure_services_->url() + "/soap", false);
    offer("restVerified", ServiceType::rest, secure_services_->url() + "/rest", true);
    offer("restUnverified", ServiceType::rest, secure_services_->url() + "/rest", false);
    offer("suspicious", ServiceType::wsdl, suspicious_services_->url() + "/soap", true);
    offer("restSuspicious", ServiceType::rest, suspicious_services_->url() + "/rest", true);
    const std::string plain = "https" + services_->url().substr(4);
    offer("plain", ServiceType::wsdl, plain + "/soap", true);
    offer("restPlain", ServiceType::rest, plain + "/rest", true);
    if (subsystem == "tls") client.information_system_certificates.push_back(information_system_->certificate);
    if (subsystem == "tlswrong") client.information_system_certificates.push_back(stranger_->certificate);
    configuration.clients.emplace(client.id, std::move(client));
  }
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
      "\nclient-timeout = 20000\nclient-connector-initial-idle-time = 20000\n"
      "server-connector-initial-idle-time = 20000\n"
      "client-fastest-connecting-ssl-uri-cache-period = 0\n"
      "server-min-supported-client-version = " +
      (consumer ? "" : "7.6.0") +
      "\n"
      "[signer]\nclient-timeout = " +
      std::to_string(kSignerPatience.count()) +
      "\n"
      "[message-log]\nmax-loggable-message-body-size = " +
      std::to_string(kLoggedBody) + "\nacceptable-timestamp-failure-period = 0\n" + more_parameters();
  must(write_file_atomically(server.directory / "conf.d" / "local.ini", ini));
}

void Country::write_global_configuration() const {
  globalconf::InstanceDescription description;
  description.instance = "DEV";
  description.member_classes = {{"COM", "Companies"}};
  description.certification_services.push_back(
      {"Conformance CA", std::nullopt, {ca_->der(), {}}, {}, kProfile, std::nullopt, std::nullopt});
  description.timestamping_services.push_back(
      {"TSA", timestamping_service_->url(), timestamping_->certificate.der(), globalconf::CostType::free});
  for (const std::string member : {"consumer", "provider", "double"}) {
    globalconf::Member made{{"COM", ""}, member, member + " Ltd", {}};
    const std::vector<std::string> subsystems =
        member == "consumer"
            ? std::vector<std::string>{"app", "secure", "tlsonly", "expired", "uncertified", "sub/system"}
        : member == "provider"
            ? std::vector<std::string>{"service", "both", "nowhere", "tls", "tlsnone", "tlswrong", "s/ub"}
            : std::vector<std::string>{"service", "app", "resting", "lost", "scattered"};
    for (const auto& subsystem : subsystems) made.subsystems.push_back({subsystem, std::nullopt});
    description.members.push_back(std::move(made));
  }
  for (const Server& server : servers_)
    description.servers.push_back({must(ServerId::make("DEV", "COM", server.member, server.code)), server.address,
                                   server.authentication, server.clients, std::nullopt});
  const auto add = [&](const std::string& code, const std::string& address, std::vector<ClientId> clients,
                       std::optional<globalconf::Maintenance> maintenance) {
    description.servers.push_back(
        {must(ServerId::make("DEV", "COM", "double", code)), address, {}, std::move(clients), std::move(maintenance)});
  };
  const ClientId lost = client_id("double", "lost"), scattered = client_id("double", "scattered");
  add("SS4", double_address_, {resting_}, globalconf::Maintenance{"back at noon"});
  add("SS5", std::string(kNoHost), {lost, scattered, both_}, std::nullopt);
  add("SS6", "another." + std::string(kNoHost), {scattered}, std::nullopt);
  description.management = globalconf::ManagementService{"https://127.0.0.1:4001/", std::nullopt, service_};
  auto parameters = must(globalconf::shared_parameters_of(description, 6));
  parameters.sources.push_back({"127.0.0.1", {ca_->der()}, {ca_->der()}});
  const std::string shared = globalconf::write_shared_parameters(parameters, 6);
  const std::string private_parameters =
      globalconf::write_private_parameters(must(globalconf::private_parameters_of(description)));
  for (std::size_t i = 0; i < 2; ++i) {
    const globalconf::ConfigurationDirectory directory(servers_[i].directory / "globalconf");
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
    const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::dup2(file, 1);
    ::dup2(file, 2);
    ::execv(program.c_str(), words.data());
    ::_exit(127);
  }
  processes_[name] = process;
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
