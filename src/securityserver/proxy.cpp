// SPDX-License-Identifier: MIT
#include "securityserver/proxy.hpp"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/memory_budget.hpp"
#include "net/file_handles.hpp"
#include "securityserver/consumer/consumer_service.hpp"
#include "securityserver/consumer/consumer_settings.hpp"
#include "securityserver/internal_tls.hpp"
#include "securityserver/provider/provider_exchange.hpp"
#include "securityserver/proxy_status.hpp"
#include "securityserver/proxy_upkeep.hpp"
#include "securityserver/timestamping/timestamped_log.hpp"
#include "securityserver/transport/ocsp_exchange.hpp"

namespace causeway::securityserver {
namespace {

constexpr std::chrono::seconds kGrace{10};
constexpr const char* kLogDirectory = "messagelog";
constexpr const char* kSpoolDirectory = "spool";
constexpr const char* kGlobalConfigurationDirectory = "globalconf";

// The HTTP clients of a proxy: one per network thread, for peers and services alike.
class ThreadClients {
 public:
  explicit ThreadClients(net::IoThreads& threads) : threads_(threads) {
    for (std::size_t i = 0; i < threads.size(); ++i) clients_.push_back(net::HttpClient::make(threads.at(i)));
  }
  net::HttpClient& current() { return *clients_[threads_.current_index()]; }

 private:
  net::IoThreads& threads_;
  std::vector<std::unique_ptr<net::HttpClient>> clients_;
};

// Everything a running proxy consists of, in the order in which it depends on each other.
class Proxy {
 public:
  static Result<std::unique_ptr<Proxy>> make();

  Result<void> listen();
  int run();

 private:
  Proxy(const Parameters& parameters, LoggingPolicy logging, std::unique_ptr<ConfigurationHolder> configuration,
        std::shared_ptr<const net::TlsIdentity> internal);
  Result<void> open_log();
  void build_exchange(const Parameters& parameters);
  void keys_changed();
  Result<std::shared_ptr<const net::TlsServerContext>> transport_tls(const AuthenticationKey& key,
                                                                     std::vector<pki::Certificate> issuers);
  Result<void> listen_to_consumers();
  Result<void> listen_to_peers(std::shared_ptr<const net::TlsServerContext> tls);

  Parameters parameters_;
  TransportSettings transport_;
  ConsumerSettings consumer_;
  LoggingPolicy logging_;
  std::unique_ptr<ConfigurationHolder> configuration_;
  std::shared_ptr<const net::TlsIdentity> internal_;

  net::IoThreads threads_{0};
  ThreadClients clients_{threads_};
  globalconf::ViewHolder view_{kGlobalConfigurationDirectory};
  OcspCache ocsp_{"ocsp"};
  std::unique_ptr<signer::SignerClient> signer_client_;
  KeyRing keys_;
  BatchSigner signer_;
  evidence::SignatureVerifier verifier_;
  TimestampClient timestamp_client_;
  RecordStamper stamper_;
  TimestampingGate timestamping_;
  std::unique_ptr<MessageLog> log_;
  PeerVerifier peers_;
  FastestCache fastest_;
  PeerConnector connector_;
  ServiceCaller caller_;
  std::optional<ConsumerExchange> consumer_exchange_;
  std::optional<EvidenceDownload> evidence_;
  std::optional<ConsumerService> consumer_service_;
  std::optional<ProviderExchange> provider_exchange_;

  std::mutex listening_;
  std::vector<pki::Certificate> shown_, issuers_;  // listening_: the chain that peers see, and whose they may show
  std::unique_ptr<net::HttpServer> http_, https_, ocsp_server_, peer_server_;
  ProxyStatusFile status_{std::string(kProxyStatusFile)};  // of the upkeep's thread
  std::unique_ptr<ProxyUpkeep> upkeep_;
};

Proxy::Proxy(const Parameters& parameters, LoggingPolicy logging, std::unique_ptr<ConfigurationHolder> configuration,
             std::shared_ptr<const net::TlsIdentity> internal)
    : parameters_(parameters),
      transport_(TransportSettings::from(parameters)),
      consumer_(ConsumerSettings::from(parameters)),
      logging_(std::move(logging)),
      configuration_(std::move(configuration)),
      internal_(std::move(internal)),
      signer_client_(signer::SignerClient::make(threads_, "run/signer.sock",
                                                parameters.millis("signer.client-timeout", std::chrono::seconds(60)))),
      keys_(*signer_client_, ocsp_),
      signer_(*signer_client_, parameters.flag("proxy.batch-signing", true)),
      timestamp_client_(TimestampingSettings::from(parameters),
                        [this]() -> net::HttpClient& { return clients_.current(); }),
      stamper_(kLogDirectory, timestamp_client_, view_, *configuration_),
      timestamping_(timestamp_client_.settings(), *configuration_, kTimestampingStatusFile, now()),
      peers_(transport_.verdict_period),
      fastest_(consumer_.fastest_period),
      connector_(transport_, peers_, fastest_, [this]() -> net::HttpClient& { return clients_.current(); }),
      caller_([this]() -> net::HttpClient& { return clients_.current(); }, internal_, consumer_.suites,
              transport_.connect_timeout) {}

Result<std::unique_ptr<Proxy>> Proxy::make() {
  auto parameters = Parameters::load("conf.d");
  if (!parameters) return parameters.error();
  auto logging = LoggingPolicy::from(*parameters);
  if (!logging) return logging.error();
  auto configuration = ConfigurationHolder::open("server.yaml");
  if (!configuration) return configuration.error();
  auto internal = internal_tls_identity("ssl", parameters->text("proxy.connector-host", "localhost"));
  if (!internal) return internal.error();
  std::unique_ptr<Proxy> proxy(
      new Proxy(*parameters, *std::move(logging), *std::move(configuration), *std::move(internal)));
  if (auto opened = proxy->open_log(); !opened) return opened.error();
  proxy->build_exchange(*parameters);
  return proxy;
}

Result<void> Proxy::open_log() {
  auto cipher = MessageCipher::from(parameters_);
  if (!cipher) return cipher.error();
  auto place = LogPlace::from(parameters_, kLogDirectory);
  if (!place) return place.error();
  auto opened = MessageLog::open(threads_, {.place = *std::move(place), .cipher = *std::move(cipher)});
  if (!opened) return opened.error();
  const bool immediately = timestamp_client_.settings().immediately;
  log_ = std::make_unique<TimestampedLog>(*std::move(opened), timestamping_, immediately ? &stamper_ : nullptr);
  return {};
}

void Proxy::build_exchange(const Parameters& parameters) {
  const ExchangeServices services{view_, *configuration_, keys_, signer_, verifier_, *log_, logging_};
  const ClientAuthentication authentication(parameters, internal_->chain.front());
  consumer_exchange_.emplace(services, authentication, connector_);
  auto archiving = ArchivingSettings::from(parameters);
  if (!archiving) log::error("evidence is not given out: {}", archiving.error().text);
  evidence_.emplace(*log_, stamper_, *configuration_, authentication,
                    EvidenceDownload::Places{kLogDirectory, kGlobalConfigurationDirectory, kSpoolDirectory},
                    std::move(archiving));
  consumer_service_.emplace(*consumer_exchange_, *evidence_, services, consumer_.max_soap);
  MemoryBudget::of_process().set(
      static_cast<std::size_t>(std::max<std::int64_t>(0, parameters.number("proxy.max-message-memory", 512L << 20))));
  MessageLimits limits;
  limits.soap = consumer_.max_soap;
  provider_exchange_.emplace(services, peers_, caller_, transport_.minimum_client_version, limits);
}

Result<void> Proxy::listen_to_consumers() {
  const net::Handler handler = [this](net::ServerCall& call) { return consumer_service_->serve(call); };
  net::ListenOptions options{.address = consumer_.address,
                             .port = consumer_.http_port,
                             .tls = nullptr,
                             .limits = transport_.server_limits(consumer_.idle_time)};
  auto http = net::HttpServer::start(threads_, options, handler);
  if (!http) return http.error();
  http_ = *std::move(http);

  net::TlsServerOptions tls{.identity = *internal_, .suites = consumer_.suites, .acceptable_issuers = {}, .check = {}};
  tls.client_certificate = net::TlsServerOptions::ClientCertificate::requested;
  auto context = net::TlsServerContext::make(std::move(tls));
  if (!context) return context.error();
  options.port = consumer_.https_port;
  options.tls = *std::move(context);
  auto https = net::HttpServer::start(threads_, options, handler);
  if (!https) return https.error();
  https_ = *std::move(https);
  return {};
}

Result<void> Proxy::listen() {
  if (auto listening = listen_to_consumers(); !listening) return listening;
  net::ListenOptions options{.address = transport_.ocsp_listen_address,
                             .port = transport_.ocsp_port,
                             .tls = nullptr,
                             .limits = transport_.server_limits(transport_.idle_time)};
  auto ocsp = net::HttpServer::start(threads_, options,
                                     [this](net::ServerCall& call) { return serve_ocsp_responses(call, ocsp_); });
  if (!ocsp) return ocsp.error();
  ocsp_server_ = *std::move(ocsp);
  upkeep_ = std::make_unique<ProxyUpkeep>(
      threads_, view_, *configuration_, ocsp_, timestamping_, keys_, *signer_client_, [this] { keys_changed(); },
      [this] { status_.tell(signer_.counts(), log_->counts()); });
  return {};
}

Result<std::shared_ptr<const net::TlsServerContext>> Proxy::transport_tls(const AuthenticationKey& key,
                                                                          std::vector<pki::Certificate> issuers) {
  net::TlsServerOptions options{
      .identity = key.tls, .suites = transport_.suites, .acceptable_issuers = std::move(issuers), .check = {}};
  options.client_certificate = net::TlsServerOptions::ClientCertificate::required;
  options.check = [this](const std::vector<pki::Certificate>& chain) -> Result<void> {
    if (auto own = keys_.authentication_key(now()); !own) return own.error();
    return PeerVerifier::check_registered(chain, *view_.current());
  };
  return net::TlsServerContext::make(std::move(options));
}

// Peers can connect as soon as there is an authentication key; a new one, and newly
// approved authorities, are shown to new connections.
void Proxy::keys_changed() {
  auto key = keys_.authentication_key(now());
  const std::lock_guard lock(listening_);
  if (!key) {
    log::warn("no authentication key: {}", key.error().text);
    return;
  }
  std::vector<pki::Certificate> issuers = view_.current()->all_cas();
  if (peer_server_ && shown_ == (*key)->tls.chain && issuers_ == issuers) return;
  auto tls = transport_tls(**key, issuers);
  if (!tls) {
    log::error("authentication key cannot be used: {}", tls.error().text);
    return;
  }
  if (peer_server_) {
    peer_server_->set_tls(*std::move(tls));
  } else if (auto listening = listen_to_peers(*std::move(tls)); !listening) {
    log::error("cannot listen to other security servers: {}", listening.error().text);
    return;
  }
  shown_ = (*key)->tls.chain;
  issuers_ = std::move(issuers);
}

Result<void> Proxy::listen_to_peers(std::shared_ptr<const net::TlsServerContext> tls) {
  net::ListenOptions options{.address = transport_.listen_address,
                             .port = transport_.listen_port,
                             .tls = std::move(tls),
                             .limits = transport_.server_limits(transport_.idle_time)};
  options.close_after_response = !transport_.serve_pooled_connections;
  auto server = net::HttpServer::start(threads_, options,
                                       [this](net::ServerCall& call) { return provider_exchange_->serve(call); });
  if (!server) return server.error();
  peer_server_ = *std::move(server);
  log::info("listening to other security servers on {}:{}", options.address, peer_server_->port());
  return {};
}

int Proxy::run() {
  log::info("security server {}: clients on {} http {} https {}", configuration_->current()->id.to_string(),
            consumer_.address, http_->port(), https_->port());
  (void)write_file_atomically("run/proxy.ready", std::to_string(::getpid()) + "\n");
  threads_.run_until_signal();
  log::info("stopping");
  ::unlink("run/proxy.ready");
  upkeep_.reset();
  evidence_->stop();
  http_->stop(kGrace);
  https_->stop(kGrace);
  {
    const std::lock_guard lock(listening_);
    if (peer_server_) peer_server_->stop(kGrace);
  }
  ocsp_server_->stop(kGrace);
  return 0;
}

}  // namespace

int run_proxy(const std::string& directory) {
  log::start("proxy");
  net::raise_file_handle_limit();
  // The supervisor passes it on to all; this process looks at its files all the time.
  std::signal(SIGHUP, SIG_IGN);
  if (::chdir(directory.c_str()) != 0) {
    std::fprintf(stderr, "causeway: cannot enter %s: %s\n", directory.c_str(), std::strerror(errno));
    return 1;
  }
  if (auto made = make_directories("run"); !made) return 1;
  if (auto made = make_directories(kSpoolDirectory); !made) return 1;
  if (auto made = make_directories(kLogDirectory); !made) return 1;
  Spool::set_directory(kSpoolDirectory);
  auto proxy = Proxy::make();
  if (!proxy) {
    log::error("cannot start: {}", proxy.error().text);
    return 1;
  }
  if (auto listening = (*proxy)->listen(); !listening) {
    log::error("cannot listen: {}", listening.error().text);
    return 1;
  }
  return (*proxy)->run();
}

}  // namespace causeway::securityserver
